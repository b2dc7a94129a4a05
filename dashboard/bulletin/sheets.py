"""Which columns the workbook has, as data: the words above, how the number is written, where it comes from."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dashboard.bulletin import sections
from dashboard.bulletin.figures import Figures
from dashboard.bulletin.words import Words

Row = dict[str, Any]
Value = Callable[[Row, Figures, Words], Any]


class Column(NamedTuple):
    """words: names in the table of words, c_ left out ("unit": beat or station); form: of workbook.FORMATS."""

    words: tuple[str, ...]
    form: str
    value: Value
    width: float = 11


class Sheet(NamedTuple):
    """A sheet of one of the figures' tables."""

    table: str
    columns: tuple[Column, ...]


def _of(name: str) -> Value:
    return lambda row, _figures, _say: row.get(name)


def _n(name: str, *said: str) -> Column:
    return Column(said or (name,), "count", _of(name))


def _text(name: str, said: str, width: float = 18) -> Column:
    return Column((said,), "text", _of(name), width)


def ratio(above: str, below: str) -> Value:
    """One column over another; nothing where there is nothing below."""
    return lambda row, _figures, _say: (
        row[above] / row[below] if row.get(above) is not None and row.get(below) else None
    )


def _pair(code: str, above: str, below: str) -> tuple[Column, ...]:
    """Numerator, denominator and share of one formula."""
    name = f"k_{code}"
    return (
        Column((name, "above"), "count", _of(above), 13),
        Column((name, "below"), "count", _of(below), 13),
        Column((name,), "share", ratio(above, below), 13),
    )


def _share_of(when: str) -> Value:
    return lambda row, figures, say: (
        ratio(f"{when}k", f"{when}n")(row, figures, say) if row["kind"] == "share" else None
    )


def _below_of(when: str) -> Value:
    return lambda row, _figures, _say: row[f"{when}n"] if row["kind"] == "share" else None


def _unit(row: Row, _figures: Figures, say: Words) -> str:
    return sections.beat(row, say)


def _others(name: str) -> Value:
    return lambda row, _figures, say: row[name] if row[name] is not None else say("others", kinds=row["kinds"])


def _direction(when: str) -> Value:
    return lambda row, _figures, say: (
        say(f"dir_{row[f'{when}_direction']}") if row[f"{when}_direction"] != "unknown" else None
    )


def _period(when: str, said: str) -> tuple[Column, ...]:
    return (
        Column((said, "above"), "count", _of(f"{when}k")),
        Column((said, "below"), "count", _below_of(when)),
        Column((said,), "share", _share_of(when)),
    )


