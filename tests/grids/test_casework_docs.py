"""docs/casework.md keeps its word: its tables are those of the code."""

from pathlib import Path

import pytest

from grids.loops import ENTERS, LOOPS, PHASES
from grids.moves import MOVES, RULES
from grids.rights import RIGHT_NAMES
from grids.steps import STEP_KINDS

DOCUMENT = Path(__file__).parents[2] / "docs" / "casework.md"


def table(*rows):
    """Rows of cells as the lines of a Markdown table; the first is its head."""
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))


def moves():
    """Every move: its names, who may make it, what it says, which rules forbid it."""
    rows = [["move", "中文", "English", "right", "says (needed in bold)", "rules"]]
    for move in MOVES.values():
        fields = ", ".join(f"**{field.name}**" if field.required else field.name for field in move.fields) or "–"
        rights = " or ".join(move.rights)
        rows.append([f"`{move.code}`", move.zh, move.en, rights, fields, " ".join(move.rules[3:]) or "–"])
    return table(*rows)


def fields():
    """Every field that takes one of a few values."""
    told = {field.name: field for move in MOVES.values() for field in move.fields if field.choices}
    rows = [["field", "values"]]
    for name, field in told.items():
        rows.append([f"`{name}`", ", ".join(f"{code} {named.zh}" for code, named in field.choices.items())])
    return table(*rows)


def rules():
    """Every rule with its sentence."""
    rows = [["rule", "中文", "what is said"]]
    return table(*rows, *([f"`{code}`", rule.zh, rule.en] for code, rule in RULES.items()))


def loops():
    """The phases of the one machine, what leads to them, and what each wording calls them."""
    rows = [["phase", "reached by", *(loop.zh for loop in LOOPS.values())]]
    for phase, named in PHASES.items():
        kinds = ", ".join(kind for kind, entered in ENTERS.items() if entered == phase) or "–"
        rows.append([f"{phase} {named.zh}", kinds, *(loop.stages[loop.stage_of[phase]].zh for loop in LOOPS.values())])
    return table(*rows)


TABLES = {"moves": moves, "fields": fields, "rules": rules, "loops": loops}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_document_is_that_of_the_code(name):
    assert TABLES[name]() in DOCUMENT.read_text("utf-8"), f"write the table {name} of docs/casework.md anew"


def test_every_kind_of_step_is_a_move_and_every_rule_forbids_something():
    assert set(MOVES) == set(STEP_KINDS)
    assert {rule for move in MOVES.values() for rule in move.rules} == set(RULES)
    assert all(right in RIGHT_NAMES for move in MOVES.values() for right in move.rights)
