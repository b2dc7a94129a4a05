"""A view of the record: the filters of a page, written in its address so that a link shows the same again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import parse_qs, urlencode

from dashboard.reading.choices import CHOICES
from geo.errors import InputError

PERIODS = ("today", "7d", "30d", "month", "year", "custom")
POLICIES = ("QD", "JM", "ZS")
VALUES = ("incidents", "minutes", "share", "escaped")
PLACES = ("district", "street", "station", "community", "beat", "cell")
GROUPINGS = ("station", "community", "beat", "cell")
LANGUAGES = ("zh", "en")
THEMES = ("light", "dark")
AGAINST = ("previous", "last_year", "policy", "boundaries")
PLAN = "plan:"


@dataclass(frozen=True)
class View:
    """What a reader looks at; `first` and `last` are local days, both included, and belong to period "custom".

    shares: a matter in doubt between cells counts in each by its probability, else whole in the likeliest.
    until: where the last day of a custom period ends (local), for links that keep a day that still ran.
    boundaries: "then", "now" or "plan:CODE". as_of: the local instant of judging (ISO, to the minute) or "now"; None:
    the period's end. against: what is shown beside it: one of AGAINST, or "place:KIND:CODE".
    choices: what a page lets its readers choose besides (reading.choices): (name, value), never the default.
    """

    period: str = "30d"
    first: date | None = None
    last: date | None = None
    place: str | None = None
    groups: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    policy: str = "QD"
    value: str = "incidents"
    heat: bool = False
    by: str = "beat"
    lang: str = "zh"
    theme: str = "light"
    shares: bool = False
    until: time | None = None
    boundaries: str = "then"
    as_of: str | None = None
    against: str | None = None
    choices: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, query: str) -> "View":
        """Read an address's query; InputError names the first part that cannot be read."""
        return cls._read(query, strict=True)

    @classmethod
    def forgiving(cls, query: str | None) -> "View":
        """Read an address's query, leaving out what cannot be read: a typed address never breaks a page."""
        return cls._read(query or "", strict=False)

    @classmethod
    def _read(cls, query: str, *, strict: bool) -> "View":
        given = parse_qs(query.lstrip("?"))
        found: dict[str, Any] = {}
        for name, (field, read, _write) in PARTS.items():
            if name in given:
                try:
                    found[field] = read(given[name])
                except ValueError as error:
                    if strict:
                        raise InputError(f"{name} {error}.") from error
        return cls(**found, choices=_chosen(given, strict))._settled(strict)

    def _settled(self, strict: bool) -> "View":
        """`self` with a custom period only when it has both its days, in order."""
        if self.period != "custom":
            return replace(self, first=None, last=None, until=None)
        if self.first and self.last and self.first <= self.last:
            return self
        if strict:
            raise InputError("A custom period needs from and to as days (2026-01-31), the first not after the last.")
        return replace(self, period=View.period, first=None, last=None, until=None)

    def chosen(self, name: str) -> str:
        """The value of one of reading.choices: what the address says, else the first that there is."""
        return dict(self.choices).get(name, CHOICES[name][0])

    def choosing(self, name: str, value: str) -> "View":
        """This view with one of reading.choices set."""
        kept = {each: was for each, was in self.choices if each != name}
        return replace(self, choices=_written(kept | {name: value}))

    def query(self, *, drop: tuple[str, ...] = ()) -> str:
        """The address's query of this view: only what differs from the default, so that links stay short."""
        parts: list[tuple[str, str]] = []
        for name, (field, _read, write) in PARTS.items():
            value = getattr(self, field)
            if name not in drop and value != getattr(DEFAULT, field):
                parts += [(name, text) for text in write(value)]
        return urlencode([*parts, *(pair for pair in self.choices if pair[0] not in drop)])

    def link(self, path: str = "/", **changes: Any) -> str:
        """Address of `path` showing this view with some parts changed."""
        query = replace(self, **changes).query()
        return f"{path}?{query}" if query else path


