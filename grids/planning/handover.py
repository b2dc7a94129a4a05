"""The handover list 交接清单: what each beat gives and takes when a plan takes effect."""

from collections.abc import Mapping

import pandas as pd

GIVES, TAKES = "gives", "takes"


def handover(moves: Mapping[str, tuple[str, str]], cells: pd.DataFrame, leads: Mapping[str, str]) -> pd.DataFrame:
    """One row a cell that changes hands: cell, name, gives, takes, giver, taker and the columns of `cells`.

    moves: cell → (beat before, beat after). cells: index cell; name and any counts (residents, households,
    open_matters, revisits_due, key_places). leads: beat → code of its lead; None where it has none. Sorted by the beat
    that takes, then by the one that gives, as the lists are handed out.
    """
    table = pd.DataFrame(
        [(cell, gives, takes, leads.get(gives), leads.get(takes)) for cell, (gives, takes) in moves.items()],
        columns=["cell", GIVES, TAKES, "giver", "taker"],
    )
    joined = table.merge(cells, how="left", left_on="cell", right_index=True)
    first = ["cell", *[name for name in ("name",) if name in joined], GIVES, TAKES, "giver", "taker"]
    rest = [name for name in joined.columns if name not in first]
    return joined.sort_values([TAKES, GIVES, "cell"], ignore_index=True)[first + rest]


def sides(moves: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, list[str]]]:
    """Beat → its cells by GIVES and TAKES, of every beat that gives or takes any; beats and cells in order."""
    found: dict[str, dict[str, list[str]]] = {}
    for cell, pair in sorted(moves.items()):
        for side, beat in zip((GIVES, TAKES), pair, strict=True):
            found.setdefault(beat, {GIVES: [], TAKES: []})[side].append(cell)
    return dict(sorted(found.items()))


def per_beat(listed: pd.DataFrame) -> pd.DataFrame:
    """What each beat gives and takes in all: beat, given, taken, and each count given_… and taken_…; sorted by beat."""
    counts = [name for name in listed.columns if pd.api.types.is_numeric_dtype(listed[name])]
    parts = []
    for side, verb in ((GIVES, "given"), (TAKES, "taken")):
        grouped = listed.groupby(side)
        sums = grouped[counts].sum().add_prefix(f"{verb}_")
        parts.append(sums.assign(**{verb: grouped.size()}))
    joined = parts[0].join(parts[1], how="outer").fillna(0).rename_axis("beat").reset_index()
    first = ["beat", "given", "taken"]
    return joined[first + [name for name in joined.columns if name not in first]].astype({"given": int, "taken": int})


def matters_by_hand(matters: pd.DataFrame, moves: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Open matters that go along: the rows of `matters` (cell, number, …) in moved cells, with gives and takes.

    Sorted by the beat that takes, then by deadline (due_at) where there is one.
    """
    going = matters[matters["cell"].isin(list(moves))]
    gives, takes = (going["cell"].map({cell: pair[side] for cell, pair in moves.items()}) for side in (0, 1))
    keys = [TAKES, *(["due_at"] if "due_at" in going else []), "cell"]
    return going.assign(gives=gives, takes=takes).sort_values(keys, na_position="last", ignore_index=True)
