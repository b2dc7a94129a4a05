"""A beat's map as one HTML file that needs nothing else: scripts, style, shapes and backdrop are inside it."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
import shapely
from branca.element import Element
from shapely.geometry.base import BaseGeometry

from dashboard.design.css import css
from dashboard.design.tokens import LIGHT, TINTS
from dashboard.exports import leaflet
from dashboard.language import HTML_LANG, Say, speaker
from dashboard.live.stamp import local
from dashboard.pages.beat.words import ROLES, short_names
from dashboard.reading.records import rows
from db.beat_sheets import BeatSheet
from db.city import City

OWN_STYLE = Path(__file__).with_suffix(".css")
DIGITS = 5
AROUND = 1.9  # how far beyond the beat, in its own size, the backdrop reaches
LOOKS: dict[str, dict[str, Any]] = {
    "sea": {"fillColor": LIGHT.sea, "fillOpacity": 1, "stroke": False},
    "water": {"fillColor": LIGHT.sea, "fillOpacity": 1, "stroke": False},
    "park": {"fillColor": LIGHT.park, "fillOpacity": 1, "stroke": False},
    "building": {"fillColor": LIGHT.building, "fillOpacity": 1, "stroke": False},
    "road": {"color": LIGHT.road, "fill": False, "opacity": 1},
}
ROAD_WIDTH = {1: 7, 2: 5, 3: 3}
STILL: dict[str, Any] = {"interactive": False, "smooth_factor": 0.5}
Backdrop = Iterable[tuple[str, int, BaseGeometry]]


def beat_map(sheet: BeatSheet, city: City, backdrop: Backdrop, lang: str, now: datetime) -> str:
    """The whole file as text. sheet.cells: name and geometry in lon/lat."""
    say = speaker(lang)
    box = tuple(float(edge) for edge in sheet.cells.total_bounds)
    page = folium.Map(tiles=None, control_scale=True, attribution_control=False, zoom_control=False, max_zoom=19)
    page.default_js, page.default_css = [], []  # Leaflet itself goes into the file instead
    root: Any = page.get_root()
    root.header.add_child(Element(head(f"{sheet.name} · 警格通")), name="leaflet")
    _add_backdrop(page, backdrop, box)
    _add_cells(page, sheet, say)
    page.fit_bounds([[box[1], box[0]], [box[3], box[2]]], padding=(18, 18))
    root.html.add_child(Element(card(sheet, city, say, local(now, city.zone))))
    # folium's page has no language of its own and forbids to zoom by hand.
    html = str(root.render()).replace("<html>", f'<html lang="{HTML_LANG[lang]}">', 1)
    return html.replace("maximum-scale=1.0, user-scalable=no", "viewport-fit=cover", 1)


def head(title: str) -> str:
    """Title, Leaflet, and our style after its own."""
    own = f":root{{{css('light')}}}" + OWN_STYLE.read_text("utf-8")
    icon = '<link rel="icon" href="data:,">'
    return f"<title>{escape(title)}</title>{icon}{leaflet.tags()}<style>{own}</style>"


def _add_backdrop(page: folium.Map, backdrop: Backdrop, box: tuple[float, ...]) -> None:
    """What of the backdrop lies around the beat, one layer a kind and rank, in drawing order."""
    west, south, east, north = box
    wide = high = max(east - west, north - south) * AROUND
    seen: dict[tuple[str, int], list[BaseGeometry]] = {}
    for kind, rank, shape in backdrop:
        part = shapely.clip_by_rect(shape, west - wide, south - high, east + wide, north + high)
        if kind in LOOKS and not part.is_empty:
            seen.setdefault((kind, rank), []).append(part)
    for (kind, rank), parts in seen.items():
        features = rounded(shapely.geometrycollections(parts))
        for look in _looks(kind, ROAD_WIDTH.get(rank, 3)):
            folium.GeoJson(features, style_function=_styled(look), control=False, **STILL).add_to(page)


def rounded(shape: BaseGeometry) -> str:
    """GeoJSON with coordinates to a metre: what a phone's map can show, and half the size."""
    near = shapely.transform(shape, lambda points: np.round(points, DIGITS))
    return str(shapely.to_geojson(near))


def _looks(kind: str, width: int) -> list[dict[str, Any]]:
    if kind != "road":
        return [LOOKS[kind]]
    return [{**LOOKS["road"], "color": LIGHT.road_edge, "weight": width + 2}, {**LOOKS["road"], "weight": width}]


def _styled(look: dict[str, Any]) -> Any:
    return lambda _feature: look


def _add_cells(page: folium.Map, sheet: BeatSheet, say: Say) -> None:
    """The beat's cells, each with its name and what is open in it written on the map."""
    short = short_names([str(name) for name in sheet.cells["name"]])
    counts = sheet.open_matters["cell"].value_counts()
    for i, (label, row) in enumerate(zip(short, rows(sheet.cells), strict=True)):
        look = {"color": LIGHT.outline, "weight": 2.5, "fillColor": TINTS[i % len(TINTS)], "fillOpacity": 0.28}
        still_open = int(counts.get(row.code, 0))
        words = escape(label) + (f"<small>{say('在办')} {still_open}</small>" if still_open else "")
        cell = folium.GeoJson(shapely.to_geojson(row.geometry), style_function=_styled(look), control=False, **STILL)
        cell.add_child(folium.Tooltip(words, permanent=True, direction="center", class_name="cell-name", sticky=False))
        cell.add_to(page)


def card(sheet: BeatSheet, city: City, say: Say, now: str) -> str:
    """What lies over the map: the beat, the day of the file, and whom to call."""
    people = "".join(_person(row, say) for row in rows(once(sheet.people)))
    demo = f"<em>{say('演示数据')}</em>" if city.synthetic else ""
    made = say("生成于 {now}", now=now)
    station = _call(escape(sheet.station or ""), "", sheet.station_phone) if sheet.station_phone else ""
    return (
        f'<main><details class="card"><summary><h1>{escape(sheet.name)}</h1>{demo}'
        f"<small>{made} · {say('点开看联系人和图例')}</small></summary>{people}{station}"
        f"{legend(sheet, say)}</details></main>"
    )


def legend(sheet: BeatSheet, say: Say) -> str:
    """What the colours mean, and the full name of each cell beside the short one that stands on the map."""
    signs = {"cell": say("网格"), "road": say("道路"), "park": say("绿地"), "sea": say("水面")}
    marks = "".join(f'<span><i class="swatch {kind}"></i>{word}</span>' for kind, word in signs.items())
    short = short_names([str(name) for name in sheet.cells["name"]])
    names = [
        f"<span>{escape(label)}: {escape(full)}</span>"
        for label, full in zip(short, map(str, sheet.cells["name"]), strict=True)
        if label != full
    ]
    return f'<p class="legend"><b>{say("图例")}</b>{marks}{"".join(names)}</p>'


def once(people: pd.DataFrame) -> pd.DataFrame:
    """Each person and role once, however many cells they serve."""
    return people.drop_duplicates(["code", "role"])


def _person(row: Any, say: Say) -> str:
    return _call(escape(str(row.name)), escape(say(ROLES.get(row.role, row.role))), row.phone)


def _call(name: str, role: str, number: str | None) -> str:
    phone = escape(str(number)) if number else ""
    call = f'<a href="tel:{phone}">{phone}</a>' if phone and "*" not in phone else phone
    return f"<p><b>{name}</b> {role} {call}</p>"
