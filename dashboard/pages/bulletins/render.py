"""The page of bulletins: forms for a preview and a meeting list, and the table of those that were issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from dashboard.auth.current import visitor
from dashboard.bulletin.issue import FORMATS, KINDS
from dashboard.components.places import KIND_NAMES
from dashboard.language import Say, one_of, speaker
from dashboard.pages.plain import common, template
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.records import plain, rows
from dashboard.reading.rows_about import minute
from dashboard.reading.view import View
from db.bulletins import bulletins
from grids.policies import POLICIES

HERE = Path(__file__).parent
CSS = HERE / "bulletins.css"
MONTHS, WEEKS = 13, 12  # that can be chosen
FORMS = ("html", "pdf", "xlsx", "csv")


@dataclass(frozen=True)
class Asked:
    """What the address says: a place and period already chosen, the number that was issued just now."""

    lang: str
    theme: str
    place: str
    period: str
    policy: str
    issued: str

    @classmethod
    def of(cls, query: Mapping[str, str], lang: str, theme: str) -> "Asked":
        """From an address's query; what it does not say is empty."""
        policy = query.get("policy", "QD")
        return cls(
            lang, theme, query.get("place", ""), query.get("period", ""),
            policy if policy in POLICIES else "QD", query.get("issued", ""),
        )  # fmt: skip


def bulletins_html(desk: Desk, asked: Asked) -> str:
    """The page."""
    say, facts, found = speaker(asked.lang), desk.facts(), visitor()
    zone = ZoneInfo(facts.city.zone)
    with desk.connection() as conn:
        listed = bulletins(conn, None)
    view = View(lang=asked.lang, theme=asked.theme)
    chosen = {"place": asked.place, "period": asked.period, "policy": asked.policy}
    return str(
        template(HERE, "bulletins.html").render(
            **common(view, desk, "/bulletins", CSS),
            asked=asked,
            places=_places(facts, KINDS, say),
            beats=_places(facts, ("beat",), say),
            periods=_periods(desk.now().astimezone(zone).date(), say),
            policies=[(code, one_of(asked.lang, each.name_zh, each.name_en)) for code, each in POLICIES.items()],
            ready=bool(asked.place and asked.period),
            previews=[
                (form, f"/bulletins/preview?{urlencode({**chosen, 'format': form, 'lang': asked.lang})}")
                for form in FORMATS
            ],
            may_issue=desk.who().may("supervise"),
            form_token=found.form_token if found else "",
            forms=FORMS,
            listed=[_row(row, facts, asked.lang, zone) for row in rows(listed)],
        )
    )


def _places(facts: Facts, kinds: tuple[str, ...], say: Say) -> list[tuple[str, list[tuple[str, str]]]]:
    """(kind, its places as (address, name)), for a list with groups."""
    known = facts.places
    made = []
    for kind in kinds:
        own = known[known["kind"] == kind]
        pairs = [(f"{kind}:{code}", f"{name} {code}") for code, name in zip(own["code"], own["name"], strict=True)]
        if pairs:
            made.append((say(KIND_NAMES[kind]), pairs))
    return made


def _periods(today: date, say: Say) -> list[tuple[str, list[tuple[str, str]]]]:
    """The last months and weeks, the running ones first, marked as such."""
    months, first = [], today.replace(day=1)
    for n in range(MONTHS):
        running = say("（未完）") if n == 0 else ""
        months.append((f"{first:%Y-%m}", f"{first:%Y-%m}{running}"))
        first = (first - timedelta(days=1)).replace(day=1)
    weeks, monday = [], today - timedelta(days=today.weekday())
    for n in range(WEEKS):
        year, week, _ = monday.isocalendar()
        running = say("（未完）") if n == 0 else ""
        weeks.append(
            (f"{year}-W{week:02}", f"{year}-W{week:02}　{monday:%m-%d} – {monday + timedelta(days=6):%m-%d}{running}")
        )
        monday -= timedelta(days=7)
    return [(say("月通报"), months), (say("周通报"), weeks)]


def _policy(code: str, lang: str) -> str:
    known = POLICIES.get(code)
    return one_of(lang, known.name_zh, known.name_en) if known else code


def _row(row: Any, facts: Facts, lang: str, zone: ZoneInfo) -> dict[str, Any]:
    number = f"{row.year}-{row.no}"
    query = f"place={quote(row.place)}&lang={lang}"
    return {
        "number": number, "place": facts.name(row.place), "period": f"{row.first} – {row.last}",
        "policy": _policy(row.policy, lang),
        "issued_at": minute(row.issued_at, zone), "issued_by": row.issued_by, "digest": row.digest,
        "replaces": plain(row.replaces), "replaced_by": plain(row.replaced_by),
        "files": [(form.upper(), f"/bulletins/{number}?{query}&format={form}") for form in FORMATS],
    }  # fmt: skip
