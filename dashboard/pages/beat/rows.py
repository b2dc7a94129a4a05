"""The phone page's rows: people on duty and off, matters with why they are due, cells with their counts, doors."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from markupsafe import Markup

from dashboard.components.severity import svg, word
from dashboard.figures.celllabels import Lines
from dashboard.language import Say, speaker
from dashboard.live.stamp import local
from dashboard.pages.beat.words import ROLES
from dashboard.reading.records import plain, rows


def people(team: pd.DataFrame, zone: str, say: Say) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Who answers for the beat: those on duty now, and the others; each person once, their posts side by side."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in plain(team):
        key = (row["officer"] or row["holder"], row["officer"] is None, row["role"])
        if key in found:
            found[key]["posts"].append(row["post_name"])
            found[key]["away"] = found[key]["away"] or row["away"]
        else:
            found[key] = {**row, "posts": [row["post_name"]]}
    told = [_person(each, zone, say) for each in found.values()]
    return [each for each in told if each["duty"]], [each for each in told if not each["duty"]]


def _person(row: dict[str, Any], zone: str, say: Say) -> dict[str, Any]:
    duties = {"day": say("白班"), "night": say("夜班"), "standby": say("备勤")}
    until = local(row["until"], zone, "%H:%M") if row["duty"] else None
    stands_in = row["away"] is not None and row["officer"] is not None
    return {
        "name": row["name"] or say("无人顶岗"),
        "role": say(ROLES.get(row["role"], row["role"])),
        "posts": "、".join(dict.fromkeys(filter(None, row["posts"]))),
        "phone": row["phone"] if row["phone"] and "*" not in row["phone"] else None,
        "masked": row["phone"] if row["phone"] and "*" in row["phone"] else None,
        "duty": say("{duty}，至 {until}", duty=duties[row["duty"]], until=until) if row["duty"] else None,
        "note": say("顶岗") if stands_in else None,
    }


def matters(work: pd.DataFrame, zone: str, lang: str, now: datetime) -> list[dict[str, Any]]:
    """What there is to do, each with its grade as shape and word, why it stands here, where, and since when."""
    say = speaker(lang)
    return [
        {
            "no": row.number,
            "category": row.category_name,
            "cell": row.cell_name,
            "address": row.address if isinstance(row.address, str) else None,
            "mark": Markup(svg(int(row.severity), 20)),
            "severity": int(row.severity),
            "word": word(int(row.severity), lang),
            "opened": local(row.opened_at, zone, "%m-%d %H:%M"),
            "opened_at": row.opened_at.isoformat(),
            "why": row.why,
            "reason": reason(row, zone, now, say),
            "late": row.why in ("overdue", "revisit") and row.since < now,
        }
        for row in rows(work)
    ]


def reason(row: Any, zone: str, now: datetime, say: Say) -> str:
    """Why a matter stands on the list, in words: how long overdue, until when, or that a revisit is due."""
    if pd.isna(row.since):
        return say("未定时限")
    days = (now - row.since).days
    at = local(row.since, zone, "%H:%M")
    if row.why == "overdue":
        return say("超期 {n} 天", n=days) if days else say("已超期")
    if row.why == "due":
        return say("今天 {at} 到期", at=at)
    if row.why == "revisit":
        today = row.since.tz_convert(zone).date() >= now.astimezone(ZoneInfo(zone)).date()
        return say("今天回访") if today else say("回访过期 {n} 天", n=max(days, 1))
    return say("{day} 到期", day=local(row.since, zone, "%m-%d"))


def cells(sheet_cells: pd.DataFrame, short: list[str], work: pd.DataFrame) -> list[dict[str, Any]]:
    """Each cell of the beat with what is open in it and what of that is pressing."""
    open_ones, due = work[work["closed_at"].isna()], work[work["why"] != "open"]
    return [
        {
            "code": row.code,
            "name": row.name,
            "short": label,
            "households": None if pd.isna(row.households) else int(row.households),
            "open": int((open_ones["cell"] == row.code).sum()),
            "due": int((due["cell"] == row.code).sum()),
        }
        for label, row in zip(short, rows(sheet_cells), strict=True)
    ]


def wanted(cells: list[dict[str, Any]], say: Say) -> list[list[Lines]]:
    """The labels that would do for each cell on a map, the best first: full or short name, with what is open or not.

    A short name that is a bare number is none: numbers are those of the key.
    """
    return [_labels(cell, (say("在办 {n}", n=cell["open"]),) if cell["open"] else ()) for cell in cells]


def _labels(cell: dict[str, Any], count: Lines) -> list[Lines]:
    names = [cell["name"]] + ([] if cell["short"].isdigit() else [cell["short"]])
    return [(name, *count) for name in names] + [(name,) for name in names]
