"""A period in which nothing was reported: said in a sentence, with the way to days that have data."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dash.development.base_component import Component

from dashboard.components import notes
from dashboard.language import Say
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from db.measures.periods import reaches_back_to
from db.readmodel import ask

MONTH = timedelta(days=29)


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
