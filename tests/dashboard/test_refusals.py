"""What is refused on a Chinese page is said in Chinese: whatever sentence people on screens meet is translated."""

import ast
import re
from pathlib import Path

import pytest

from dashboard.problems import body
from dashboard.refusals import OWN_CHINESE, in_words, templates
from geo.errors import BeatgridError, Denied, NotFound, Refused
from grids.rights import Who

ROOT = Path(__file__).parents[2]
ERRORS = {each.__name__ for each in BeatgridError.__subclasses__()}
# What pages call when somebody acts or follows an address; commands and loaders speak English alone.
REACHED = [
    "dashboard/auth",
    "dashboard/pages",
    "dashboard/planning",
    "dashboard/reading",
    "dashboard/exports/rows",
    "dashboard/reporting/drafts.py",
    "dashboard/bulletin/issue.py",
    "dashboard/api/plan_edits.py",
    "dashboard/api/plan_life.py",
    "dashboard/api/plan_searches.py",
    "dashboard/api/plan_sheets.py",
    "db/cases",
    "db/planning",
    "db/drill",
    "db/linking/deciding.py",
    "db/accounts.py",
    "db/beat_sheets.py",
    "db/bulletins.py",
    "db/engine.py",
    "db/facts.py",
    "db/meeting_records.py",
    "db/meetings.py",
    "db/own_visits.py",
    "db/passwords.py",
    "db/personal.py",
    "db/queue.py",
    "db/ready.py",
    "db/reports.py",
    "db/sessions.py",
    "db/teams.py",
    "db/tokens.py",
    "db/visits.py",
    "db/where.py",
    "grids/grading.py",
    "grids/move_fields.py",
    "grids/moves.py",
    "grids/planning",
    "grids/policies.py",
    "grids/rights.py",
    "grids/steps.py",
]
TYPED = ("--", "{}{}", "{} {}.")  # of commands; and what is put together of sentences that are translated


def sentence(node, constants):
    """An error's text with {} for each value, or None where it is put together otherwise."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return constants.get(node.id) if isinstance(node, ast.Name) else None


def raised():
    """Every sentence with which an error is raised in what screens reach: (file, sentence)."""
    for place in REACHED:
        there = ROOT / place
        for file in [there] if there.is_file() else sorted(there.rglob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            constants = {
                target.id: sentence(each.value, {})
                for each in tree.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "id", None) in ERRORS and node.args:
                    first = node.args[0]
                    for each in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                        yield str(file.relative_to(ROOT)), sentence(each, constants) or ast.unparse(each)


def test_every_sentence_that_screens_can_show_has_its_chinese():
    found, known = list(raised()), templates()
    assert len(found) > 150
    own = {said for _file, said in found if OWN_CHINESE.fullmatch(said) or said.endswith(("({})", "({}).", "审批)."))}
    missing = [(file, said) for file, said in found if said not in known and said not in own]
    assert [pair for pair in missing if not pair[1].startswith(TYPED)] == []


def test_every_translation_is_of_a_sentence_and_fills_no_more_than_its_values():
    for english, chinese in templates().items():
        assert re.search("[\u4e00-\u9fff]", chinese), english
        assert all(int(n) < english.count("{}") for n in re.findall(r"\{(\d)\}", chinese)), english


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotFound("There is no beat 'B9': check the code."), "没有警格B9，请核对编码。"),
        (Refused("Plan P1 is published: only a draft begins anew."), "方案P1已发布，只有编制中的方案可以重新开始。"),
        (Refused("Settle it first (先办结)"), "先办结。"),
        (Refused("Nobody translated this."), "Nobody translated this."),
        (Refused("Nobody translated 'name' (社区)"), "Nobody translated 'name' (社区)"),
        (Refused("Nobody translated 东街 (东街社区居委会)"), "Nobody translated 东街 (东街社区居委会)"),
    ],
)
def test_a_chinese_reader_gets_chinese_an_english_one_english(error, words):
    assert in_words(error, "zh") == words
    assert in_words(error, "en") == str(error)
    assert body(error).get("message_zh", str(error)) == words
    assert body(error)["message"] == str(error)


def test_a_missing_right_is_named_in_chinese():
    with pytest.raises(Denied) as denied:
        Who("mei", ("analyst",)).demand("approve_plan")
    assert in_words(denied.value, "zh") == "mei没有“审批调整方案”的权限，请向管理员申请。"
