"""The words of bulletin and meeting list, from one table in both languages, and how numbers and days are written."""

import math
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo.errors import InputError

LANGUAGES = ("zh", "en")
FILE = Path(__file__).with_name("words.toml")
MINUS, NONE = "−", "–"
MARKS = {"up": "▲", "down": "▼", "unchanged": "·", "unknown": NONE}


@cache
def table() -> dict[str, dict[str, str]]:
    """Every text by its name: {"zh": …, "en": …}."""
    with FILE.open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class Words:
    """Speaks one language: `words(name, **values)` fills a text, the methods write numbers and days."""

    lang: str

    def __call__(self, name: str, /, **values: object) -> str:
        text = table()[name][self.lang]
        return text.format(**values) if values else text

    def count(self, value: float | None, digits: int = 0) -> str:
        """A number with separators; a dash for none."""
        return NONE if missing(value) else f"{value:,.{digits}f}".replace("-", MINUS)

    def part(self, k: float | None, n: float | None) -> str:
        """Numerator and denominator."""
        return NONE if missing(k) or missing(n) else f"{k:,.0f}/{n:,.0f}"

    def share(self, k: float | None, n: float | None) -> str:
        """k of n as a percentage; a dash where there is nothing below the line."""
        return NONE if missing(k) or missing(n) or not n else self.percent(float(k or 0) / float(n))

    def percent(self, value: float | None) -> str:
        """A ratio as a percentage with one digit."""
        return NONE if missing(value) else f"{value:.1%}"

    def interval(self, low: float | None, high: float | None) -> str:
        """Both ends of an interval of a share."""
        return NONE if missing(low) or missing(high) else f"{100 * float(low or 0):.1f}–{100 * float(high or 0):.1f}%"

    def signed(self, z: float | None) -> str:
        """A z value with its sign."""
        return "" if missing(z) else f"{z:+.1f}".replace("-", MINUS)

    def mark(self, direction: str | None, z: float | None) -> str:
        """The sign of a change with its z."""
        return f"{MARKS.get(direction or 'unknown', NONE)} {self.signed(z)}".strip()

    def day(self, iso: str) -> str:
        """A whole date."""
        found = date.fromisoformat(iso[:10])
        return self("day", y=found.year, m=found.month, d=found.day, mon=found.strftime("%b"))

    def short_day(self, iso: str) -> str:
        """Month and day."""
        return date.fromisoformat(iso[:10]).strftime("%m-%d")

    def minute(self, iso: str | None, zone: str) -> str:
        """An instant on the city's clock."""
        return NONE if not iso else datetime.fromisoformat(iso).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")

    def period(self, kind: str, first: str, last: str) -> str:
        """A month or week by its name, other days from the first to the last."""
        start = date.fromisoformat(first)
        if kind == "month":
            return self("month", y=start.year, m=start.month, mon=start.strftime("%B"))
        if kind == "week":
            year, week, _ = start.isocalendar()
            return self("week", y=year, w=week)
        return self.days(first, last)

    def days(self, first: str, last: str) -> str:
        """From the first to the last day."""
        return self("days", first=self.day(first), last=self.day(last))

    def listed(self, texts: list[str]) -> str:
        """Several texts as one list."""
        return self("comma").join(texts)


@cache
def words(lang: str) -> Words:
    """The words of a language; InputError for one that there is none of."""
    if lang not in LANGUAGES:
        raise InputError(f"--lang must be one of {', '.join(LANGUAGES)}, not {lang!r}.")
    return Words(lang)


def missing(value: Any) -> bool:
    """Whether there is no number."""
    return value is None or (isinstance(value, float) and math.isnan(value))
