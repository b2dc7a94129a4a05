"""/beat/{code}/print and print.pdf: the beat on one sheet of A4 or A3, true to scale, with contacts and a QR code."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import segno
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from dashboard.bulletin.pdf import write_pdf
from dashboard.design.css import css
from dashboard.design.tokens import LIGHT
from dashboard.exports.papermap import paper_map
from dashboard.language import speaker
from dashboard.live.stamp import local
from dashboard.pages.beat.render import common, template
from dashboard.pages.beat.rows import cells, people, wanted
from dashboard.pages.beat.words import short_names
from dashboard.reading.beat_day import BeatDay
from db.city import City

STYLE = Path(__file__).with_name("print.css")
PaperName = Literal["A4", "A3"]


@dataclass(frozen=True)
class Sheet:
    """A paper in millimetres, upright, and how high the map on it is; it is as wide as the margins leave."""

    wide: float
    high: float
    map_high: float

    @property
    def map_wide(self) -> float:
        """Between the margins of 10 mm."""
        return self.wide - 20.0


SHEETS: dict[PaperName, Sheet] = {"A4": Sheet(210.0, 297.0, 176.0), "A3": Sheet(297.0, 420.0, 272.0)}
CONTACTS = {"A4": 11, "A3": 22}  # people that fit beside the legend


def print_html(
    day: BeatDay,
    city: City,
    backdrop: list[tuple[str, int, BaseGeometry]],
    lang: str,
    paper: PaperName,
    address: str,
    *,
    as_pdf: bool = False,
) -> str:
    """The sheet. address: of the beat's page, for the QR code. as_pdf: without the buttons of the screen."""
    say, sheet, size = speaker(lang), day.sheet, SHEETS[paper]
    short = short_names([str(name) for name in sheet.cells["name"]])
    listed = cells(sheet.cells, short, day.work)
    shapes = list(sheet.cells.geometry)
    drawn = paper_map(shapes, wanted(listed, say), backdrop, size.map_wide, size.map_high) if shapes else None
    on, off = people(day.team, city.zone, say)
    return template("print.html").render(
        **common(lang) | {"colours": Markup(f":root{{{css('light')}}}"), "style": Markup(STYLE.read_text("utf-8"))},
        sheet=sheet,
        city=city,
        paper=paper,
        size=size,
        map=Markup(drawn.svg) if drawn else "",
        drawn=drawn,
        cells=listed,
        on=on,
        people=[*on, *off][: CONTACTS[paper]],
        more=max(0, len(on) + len(off) - CONTACTS[paper]),
        due=int((day.work["why"] != "open").sum()),
        qr=Markup(qr_code(address)),
        address=address,
        as_pdf=as_pdf,
        now=local(day.now, city.zone),
    )


def print_pdf(html: str) -> bytes:
    """The sheet as PDF. Raises Unavailable when what sets type is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "beat.pdf"
        write_pdf(html, out)
        return out.read_bytes()


def qr_code(address: str) -> str:
    """A QR code as inline SVG that still reads when a tenth of it is dirty."""
    code: Any = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(border=2, dark=LIGHT.ink, omitsize=True))