LOW_HIGH = (Column(("low",), "share", _of("low")), Column(("high",), "share", _of("high")))
CONTAINED = (
    _n("contained"),
    _n("escaped"),
    _n("pending"),
    _n("decided"),
    Column(("share",), "share", ratio("contained", "decided")),
    *LOW_HIGH,
)
SHEETS = (
    Sheet(
        "key",
        (
            Column(("figure",), "text", lambda row, _f, say: say(f"k_{row['code']}"), 20),
            *_period("", "now"),
            *LOW_HIGH,
            *_period("before_", "before"),
            Column(("change",), "z", _of("before_z")),
            Column(("before", "said"), "text", _direction("before"), 14),
            *_period("year_", "year"),
            Column(("c_change_year",), "z", _of("year_z")),
            Column(("year", "said"), "text", _direction("year"), 14),
        ),
    ),
    Sheet("severity", (Column(("severity",), "text", lambda row, _f, say: sections.grade(row, say), 22), *CONTAINED)),
    Sheet(
        "beats",
        (
            _text("code", "code", 10),
            Column(("unit",), "text", _unit, 24),
            _n("reports"),
            _n("matters"),
            _n("duplicates"),
            _n("repeats"),
            *CONTAINED,
            *_pair("on_spot", "settled_on_spot", "settled"),
            *_pair("mediation", "mediated_settled", "mediated"),
            *_pair("closing", "closed", "registered"),
            *_pair("on_time", "closed_on_time", "due"),
            *_pair("satisfaction", "satisfied", "answered"),
            *_pair("revisit", "revisited", "revisit_due"),
            *_pair("held", "held", "closed_long_ago"),
            _n("minutes", "c_demand_minutes"),
            _n("available", "c_available_minutes"),
            _n("staff"),
            Column(("load",), "share", _of("load")),
            _n("open"),
            _n("overdue"),
            _n("soon"),
            _n("revisit_waiting", "c_revisit_waiting"),
        ),
    ),
    Sheet("escaped", (Column(("category",), "text", _others("category"), 24), _n("escaped"))),
    Sheet(
        "chains",
        (
            _text("no", "no", 24),
            _text("category", "category", 20),
            _text("beat", "beat", 24),
            _n("reports"),
            Column(("first",), "day", _of("first")),
            Column(("last",), "day", _of("last")),
            Column(("state",), "text", lambda row, _f, say: say("state_open" if row["open"] else "state_closed")),
        ),
    ),
    Sheet(
        "communities",
        (
            Column(("community",), "text", _others("name"), 24),
            _n("reports"),
            _n("all", "total"),
            Column(("c_of_all",), "share", ratio("reports", "all"), 14),
        ),
    ),
    Sheet(
        "diversions",
        (
            Column(("c_unit_to",), "text", _others("unit"), 26),
            *(_n(name) for name in ("sent", "accepted", "bounced", "done", "kept", "open")),
            Column(("k_accepted",), "share", ratio("accepted", "sent")),
            Column(("k_done",), "share", ratio("done", "sent")),
        ),
    ),
    Sheet(
        "cells",
        (
            _text("code", "code", 14),
            _text("name", "cell", 24),
            _text("beat", "beat", 24),
            _n("reports"),
            _n("minutes", "c_demand_minutes"),
            _n("contained"),
            _n("escaped"),
            _n("decided"),
            Column(("share",), "share", ratio("contained", "decided")),
            Column(("c_hot_z",), "z", _of("z")),
            Column(("hot",), "text", lambda row, _f, say: say("hot_spot") if row["hot"] == "hot" else None),
        ),
    ),
    Sheet(
        "clock",
        (
            Column(("weekday",), "text", lambda row, _f, say: say("weekdays").split()[int(row["weekday"]) - 1]),
            _n("hour"),
            _n("reports"),
        ),
    ),
    Sheet(
        "trend",
        (
            Column(("month",), "month", _of("month")),
            _n("reports"),
            _n("matters"),
            _n("contained"),
            _n("decided"),
            Column(("share",), "share", ratio("contained", "decided")),
            *LOW_HIGH,
        ),
    ),
    Sheet(
        "panel",
        (
            Column(("line",), "text", lambda row, _f, say: sections.line_name(row, say), 24),
            Column(("now",), "number", _of("now")),
            Column(("now", "above"), "count", _of("now_numerator")),
            Column(("now", "below"), "count", _of("now_denominator")),
            Column(("before",), "number", _of("before")),
            Column(("before", "above"), "count", _of("before_numerator")),
            Column(("before", "below"), "count", _of("before_denominator")),
            Column(("change",), "z", _of("z")),
            Column(("wanted",), "text", lambda row, _f, say: say(f"wanted_{row['wanted']}")),
            Column(("reached",), "text", lambda row, _f, say: sections.reached(row, say)),
        ),
    ),
    Sheet(
        "waiting",
        (
            _text("no", "no", 24),
            _text("category", "category", 20),
            Column(("severity",), "text", lambda row, _f, say: sections.grade(row, say), 10),
            _text("beat", "beat", 24),
            _text("cell", "cell", 24),
            Column(("due",), "day", _of("due")),
            _n("days", "late"),
        ),
    ),
)
