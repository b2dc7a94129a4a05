"""The bulletin's summary in sentences, made from the figures: only what passes the test is called a change."""

from typing import Any

from dashboard.bulletin.figures import Figures
from dashboard.bulletin.words import Words, missing, words

Row = dict[str, Any]
NAMED = ("on_spot", "mediation", "on_time", "satisfaction", "held", "repeat", "closing")
CLEAR = ("up", "down")


def summary(figures: Figures, lang: str) -> str:
    """One paragraph: how much came, what stayed within its level, what changed and what did not, load, what is open."""
    say = words(lang)
    parts = [_reports(figures, say), _contained(figures, say), _levels(figures, say)]
    parts += [_changes(figures, say), _work(figures, say), _open(figures, say)]
    sentences = [part[0].upper() + part[1:] if lang == "en" else part for part in parts if part]
    return "".join(sentence + say("stop") for sentence in sentences).strip()


def direction(row: Row, against: str, say: Words) -> str:
    """How a figure stands against "before" or "year", in words with the figure it is compared with."""
    z, moved = row.get(f"{against}_z"), row.get(f"{against}_direction")
    if missing(z) or moved in (None, "unknown"):
        return say(f"no_comparison_{against}")
    return say(f"than_{against}", said=say(f"dir_{moved}"), n=value(row, say, f"{against}_"))


def value(row: Row, say: Words, when: str = "") -> str:
    """A key figure as it is written: a count, or a share as a percentage."""
    k, n = row.get(f"{when}k"), row.get(f"{when}n")
    return say.count(k) if row["kind"] == "count" else say.share(k, n)


def changed(figures: Figures, against: str = "before") -> tuple[list[Row], list[Row]]:
    """The key figures that moved past the flag against a period, and those that did not (unknown ones in neither)."""
    told = [row for row in figures["key"] if row["code"] in (*NAMED, "reports", "contained")]
    moved = [row for row in told if row.get(f"{against}_direction") in CLEAR]
    return moved, [row for row in told if row.get(f"{against}_direction") == "unchanged"]


def _reports(figures: Figures, say: Words) -> str:
    about, row, matters = figures.about, figures.row("key", "reports"), figures.row("key", "matters")
    if row is None or matters is None:
        return ""
    period = say.period(about["kind"], about["first"], about["last"])
    came = say(
        "sum_reports",
        period=period,
        place=about["place_name"],
        reports=say.count(row["k"]),
        matters=say.count(matters["k"]),
    )
    compared = say("sum_changes", before=direction(row, "before", say), year=direction(row, "year", say))
    return came + say("semicolon") + compared


def _contained(figures: Figures, say: Words) -> str:
    row = figures.row("key", "contained")
    pending = sum(each["pending"] for each in figures["severity"])
    if row is None or not row["n"]:
        return say("sum_contained_none", pending=say.count(pending))
    return say(
        "sum_contained", n=say.count(row["n"]), k=say.count(row["k"]), share=say.share(row["k"], row["n"]),
        interval=say.interval(row["low"], row["high"]), before=direction(row, "before", say),
        year=direction(row, "year", say), escaped=say.count(row["n"] - row["k"]), pending=say.count(pending),
    )  # fmt: skip


def _levels(figures: Figures, say: Words) -> str:
    told = {code: figures.row("key", code) for code in ("on_spot", "mediation", "on_time", "repeat")}
    if any(row is None for row in told.values()):
        return ""
    return say("sum_level", **{code: value(row, say) for code, row in told.items() if row})


def _changes(figures: Figures, say: Words) -> str:
    moved, still = changed(figures)
    moved = [row for row in moved if row["code"] not in ("reports", "contained")]
    names = say.listed([_name(row, say) for row in still if row["code"] not in ("reports", "contained")])
    if not moved:
        return say("sum_nothing_changed", list=names) if names else ""
    told = say("sum_up", list=say("semicolon").join(_change(row, say) for row in moved))
    return told + (say("semicolon") + say("sum_unchanged", list=names) if names else "")


def _change(row: Row, say: Words) -> str:
    said = say(f"dir_{row['before_direction']}")
    return say(
        "sum_one_change", name=_name(row, say), said=said, before=value(row, say, "before_"), now=value(row, say)
    )


def _name(row: Row, say: Words) -> str:
    name = say(f"k_{row['code']}")
    return name[0].lower() + name[1:] if say.lang == "en" else name


def _work(figures: Figures, say: Words) -> str:
    spread = next(iter(figures["fairness"]), None)
    if spread is None or not spread["n"] or spread["most"] is None:
        return ""
    most = say.percent(spread["load"])
    return say("sum_work", most=spread["most"], load=most, ratio=say.count(spread["max_over_mean"], 2))


def _open(figures: Figures, say: Words) -> str:
    total = totals(figures, ("open", "overdue"))
    return say("sum_open", open=say.count(total["open"]), overdue=say.count(total["overdue"]))


def totals(figures: Figures, names: tuple[str, ...]) -> dict[str, float]:
    """Sums of columns of the beats' table, what lies in no beat included."""
    return {name: sum(row.get(name) or 0 for row in figures["beats"]) for name in names}
