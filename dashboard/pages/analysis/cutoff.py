"""Periods that go on after the record has ended: of those days it says nothing, so no count may be said to fall."""

from datetime import datetime

from dashboard.live.freshness import STALE_AFTER
from dashboard.live.stamp import local
from dashboard.pages.analysis.asking import Asking
from db.measures.periods import reaches_on_to


def cut_off(told: Asking) -> datetime | None:
    """The last report's instant where the period ends more than STALE_AFTER later; None where it does not."""
    last = reaches_on_to(told.view)
    return last if told.flt.end - last > STALE_AFTER and told.flt.start < last else None


def cut_off_note(told: Asking) -> tuple[str, ...]:
    """A sentence that says so, if it is so."""
    last = cut_off(told)
    if last is None:
        return ()
    at = local(last, told.facts.city.zone)
    return (told.say("数据只到 {at}，其后的日子不画；计数不判升降。", at=at),)
