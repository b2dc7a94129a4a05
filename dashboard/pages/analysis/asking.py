"""What a panel is asked: the sources of every measure (dashboard.reporting.measured) and who reads it, how."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.components.severity import word
from dashboard.language import Say, speaker
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.judging import boundaries_of, instant_of
from dashboard.reading.periods import fixed
from dashboard.reading.view import View
from dashboard.reporting.measured import Reading
from dashboard.reporting.suppressed import fewest_of

ROWS = "/rows"
LEFT_OUT = ("against", "value", "heat", "by")  # of a page's address, what says nothing about which rows count


@dataclass(frozen=True, kw_only=True)
class Asking(Reading):
    """A reading (desk, conn, view, flt, policy, as_of, boundaries, fewest; measure() and hidden()) for one reader.

    asked: the view that the address says, its period in days. label: what it is called beside another, "" alone.
    """

    asked: View
    facts: Facts
    label: str = ""

    @property
    def lang(self) -> str:
        """ "zh" or "en"."""
        return self.asked.lang

    @property
    def theme(self) -> str:
        """ "light" or "dark"."""
        return self.asked.theme

    @property
    def say(self) -> Say:
        """Speaks the reader's language."""
        return speaker(self.asked.lang)

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.facts.city.zone)

    def rows(self, figure: str, **keys: Any) -> str:
        """Address of the rows behind a figure under these filters; keys: kind=value, None or NaN where there is none.

        /rows?<the view's query>&figure=NAME&key=KIND:VALUE&key=…
        """
        query = fixed(self.asked, self.desk.now(), self.facts.city.zone).query(drop=LEFT_OUT)
        # Every matter has a grade: a row without one is the whole.
        named = {kind: text for kind, value in keys.items() if (text := _text(value)) or kind != "severity"}
        parts = [("figure", figure), *(("key", f"{kind}:{text}") for kind, text in named.items())]
        return f"{ROWS}?{query}&{urlencode(parts)}" if query else f"{ROWS}?{urlencode(parts)}"

    def named(self, frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
        """frame[key, label] with its labels in the reader's language: grades, the whole, what lies in no place."""
        label = frame["label"].astype(object)
        if by == "severity":
            label = frame["key"].map(lambda grade: word(int(grade), self.lang))
        elif by == "channel":
            label = frame["key"].map(lambda code: self.facts.channel_names(self.lang).get(code, code))
        return frame.assign(label=label.mask(frame["key"].isna(), self.say("未落格") if by else self.whole_name()))

    def whole_name(self) -> str:
        """What everything that was asked for is called: the place, or all."""
        return self.facts.name(self.asked.place) if self.asked.place else self.say("全部")


@contextmanager
def asking(desk: Desk, asked: View, label: str = "") -> Iterator[Asking]:
    """One reading transaction for a view; NotFound for a place or plan that is not there."""
    whole = replace(asked, shares=False)  # the read model counts a matter whole, in its likeliest cell
    flt, view = desk.filter(whole), desk.view()
    with desk.connection() as conn:
        yield Asking(
            desk, conn, view, flt, desk.policy(asked), instant_of(asked, desk), boundaries_of(conn, asked),
            fewest_of(desk.who()), asked=whole, facts=desk.facts(), label=label,
        )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
