"""The phone page's HTML from a beat's day; every text that comes from the record is escaped by the template."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from dashboard.auth.current import Visitor
from dashboard.design.css import by_device
from dashboard.design.tokens import LIGHT, TEAL
from dashboard.language import HTML_LANG, speaker
from dashboard.live.stamp import local
from dashboard.pages.beat import rows as shown
from dashboard.pages.beat.files import VERSION, modules
from dashboard.pages.beat.script_data import script_data
from dashboard.pages.beat.script_words import visit_kinds
from dashboard.pages.beat.svgmap import beat_svg
from dashboard.pages.beat.words import short_names
from dashboard.reading.beat_day import BeatDay
from dashboard.reading.facts import Facts
from dashboard.reading.records import plain, rows
from grids.doors import nearest_doors

FOLDER = Path(__file__).parent
FIRST_ROWS = 30  # of the list; the others unfold
Backdrop = list[tuple[str, int, BaseGeometry]]


@cache
def template(name: str) -> Template:
    """A template of this folder, compiled once."""
    found = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return found.get_template(name)


def common(lang: str) -> dict[str, Any]:
    """What every phone page needs: words, colours, style, where its files lie."""
    return {
        "say": speaker(lang),
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "other": "zh" if lang == "en" else "en",
        "colours": Markup(by_device()),
        "style": Markup((FOLDER / "phone.css").read_text("utf-8")),
        "files": f"/phone/{VERSION}",
        "scripts": modules(),
        "themes": (("light", LIGHT.accent), ("dark", TEAL[8])),  # of the browser's own bar, like phone.css
    }


def beat_html(
    day: BeatDay, facts: Facts, backdrop: Backdrop, lang: str, visitor: Visitor | None, old: datetime | None = None
) -> str:
    """The page of one beat, as whoever looks may see it; facts: of the same reader; old: its last report, if stale."""
    say, sheet, city = speaker(lang), day.sheet, facts.city
    short = short_names([str(name) for name in sheet.cells["name"]])
    cells = shown.cells(sheet.cells, short, day.work)
    on, off = shown.people(day.team, city.zone, say)
    listed = shown.matters(day.work, city.zone, lang, day.now)
    lon, lat = centre(day)
    counts = {why: int((day.work["why"] == why).sum()) for why in ("overdue", "due", "revisit", "open")}
    return template("beat.html").render(
        **common(lang),
        sheet=sheet,
        city=city,
        map=_map(day, cells, backdrop, lang),
        cells=cells,
        on=on,
        off=off,
        covered=_covered(day.covered, facts),
        notices=[
            told | {"since": local(told["since"], city.zone, "%Y-%m-%d")} for told in day.notices.to_dict("records")
        ],
        listed=listed[:FIRST_ROWS],
        rest=listed[FIRST_ROWS:],
        due=sum(n for why, n in counts.items() if why != "open"),
        counts=counts,
        doors=plain(nearest_doors(day.work, lon, lat)) if lon is not None and lat is not None else [],
        names={row["no"]: row for row in listed},
        kinds=visit_kinds(say),
        may_work=visitor is not None and visitor.who.may("work"),
        person=visitor.who.name if visitor else "",
        data=script_data(day, city, lang, (lon, lat)),
        now=local(day.now, city.zone),
        old=local(old, city.zone) if old else None,
        today=local(day.now, city.zone, "%Y-%m-%d"),
    )


def centre(day: BeatDay) -> tuple[float | None, float | None]:
    """A point in the middle of the beat (lon, lat), from which doors are measured until the phone says where it is."""
    if day.sheet.cells.empty:
        return None, None
    point = day.sheet.cells.geometry.union_all().centroid
    return float(point.x), float(point.y)


def list_html(facts: Facts, mine: pd.DataFrame, covered: pd.DataFrame, lang: str) -> str:
    """The page that lists the reader's own beats, those they cover, and every beat under its station or community."""
    beats = facts.places[facts.places["kind"] == "beat"]
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows(beats):
        above = facts.trail(f"beat:{row.code}")[:-1]
        title = " · ".join(facts.name(place) for place in above)
        groups.setdefault(title, []).append({"code": row.code, "name": row.name})
    own = [row for row in plain(mine) if facts.knows(f"beat:{row['code']}")]
    stands = _covered(covered, facts)
    return template("list.html").render(**common(lang), city=facts.city, groups=groups, mine=own, covered=stands)


def _map(day: BeatDay, cells: list[dict[str, Any]], backdrop: Backdrop, lang: str) -> Markup | str:
    if not cells:
        return ""
    say, sheet = speaker(lang), day.sheet
    drawn = list(zip(map(str, sheet.cells["name"]), sheet.cells.geometry, shown.wanted(cells, say), strict=True))
    return Markup(beat_svg(drawn, backdrop, say("{name} 地图", name=sheet.name)))


def _covered(covered: pd.DataFrame, facts: Facts) -> list[dict[str, Any]]:
    """The beats that the reader stands in for: whose they are, until when, and whether the account reaches so far."""
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "holder": row["holder_name"],
            "until": until(row["until"], facts.city.zone),
            "open": facts.knows(f"beat:{row['code']}"),
        }
        for row in plain(covered)
    ]


def until(at: str | None, zone: str) -> str:
    """The day on which a cover ends, or a dash."""
    return local(datetime.fromisoformat(at), zone, "%m-%d") if at else "–"
