"""Which rows speak against a line of a scorecard: what should not have been, or what it falls short of."""

from collections.abc import Mapping
from types import MappingProxyType

from grids.outcomes.formulas import FORMULAS
from grids.scorecards.rules import Rule

# Of a line that something must not be, or be at most: the figure of that count.
COUNTED: Mapping[str, str] = MappingProxyType(
    {
        **{code: code for code in ("crimes", "fires", "complaints", "reopened", "turned_to_crime")},
        "escaped": "containment.escaped",
        "overdue": "on_time.rest",
        "revisits_missed": "revisit.rest",
        "repeats": "repeats.repeats",
    }
)
# Of a line that a share must reach: what is below the line and not above it.
SHORT: Mapping[tuple[tuple[str, ...], tuple[str, ...]], str] = MappingProxyType(
    {
        (("contained",), ("decided",)): "containment.escaped",
        **{(formula.above, formula.below): f"{code}.rest" for code, formula in FORMULAS.items()},
    }
)


def against(rule: Rule) -> str | None:
    """The figure (db.drill.FIGURES) whose rows speak against a place on this line; None where none lists them.

    Under the place's key it has as many rows as the line counts above (at most) or lacks (at least: below − above).
    """
    if rule.bound == "at_least":
        return SHORT.get((rule.above, rule.below))
    return COUNTED.get(rule.above[0]) if len(rule.above) == 1 else None
