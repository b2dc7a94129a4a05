"""The chief's sheet and the handover list as one HTML text each: nothing is fetched, a printer breaks it into pages."""

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.bulletin import html as bulletin
from dashboard.bulletin.words import words
from dashboard.language import Say, one_of, speaker
from dashboard.live.stamp import local
from dashboard.pages.plan.sheet_maps import maps
from dashboard.pages.plan.sheet_rows import (
    beats_of,
    contacts,
    hands,
    pairs_of,
    parts_of,
    reasons_of,
    replayed,
    story_of,
)
from dashboard.reading.facts import Facts
from db.planning.sheet import Sheet
from grids.planning.life import STATE_NAMES

Row = dict[str, Any]


@cache
def environment() -> Environment:
    """Our templates, which escape whatever comes from the record and refuse unknown names."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def chief_html(sheet: Sheet, facts: Facts, backdrop: Any, lang: str) -> str:
    """Before and after, what it costs and brings, and the reason for each move."""
    say = speaker(lang)
    drawn = maps(sheet, backdrop, say)
    return environment().get_template("chief.html").render(
        **_common(sheet, facts, say, lang, say("警格调整方案")), maps=drawn,
        pairs=[*pairs_of(sheet.cost, say), *replayed(sheet.containment, say)],
        parts=parts_of(sheet, say), beats=beats_of(sheet.cost, drawn, say), reasons=reasons_of(sheet, lang),
        problems=[one_of(lang, each.zh, each.en) for each in sheet.problems], story=story_of(sheet),
    )  # fmt: skip


def handover_html(sheet: Sheet, facts: Facts, lang: str) -> str:
    """Who hands what to whom: a part for each pair of beats, to be signed."""
    say = speaker(lang)
    return environment().get_template("handover.html").render(
        **_common(sheet, facts, say, lang, say("交接清单")), hands=hands(sheet, lang), contacts=contacts(sheet, say),
    )  # fmt: skip


def _common(sheet: Sheet, facts: Facts, say: Say, lang: str, title: str) -> Row:
    plan = sheet.sitting.plan
    state = STATE_NAMES[plan.state]
    head = {
        "name": plan.name, "code": plan.code, "state": one_of(lang, state.zh, state.en),
        "made": local(pd.Timestamp(sheet.made_at), sheet.zone),
    }  # fmt: skip
    told = [
        (say("范围"), facts.name(plan.place) if plan.place else say("全市")),
        (say("生效日期"), local(plan.effective_at, sheet.zone, "%Y-%m-%d")),
        (say("编制人"), plan.created_by), (say("提交人"), plan.submitted_by or "–"),
        (say("审批人"), plan.approved_by or "–"),
    ]  # fmt: skip
    mark = say("演示数据") if facts.city.synthetic else ""
    return bulletin.common(words(lang)) | {
        "say": say, "title": title, "city": sheet.city, "head": head, "facts": told, "mark": mark,
    }  # fmt: skip
