"""One matter as whoever looks may see it: what is known, its reports, and every step; personal fields stay masked."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from dashboard.auth.forms import local_path
from dashboard.components.markup import markup
from dashboard.components.severity import mark
from dashboard.language import Say, one_of, speaker
from dashboard.pages.plain import common, template
from dashboard.pages.rows.render import CSS, HERE
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.rows import PATH
from dashboard.reading.rows_about import minute
from dashboard.reading.rows_words import KIND_WORDS
from dashboard.reading.view import View
from db.cases import Case
from db.personal import MASKED_TEXT
from grids.levels import LEVEL_NAMES
from grids.steps import STEP_KINDS


def case_html(desk: Desk, case: Case, lang: str, theme: str, back: str) -> str:
    """The page; back: where the reader came from, on this site."""
    say, zone = speaker(lang), ZoneInfo(desk.facts().city.zone)
    view = View(lang=lang, theme=theme)
    return str(
        template(HERE, "case.html").render(
            **common(view, desk, f"{PATH}/case/{quote(case.number)}?{urlencode({'back': back})}", CSS),
            number=case.number,
            back=local_path(back) or "/",
            facts=_facts(case, desk.facts(), say, lang),
            reports=[_report(row, say, zone) for row in case.reports],
            steps=[_step(row, lang, zone) for row in case.steps],
        )
    )


def _facts(case: Case, city: Facts, say: Say, lang: str) -> list[tuple[str, Any]]:
    facts, zone = case.facts, ZoneInfo(city.city.zone)
    lines = [
        (say("类别"), facts["category_name"]),
        (say("渠道"), facts["channel_name"]),
        (say("等级"), markup(mark(int(facts["severity_now"]), lang))),
        (say("网格"), facts["cell_name"] or facts["cell"]),
        (say("警格"), facts["beat_name"] or facts["beat"]),
        (say("派出所"), city.name(f"station:{facts['station']}") if facts["station"] else None),
        (say("牵头单位"), facts["lead_unit_name"]),
        (say("最高层级"), level(facts["height"], lang)),
        (say("阶段"), one_of(lang, facts["phase_zh"], facts["phase_en"])),
        (say("受理时间"), at(facts["opened_at"], zone)),
        (say("办结期限"), at(facts["due_at"], zone)),
        (say("办结时间"), at(facts["closed_at"], zone)),
    ]
    return [(what, value or "–") for what, value in lines]


def _report(row: dict[str, Any], say: Say, zone: ZoneInfo) -> dict[str, Any]:
    narrative = say("（已遮盖）") if row["narrative"] == MASKED_TEXT else row["narrative"]
    return {
        "number": row["number"], "at": at(row["reported_at"], zone), "kind": say(KIND_WORDS[row["kind"]]),
        "reporter": row["reporter"], "phone": row["phone"], "narrative": narrative,
    }  # fmt: skip


def _step(row: dict[str, Any], lang: str, zone: ZoneInfo) -> dict[str, Any]:
    kind = STEP_KINDS[row["kind"]]
    who = " · ".join(part for part in (level(row["level"], lang), row["unit_name"] or row["unit"]) if part)
    return {"at": at(row["at"], zone), "kind": one_of(lang, kind.zh, kind.en), "who": who, "note": row["note"]}


def level(code: str | None, lang: str) -> str | None:
    """A level's name."""
    return one_of(lang, LEVEL_NAMES[code].zh, LEVEL_NAMES[code].en) if code else None  # type: ignore[index]


def at(when: datetime | None, zone: ZoneInfo) -> str | None:
    """An instant on the city's clock."""
    return None if when is None else minute(when, zone)
