"""The bulletin's running texts, one a section, from its figures."""

from typing import Any

from markupsafe import Markup

from dashboard.bulletin.figures import Figures
from dashboard.bulletin.summary import totals
from dashboard.bulletin.words import Words, missing
from dashboard.components.severity import word
from dashboard.language import one_of
from grids.policies import policy
from grids.scorecards.panels import panel

Row = dict[str, Any]
NAMES_TOLD = 6
NIGHT = {*range(6), 22, 23}


def judged_by(figures: Figures, say: Words) -> str:
    """The policy's wording and its ceilings."""
    chosen = policy(figures.about["policy"])
    ceilings = [
        say("ceiling", grade=word(grade, say.lang), level=say(chosen.ceiling(grade)))
        for grade in sorted(chosen.ceilings)
    ]
    wording = one_of(say.lang, chosen.wording_zh, chosen.wording_en)
    return say("policy", wording=wording, ceilings=say.listed(ceilings))


def grade(row: Row, say: Words) -> str:
    """A grade by its name, with the level it may not go above where the row knows it."""
    name = word(int(row["severity"]), say.lang)
    return say("grade", grade=name, level=say(row["ceiling"])) if row.get("ceiling") else name


def whole(figures: Figures) -> Row:
    """Containment of the whole place, as a row like those of its grades."""
    row = figures.row("key", "contained") or {"k": 0, "n": 0, "low": None, "high": None}
    sums = {name: sum(each[name] for each in figures["severity"]) for name in ("contained", "escaped", "pending")}
    return sums | {"decided": row["n"], "low": row["low"], "high": row["high"]}


def beat(row: Row, say: Words) -> str:
    """A beat's name; what lies in none says so."""
    return row["name"] if row["code"] else say("no_beat")


def numbered(row: Row, figures: Figures, say: Words) -> Markup:
    """A beat's name after the number that it has on the maps, where it has one."""
    on_map = {each["code"]: each["name"] for each in figures.shapes.get("beats", [])}.get(row["code"], "")
    number = Markup('<span class="no">{}</span>').format(on_map) if on_map.isdigit() else Markup("")
    return number + beat(row, say)


def is_numbered(figures: Figures) -> bool:
    """Whether the maps bear numbers for names that are too long."""
    names = [each["name"] for each in figures.shapes.get("beats", [])]
    return bool(names) and all(name.isdigit() for name in names)


def third_clause(figures: Figures, say: Words) -> str:
    """Of those that left the beat, the share that stayed in the street."""
    row = figures.row("key", "stayed_in_street")
    if row is None or not row["n"]:
        return say("third_clause_none")
    share, interval = say.share(row["k"], row["n"]), say.interval(row["low"], row["high"])
    return say("third_clause", n=say.count(row["n"]), k=say.count(row["k"]), share=share, interval=interval)


def escaped(figures: Figures, say: Words) -> str:
    """Escaped matters by category, small ones together."""
    told = [
        say("escaped_others", kinds=row["kinds"], n=row["escaped"])
        if row["category"] is None
        else say("escaped_one", category=row["category"], n=row["escaped"])
        for row in figures["escaped"]
    ]
    return say("escaped_by", list=say.listed(told)) if told else say("escaped_none")


def repeats(figures: Figures, say: Words) -> str:
    """Repeat reports, duplicates, and the community that calls most."""
    row, one = figures.row("key", "repeat"), figures.row("key", "one_community")
    if row is None or not row["n"]:
        return say("chains_none")
    duplicates = totals(figures, ("duplicates",))["duplicates"]
    text = say(
        "repeats_text", k=say.count(row["k"]), n=say.count(row["n"]), share=say.share(row["k"], row["n"]),
        interval=say.interval(row["low"], row["high"]), duplicates=say.count(duplicates),
    )  # fmt: skip
    if one is None or not one["n"]:
        return text
    told = say("one_community_text", name=one["name"], k=say.count(one["k"]), share=say.share(one["k"], one["n"]))
    return text + say("space") + told


