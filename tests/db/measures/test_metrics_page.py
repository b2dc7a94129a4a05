"""docs/metrics.md tells of every measure by a sentence, a formula and a worked example, and the examples hold."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.report_commands import report_app
from db.measures.figures import COUNTS
from grids.containment import wilson
from grids.levels import LEVELS
from grids.outcomes.formulas import FORMULAS
from grids.outcomes.travelled import flow_counts, flow_shares
from grids.policies import POLICIES
from grids.step_columns import NEVER
from grids.suppression import suppress
from grids.trends import count_z, share_z

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text("utf-8")
SECTIONS = {part.splitlines()[0]: part for part in PAGE.split("\n## ")[1:]}
OWN = (
    "Containment of a period", "Interval of a share", "Change between", "Two down", "Shares of outcomes",
    "Settlement held", "Flow from level", "Regrades", "The ledger of diversions", "Repeats and chains", "Small counts",
)  # fmt: skip


def section(title):
    (found,) = [text for name, text in SECTIONS.items() if name.startswith(title)]
    return found


@pytest.mark.parametrize("title", OWN)
def test_a_measure_has_a_sentence_a_formula_and_a_worked_example(title):
    text = section(title)
    assert re.search(r"^    \S.*", text, re.MULTILINE), "no formula"
    assert "*Example.*" in text
    assert re.match(r".*?\n.*?\.", text, re.DOTALL)


def test_every_command_of_report_and_every_formula_is_described():
    named = [command.name or command.callback.__name__ for command in report_app.registered_commands]
    mine = {"containment", "flow", "regrades", "outcomes", "diversion", "repeats", "change", "trend", "panels"}
    assert mine <= set(named)
    for name in mine:
        assert f"`report {name}" in PAGE, name
    rows = section("Shares of outcomes")
    for code, formula in FORMULAS.items():
        assert f"`{code}`" in rows, code
        assert formula.above
    for code in (*COUNTS, *POLICIES):
        assert code in PAGE


def of(k, n):
    return f"{k / n:.1%} {' '.join(f'{end:.1%}' for end in wilson(k, n))}"


def test_the_worked_shares_hold():
    text = section("Shares of outcomes").replace(" %", "%")
    assert of(97 + 389, 2989) == "16.3% 15.0% 17.6%"
    assert of(195, 215) == "90.7% 86.1% 93.9%"
    assert of(872, 1000) == "87.2% 85.0% 89.1%"
    for shown in ("16.3% (interval 15.0% to 17.6%)", "90.7% (86.1% to 93.9%)", "87.2% (85.0% to 89.1%)"):
        assert shown in " ".join(text.split())
    assert of(41, 50) == "82.0% 69.2% 90.2%"


def test_the_worked_changes_hold():
    assert float(count_z(280, 465, 28, 31)) == pytest.approx(-5.45, abs=0.005)
    assert 2 * (math.sqrt(10.0134) - math.sqrt(15.0121)) == pytest.approx(-1.4202, abs=5e-4)
    assert float(share_z(60, 400, 100, 400)) == pytest.approx(-3.54, abs=0.005)
    assert float(count_z(5, 0)) == pytest.approx(2.41, abs=0.005)
    assert all(shown in section("Change between") for shown in ("−5.45", "−3.54", "2.41"))


def test_the_worked_flow_and_small_counts_hold():
    reached = np.full((10, len(LEVELS)), NEVER)
    reached[:, LEVELS.index("cell")], reached[6:9, LEVELS.index("beat")] = 0, 1
    told = flow_shares(flow_counts(reached, np.arange(10) < 9, np.zeros(10, np.int64), 1)[0])
    cell = told[told["source"] == "cell"].set_index("target")["numerator"]
    assert cell.to_dict() == {"beat": 3, "closed": 6, "open": 1}
    for counts, hidden in (((2, 7, 30), [True, True, False]), ((1, 1, 30), [True, True, True])):
        beats = pd.DataFrame({"numerator": counts, "denominator": [100] * 3, "station": "S1"})
        assert suppress(beats, total_of="station")["suppressed"].tolist() == hidden
