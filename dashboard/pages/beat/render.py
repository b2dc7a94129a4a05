"""The phone page's HTML from a beat's sheet; every text that comes from the record is escaped by the template."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from dashboard.components.severity import svg, word
from dashboard.figures.theme import css
from dashboard.language import HTML_LANG, Say, speaker
from dashboard.live.stamp import local
from dashboard.pages.beat.svgmap import beat_svg
from dashboard.pages.beat.words import ROLES, short_names
from dashboard.reading.facts import Facts
from dashboard.reading.records import plain, rows
from db.beat_sheets import BeatSheet
from db.city import City

FOLDER = Path(__file__).parent


@cache
def template(name: str) -> Template:
    """A template of this folder, compiled once."""
    found = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return found.get_template(name)


def common(lang: str) -> dict[str, Any]:
    """What every phone page needs: words, colours, style."""
    return {
        "say": speaker(lang),
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "other": "zh" if lang == "en" else "en",
        "colours": Markup(css("light")),
        "style": Markup((FOLDER / "phone.css").read_text("utf-8")),
    }


def beat_html(
    sheet: BeatSheet, city: City, backdrop: list[tuple[str, int, BaseGeometry]], lang: str, now: datetime
) -> str:
    """The page of one beat."""
    say = speaker(lang)
    short = short_names([str(name) for name in sheet.cells["name"]])
    shapes = list(zip(short, sheet.cells["name"], sheet.cells.geometry, strict=True))
    return template("beat.html").render(
        **common(lang),
        sheet=sheet,
        city=city,
        map=Markup(beat_svg(shapes, backdrop, say("{name} 地图", name=sheet.name))) if shapes else "",
        people=people(sheet.people, dict(zip(sheet.cells["name"], short, strict=True)), say),
        due=matters(sheet.due_today, city.zone, lang, now),
        open=matters(sheet.open_matters, city.zone, lang, now),
        now=local(now, city.zone),
    )


def list_html(facts: Facts, lang: str) -> str:
    """The page that lists every beat under its station or community."""
    beats = facts.places[facts.places["kind"] == "beat"]
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows(beats):
        above = facts.trail(f"beat:{row.code}")[:-1]
        title = " · ".join(facts.name(place) for place in above)
        groups.setdefault(title, []).append({"code": row.code, "name": row.name})
    return template("list.html").render(**common(lang), city=facts.city, groups=groups)


def people(frame: pd.DataFrame, short: dict[str, str], say: Say) -> list[dict[str, Any]]:
    """Who is posted here: name, role in words, phone, places; who serves two cells of the beat stands here once.

    short: name of a cell → its name on the map.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for person in plain(frame):
        key = (person["code"], person["role"])
        place = short.get(person["place"], person["place"])
        if key in found:
            found[key]["place"] = "、".join(filter(None, [found[key]["place"], place]))
        else:
            found[key] = {**person, "place": place, "role": say(ROLES.get(person["role"], person["role"]))}
    return list(found.values())


def matters(frame: pd.DataFrame, zone: str, lang: str, now: datetime) -> list[dict[str, Any]]:
    """Open matters with their grade as shape and word, and their deadline in local time."""
    return [
        {
            "no": row.no,
            "category": row.category,
            "cell": row.cell_name,
            "mark": Markup(svg(int(row.severity), 20)),
            "severity": int(row.severity),
            "word": word(int(row.severity), lang),
            "opened": local(row.opened_at, zone, "%m-%d %H:%M"),
            "due": local(row.due_at, zone, "%m-%d %H:%M"),
            "overdue": late(row, now, speaker(lang)),
        }
        for row in rows(frame)
    ]


def late(row: Any, now: datetime, say: Say) -> str:
    """By how many whole days a matter is past its deadline, in words; nothing when it is not."""
    if not row.overdue:
        return ""
    days = (now - row.due_at).days
    return say("超期 {n} 天", n=days) if days >= 1 else say("已超期")