def _chosen(given: dict[str, list[str]], strict: bool) -> tuple[tuple[str, str], ...]:
    """The choices of pages that an address makes; InputError names one that there is not."""
    found = {}
    for name, allowed in CHOICES.items():
        if name in given:
            try:
                found[name] = _choice(allowed)(given[name])
            except ValueError as error:
                if strict:
                    raise InputError(f"{name} {error}.") from error
    return _written(found)


def _written(found: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """In the order of reading.choices and without defaults, so that one choice has one address."""
    return tuple((name, found[name]) for name, allowed in CHOICES.items() if found.get(name, allowed[0]) != allowed[0])


def _choice(allowed: tuple[str, ...]) -> Callable[[list[str]], str]:
    def read(texts: list[str]) -> str:
        if texts[-1] not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}, not {texts[-1]!r}")
        return texts[-1]

    return read


def _day(texts: list[str]) -> date:
    try:
        return date.fromisoformat(texts[-1])
    except ValueError as error:
        raise ValueError(f"must be a day such as 2026-01-31, not {texts[-1]!r}") from error


def _place(texts: list[str]) -> str:
    kind, colon, code = texts[-1].partition(":")
    if not colon or kind not in PLACES or not code:
        raise ValueError(f"must be KIND:CODE with a kind of {', '.join(PLACES)}, not {texts[-1]!r}")
    return texts[-1]


def _time(texts: list[str]) -> time:
    try:
        return time.fromisoformat(texts[-1]).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise ValueError(f"must be a time such as 14:32, not {texts[-1]!r}") from error


def _boundaries(texts: list[str]) -> str:
    is_plan = texts[-1].startswith(PLAN) and texts[-1].removeprefix(PLAN).strip()
    if texts[-1] not in ("then", "now") and not is_plan:
        raise ValueError(f"must be then, now or {PLAN}CODE, not {texts[-1]!r}")
    return texts[-1]


def _instant(texts: list[str]) -> str:
    if texts[-1] == "now":
        return "now"
    wrong = f"must be now or a local instant such as 2026-01-31T08:00, not {texts[-1]!r}"
    try:
        found = datetime.fromisoformat(texts[-1])
    except ValueError as error:
        raise ValueError(wrong) from error
    if found.tzinfo:
        raise ValueError(wrong)
    return found.isoformat(timespec="minutes")


def _against(texts: list[str]) -> str:
    if texts[-1].startswith("place:"):
        return f"place:{_place([texts[-1].removeprefix('place:')])}"
    if texts[-1] not in AGAINST:
        raise ValueError(f"must be one of {', '.join(AGAINST)} or place:KIND:CODE, not {texts[-1]!r}")
    return texts[-1]


def _clock(value: time) -> list[str]:
    return [value.isoformat(timespec="minutes")]


def _switch(texts: list[str]) -> bool:
    if texts[-1] not in ("0", "1"):
        raise ValueError(f"must be 0 or 1, not {texts[-1]!r}")
    return texts[-1] == "1"


def _flag(on: bool) -> list[str]:
    return ["1" if on else "0"]


def _several(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(value: object) -> list[str]:
    return [str(value)]


# name in the address: (field, reader of its texts, writer back to texts)
PARTS: dict[str, tuple[str, Callable[[list[str]], Any], Callable[[Any], list[str]]]] = {
    "period": ("period", _choice(PERIODS), _text),
    "from": ("first", _day, _text),
    "to": ("last", _day, _text),
    "place": ("place", _place, _text),
    "group": ("groups", _several, list),
    "category": ("categories", _several, list),
    "channel": ("channels", _several, list),
    "policy": ("policy", _choice(POLICIES), _text),
    "value": ("value", _choice(VALUES), _text),
    "heat": ("heat", _switch, _flag),
    "by": ("by", _choice(GROUPINGS), _text),
    "lang": ("lang", _choice(LANGUAGES), _text),
    "theme": ("theme", _choice(THEMES), _text),
    "shares": ("shares", _switch, _flag),
    "until": ("until", _time, _clock),
    "boundaries": ("boundaries", _boundaries, _text),
    "as_of": ("as_of", _instant, _text),
    "against": ("against", _against, _text),
}
DEFAULT = View()
