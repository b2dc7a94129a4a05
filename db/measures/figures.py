"""Every figure that can be compared between periods under one name: counts of events, and shares."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from db.measures.containment import containment
from db.measures.outcomes import COUNTERS
from db.measures.question import Question
from db.readmodel.columns import REPEAT
from geo.errors import NotFound
from grids.levels import Name
from grids.outcomes.formulas import FORMULAS, outcome

COUNTS: Mapping[str, Name] = MappingProxyType(
    {
        "reports": Name("警情", "reports"),
        "matters": Name("事项", "matters"),
        "repeats": Name("重复警情", "repeat reports"),
        "closings": Name("办结", "closings"),
        "diversions": Name("分流", "diversions"),
        "escaped": Name("越级", "matters that left their level"),
    }
)
SHARES: Mapping[str, Name] = MappingProxyType(
    {"containment": Name("层级内化解率", "containment")}
    | {code: formula.name for code, formula in FORMULAS.items() if code != "one_community"}
)


def name_of(code: str) -> Name:
    """What the figure is called; NotFound lists the codes there are."""
    found = COUNTS.get(code) or SHARES.get(code)
    if found is None:
        raise NotFound(f"There is no figure {code!r}: choose one of {', '.join([*COUNTS, *SHARES])}.")
    return found


def figure(asked: Question, code: str) -> pd.DataFrame:
    """key, label and count (of events), or numerator and denominator (of a share)."""
    name_of(code)
    if code in COUNTS:
        return _counts(asked, code)
    if code == "containment":
        found = _contained(asked)
        told = {"numerator": found["contained"], "denominator": found["contained"] + found["escaped"]}
        return found[["key", "label"]].assign(**told)
    counts = COUNTERS[code](asked)
    return counts[["key", "label"]].join(outcome(counts, code)[["numerator", "denominator"]])


def _counts(asked: Question, code: str) -> pd.DataFrame:
    if code == "escaped":
        return _contained(asked)[["key", "label", "escaped"]].rename(columns={"escaped": "count"})
    rows = asked.ask(TABLES[code])
    if code == "repeats":
        rows = rows.where(rows["kind"] == REPEAT)
    return rows.table({"count": np.ones(len(rows), np.bool_)})


def _contained(asked: Question) -> pd.DataFrame:
    told = {"by": asked.by, "policy": asked.policy, "as_of": asked.as_of, "boundaries": asked.boundaries}
    return containment(asked.conn, asked.view, asked.flt, **told)  # type: ignore[arg-type]


TABLES = {
    "reports": "report", "repeats": "report", "matters": "matter", "closings": "closing", "diversions": "diversion",
}  # fmt: skip
