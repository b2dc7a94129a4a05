"""What stands over a page of figures when they say little: nothing loaded, no reports in its days, or old data."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dash.development.base_component import Component

from dashboard.components import notes
from dashboard.components.states import stale
from dashboard.language import Say
from dashboard.live.freshness import STALE_AFTER, data_through
from dashboard.live.stamp import local
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from db.measures.periods import reaches_back_to
from db.readmodel import ask

FIRST = {"cells", "incidents"}  # of reading.gaps.KINDS: without these no figure says anything
MONTH = timedelta(days=29)


def over_figures(desk: Desk, view: View, path: str, say: Say) -> Component | None:
    """What must be loaded first; else where the reports are when the period has none; else since when they are old."""
    lacking = desk.facts().missing
    if lacking & FIRST:
        return notes.to_load(lacking, say)
    through = data_through(desk.freshness())
    found = no_reports(desk, view, path, through, say)
    if found is not None or through is None or desk.filter(view).end - through <= STALE_AFTER:
        return found
    return stale(local(through, desk.facts().city.zone), say)


def no_reports(desk: Desk, view: View, path: str, through: datetime | None, say: Say) -> Component | None:
    """None while there are reports. through: the last report of any channel.

    After the data: its last thirty days. Before it: its first thirty. Within it: the filters leave everything out.
    """
    flt, model = desk.filter(replace(view, shares=False)), desk.view()
    if through is None or len(ask(model, "report", flt)):
        return None
    zone = ZoneInfo(desk.facts().city.zone)
    begun, last = reaches_back_to(model).astimezone(zone).date(), through.astimezone(zone).date()
    if flt.start > through:
        href = _days(view, last - MONTH, last).link(path)
        return notes.older_data(href, last.isoformat(), say)
    if flt.end <= reaches_back_to(model):
        return notes.newer_data(_days(view, begun, begun + MONTH).link(path), begun.isoformat(), say)
    return notes.left_out(View(lang=view.lang, theme=view.theme).link(path), say)


def _days(view: View, first: date, last: date) -> View:
    return replace(view, period="custom", first=first, last=last, until=None)
