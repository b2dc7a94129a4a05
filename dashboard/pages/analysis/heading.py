"""What stands over an analysis page's panels: its days, how far the data reaches, what is wrong with the choice."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash.development.base_component import Component

from dashboard.components import notes
from dashboard.components.states import stale
from dashboard.language import Say, speaker
from dashboard.live.freshness import STALE_AFTER, data_through
from dashboard.live.stamp import local
from dashboard.pages.emptiness import no_reports
from dashboard.reading.desk import Desk
from dashboard.reading.periods import days, fixed
from dashboard.reading.view import View


def heading(desk: Desk, view: View, path: str) -> tuple[Any, ...]:
    """The period in days, how far the data reaches, a banner or None, the address with its days fixed."""
    facts, say = desk.facts(), speaker(view.lang)
    zone = facts.city.zone
    first, last = days(view, desk.now().astimezone(ZoneInfo(zone)).date())
    until = f" {view.until:%H:%M}" if view.until else ""
    through = data_through(desk.freshness())
    words = say("数据截至 {through}", through=local(through, zone))
    kept = fixed(view, desk.now(), zone).link(path)
    return f"{first} – {last}{until}", words, _banner(desk, view, path, through, say), kept


def _banner(desk: Desk, view: View, path: str, through: datetime | None, say: Say) -> Component | None:
    missing = next((kind for kind in ("cells", "incidents") if kind in desk.facts().missing), None)
    if missing:
        return notes.missing_banner(missing, say)
    found = no_reports(desk, view, path, through, say)
    if found is not None:
        return found
    if view.shares:
        return notes.whole_matters(say)
    late = through is not None and desk.filter(view).end - through > STALE_AFTER
    return stale(local(through, desk.facts().city.zone), say) if late else None
