"""What each panel of the overview shows for a view: fetch, then draw. Functions of the desk and the view alone."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import Patch, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.components import notes, placetable, shares
from dashboard.components.filters import period_text
from dashboard.components.places import KIND_NAMES
from dashboard.components.tiles import FIGURES, tiles
from dashboard.figures import cellmap, heat
from dashboard.figures.camera import Size, camera
from dashboard.figures.clock import clock
from dashboard.figures.load import load_bars
from dashboard.figures.theme import CLEAR
from dashboard.figures.trend import trend
from dashboard.language import Say, one_of, speaker
from dashboard.live.freshness import data_through
from dashboard.live.stamp import local
from dashboard.pages.emptiness import over_figures
from dashboard.reading.desk import Desk
from dashboard.reading.periods import days, fixed
from dashboard.reading.records import rows
from dashboard.reading.rows import Wanted
from dashboard.reading.view import View
from grids.workload import fairness

LAST_HOUR = timedelta(hours=1)  # a day whose data reaches into its last hour counts as whole
HIDDEN_AXIS = {"visible": False}
BLANK = {
    "data": [],
    "layout": {"xaxis": HIDDEN_AXIS, "yaxis": HIDDEN_AXIS, "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR},
}


def trail(desk: Desk, view: View) -> tuple[Any, ...]:
    """The way down to the chosen place."""
    facts, say = desk.facts(), speaker(view.lang)
    steps: list[Component] = [dcc.Link(say("全市"), href=view.link(place=None))]
    for place in facts.trail(view.place):
        kind = say(KIND_NAMES.get(place.partition(":")[0], ""))
        steps.append(html.Span("›", className="trail-arrow"))
        steps.append(dcc.Link(facts.name(place), href=view.link(place=place), title=kind))
    return (steps if view.place else None,)


def head(desk: Desk, view: View) -> tuple[Any, ...]:
    """The period in days, the policy in its own words, and how far the data reaches."""
    say, policy = speaker(view.lang), desk.policy(view)
    first, last = period_days(desk, view)
    through = local(data_through(desk.freshness()), desk.facts().city.zone)
    wording = one_of(view.lang, policy.wording_zh, policy.wording_en)
    return period_text(f"{first} – {last}", view, say), wording, say("数据截至 {through}", through=through)


def counts(desk: Desk, view: View) -> tuple[Any, ...]:
    """The tiles; and what stands over everything when they say little."""
    say, known = speaker(view.lang), "incidents" not in desk.facts().missing
    totals = desk.totals(view) if known else None
    return tiles(totals, say, _behind(desk, view)), over_figures(desk, view, "/", say)


def _behind(desk: Desk, view: View) -> dict[str, str]:
    """Of each tile the address of its rows, for who may see cases; shares of matters in doubt are no rows."""
    if view.shares or not desk.who().may("cases"):
        return {}
    lasting = fixed(view, desk.now(), desk.facts().city.zone)
    return {name: Wanted(lasting, figure).link() for name, figure in FIGURES.items()}


def lacking(desk: Desk, say: Say, *kinds: str) -> Component | None:
    """The note for the first of `kinds` that the record has nothing of."""
    first = next((kind for kind in kinds if kind in desk.facts().missing), None)
    return notes.missing(first, say) if first else None


def cells(desk: Desk, view: View, size: dict[str, float] | None) -> tuple[Any, ...]:
    """Values and heat for the map that is already there: its geometry is never sent again."""
    if size is None:
        return no_update, no_update, no_update
    say, frame = speaker(view.lang), desk.cells(view)
    patch = Patch()
    for name, value in camera(desk.geometry().extent_of(view.place, desk.facts()), Size.told(size)).items():
        patch["layout"]["map"][name] = value
    for name, value in cellmap.trace_values(frame, view.value, say, view.theme, faint=view.heat).items():
        patch["data"][cellmap.VALUE_TRACE][name] = value
    patch["layout"]["map"]["layers"] = [_heat(desk, view)] if view.heat else []
    patch["layout"]["map"]["uirevision"] = view.place or "city"
    return patch, not view.heat, lacking(desk, say, "cells") or (notes.empty(say) if frame.empty else None)


def _heat(desk: Desk, view: View) -> dict[str, Any]:
    query = view.query(drop=("heat", "value", "by", "lang", "theme", "policy"))
    parts = f"{query}&" if query else ""
    address = f"/api/v1/heat.png?{parts}{urlencode({'v': desk.filter(view).end.timestamp()})}"
    return cellmap.heat_layer(address, heat.corners(desk.geometry().extent))


def containment(desk: Desk, view: View) -> tuple[Any, ...]:
    """The share of everything, then of each grade."""
    say = speaker(view.lang)
    (total,) = rows(desk.containment(view, None))
    note = lacking(desk, say, "cells", "incidents", "catalogue", "steps")
    if note:
        return (note,)
    if not total.decided and not total.pending:
        return (notes.empty(say),)
    grades = shares.severity_rows(desk.containment(view, "severity"), desk.policy(view), say, view.lang)
    return ([shares.headline(total, say), grades],)


def places(desk: Desk, view: View) -> tuple[Any, ...]:
    """The table of places."""
    say = speaker(view.lang)
    found = placetable.rows(desk.places(view), say)
    return found, placetable.columns(say, found), lacking(desk, say, "cells", "incidents")


def work(desk: Desk, view: View, by: str) -> tuple[Any, ...]:
    """The heaviest loads, and how evenly the work is spread."""
    say, frame = speaker(view.lang), desk.workload(view, by)
    frame = frame[frame["key"].notna()]  # what lies in no cell is nobody's load
    note = lacking(desk, say, "cells", "incidents", "postings") or (notes.empty(say) if frame.empty else None)
    if note:
        return BLANK, None, note
    spread, alone = fairness(frame["load"]), int((frame["flag"] == "unstaffed").sum())
    words: Any = say("最高/平均 {ratio}　离散系数 {cv}", ratio=f"{spread.max_over_mean:.2f}", cv=f"{spread.cv:.2f}")
    if alone:
        words = [words, html.B(say("　无人任职 {n}", n=alone), className="warn")]
    return load_bars(frame, say, view.theme, clickable=by == "beat"), words, None


def by_day(desk: Desk, view: View) -> tuple[Any, ...]:
    """Incidents a day."""
    say, frame = speaker(view.lang), desk.daily(view)
    if frame.empty:
        return BLANK, lacking(desk, say, "incidents") or notes.empty(say)
    running = incomplete_since(desk)
    return trend(frame, *period_days(desk, view), say, view.theme, running), None


def incomplete_since(desk: Desk) -> date:
    """The first local day that is not over, or of which not all has come: what has been loaded ends during it."""
    zone = ZoneInfo(desk.facts().city.zone)
    through = data_through(desk.freshness())
    today = desk.now().astimezone(zone).date()
    return min(today, (through + LAST_HOUR).astimezone(zone).date()) if through else today


def by_hour(desk: Desk, view: View) -> tuple[Any, ...]:
    """Incidents by weekday and hour."""
    say, frame = speaker(view.lang), desk.clock(view)
    if frame.empty:
        return BLANK, lacking(desk, say, "incidents") or notes.empty(say)
    return clock(frame, say, view.theme), None


def period_days(desk: Desk, view: View) -> tuple[date, date]:
    """First and last local day of the view."""
    return days(view, desk.now().astimezone(ZoneInfo(desk.facts().city.zone)).date())