def fairness(figures: Figures, say: Words) -> str:
    """How evenly the load is spread."""
    row = next(iter(figures["fairness"]), None)
    if row is None or not row["n"] or row["most"] is None:
        return ""
    ratio, cv = say.count(row["max_over_mean"], 2), say.count(row["cv"], 2)
    return say("fairness_text", n=row["n"], ratio=ratio, cv=cv, most=row["most"], load=say.percent(row["load"]))


def gaps(figures: Figures, say: Words) -> str:
    """What the teams lack at the end of the period."""
    told = [_gap(row, say) for row in figures["gaps"] if row["n"]]
    return say("gaps_text", list=say.listed(told)) if told else say("gaps_none")


def _gap(row: Row, say: Words) -> str:
    names = row.get("names")
    if not names:
        return say(f"gap_{row['code']}", n=row["n"])
    shown = say.listed(names[:NAMES_TOLD]) + ("…" if len(names) > NAMES_TOLD else "")
    return say(f"gap_{row['code']}", n=row["n"], names=shown)


def hot(figures: Figures, say: Words) -> str:
    """The cells that stand out, hottest first; what is small is not told."""
    found = sorted((row for row in figures["cells"] if row.get("hot") == "hot"), key=lambda row: -row["z"])
    told = [
        say("hot_one", name=row["name"], n=say.count(row["reports"]), z=say.signed(row["z"]))
        for row in found[:NAMES_TOLD]
    ]
    return say("hot_text", list=say.listed(told)) if told else say("hot_none")


def hours(figures: Figures, say: Words) -> str:
    """The busiest hour of the week and the share of the nights."""
    total = sum(row["reports"] for row in figures["clock"])
    if not total:
        return ""
    most = max(figures["clock"], key=lambda row: row["reports"])
    night = sum(row["reports"] for row in figures["clock"] if row["hour"] in NIGHT)
    day, hour = say("weekdays").split()[int(most["weekday"]) - 1], int(most["hour"])
    return say("clock_text", day=day, hour=hour, end=hour + 1, n=most["reports"], share=say.share(night, total))


def verdict(figures: Figures, say: Words) -> str:
    """Whether every line of the panel went as wanted."""
    name = panel(figures.about["panel"]).name
    said = one_of(say.lang, name.zh, name.en[:1].upper() + name.en[1:])
    results = [row["reached"] for row in figures["panel"]]
    failed = [line_name(row, say) for row in figures["panel"] if row["reached"] is False]
    if failed:
        return say("panel_failed", name=said, list=say.listed(failed))
    return say("panel_open" if not results or None in results else "panel_reached", name=said)


def line_name(row: Row, say: Words) -> str:
    """A panel line's name."""
    name = next(line.name for line in panel("3down1up").lines if line.measure == row["measure"])
    return one_of(say.lang, name.zh, name.en)


def line_value(row: Row, when: str, say: Words) -> str:
    """A panel line's value: a share as a percentage, a rate as a number."""
    kind = next(line.kind for line in panel("3down1up").lines if line.measure == row["measure"])
    return say.percent(row[when]) if kind == "share" else say.count(row[when], 2)


def reached(row: Row, say: Words) -> str:
    """The result of a panel line in words."""
    return say({True: "reached", False: "not_reached", None: "not_known"}[row["reached"]])


def still_open(figures: Figures, say: Words) -> str:
    """What is open, overdue, due soon and waits for a revisit."""
    sums = totals(figures, ("open", "overdue", "soon", "revisit_waiting"))
    told = {name: say.count(value) for name, value in sums.items()}
    at = say.minute(figures.about["as_of"], figures.about["zone"])
    return say(
        "open_text",
        at=at,
        open=told["open"],
        overdue=told["overdue"],
        soon=told["soon"],
        revisit=told["revisit_waiting"],
    )


def load_of(row: Row, say: Words) -> str:
    """A beat's load, or that nobody is posted there."""
    return say("unstaffed") if missing(row["load"]) else say.percent(row["load"])
