"""The page of rows: what the figure is, how many, by which filters; the table, its order and pages; the files."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.components.markup import markup
from dashboard.components.severity import mark
from dashboard.language import Say, speaker
from dashboard.pages.plain import common, template
from dashboard.pages.rows.chosen import chosen
from dashboard.pages.rows.paging import Sheet
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.rows import PATH, Found
from dashboard.reading.rows_about import about
from dashboard.reading.rows_words import UNITS, headings, in_words, title
from db.drill import SORTS

HERE = Path(__file__).parent
CSS = HERE / "rows.css"
# Codes are for programmes: on the page names stand in their place.
LEFT_OUT = ("category", "cell", "beat", "community", "street", "report_category", "report_beat", "lead_unit")
CHANNELS = ("channel", "report_channel")
PLACES = {"station": "station", "report_cell": "cell"}
AT_ONCE = ("时间", "口径", "边界")  # of what the rows are, said without unfolding
NUMBERS = ("minutes", "own_minutes", "reports")
FORMS = (("csv", "CSV"), ("xlsx", "XLSX"), ("gpkg", "GeoPackage"))
NAMED = {"station": "派出所", "report_cell": "报警网格"}  # what such a column is called where it holds names
SORTED_AS = {"category_name": "category", "cell_name": "cell", "beat_name": "beat"}


def rows_html(desk: Desk, found: Found, page: int) -> str:
    """One page of the rows."""
    view, facts = found.wanted.view, desk.facts()
    say, sheet = speaker(view.lang), Sheet(len(found), page)
    told = about(found, desk, say, view.lang)
    return str(
        template(HERE, "rows.html").render(
            **common(view, desk, f"{PATH}?{found.wanted.own}", CSS),
            title=title(found, view.lang),
            count=f"{len(found):,}",
            unit=say(UNITS[found.figure.table]),
            chips=markup(chosen(found, desk, say)),
            about=told,
            at_once=_at_once(dict(told), say),
            files=_files(found) if desk.who().may("export") else [],
            head=_head(found, say),
            rows=_rows(found, say, facts, sheet),
            pager=sheet.ways(lambda number: found.wanted.link(page=number)),
            shown=sheet.words(say),
            empty=len(found) == 0,
        )
    )


def _at_once(told: dict[str, str], say: Say) -> list[str]:
    through = say("数据截至 {through}", through=told[say("数据截至")])
    return [*(told[say(name)] for name in AT_ONCE), through]


def columns(found: Found) -> list[str]:
    """Those of the columns that people see."""
    return [name for name in found.columns if name not in LEFT_OUT]


def _head(found: Found, say: Say) -> list[dict[str, Any]]:
    """Each column's words, where a press on them leads, and how the rows are sorted by it now."""
    wanted, cells = found.wanted, []
    for name, words in zip(columns(found), headings(columns(found), say), strict=True):
        key = SORTED_AS.get(name, name)
        now = key == wanted.sort
        href = replace(wanted, sort=key, up=not wanted.up if now else False).link() if key in SORTS else None
        order = ("ascending" if wanted.up else "descending") if now else "none"
        words = say(NAMED.get(name, "")) or words
        cells.append({"words": words, "href": href, "order": order, "number": name in NUMBERS})
    return cells


def _rows(found: Found, say: Say, facts: Facts, sheet: Sheet) -> list[list[dict[str, Any]]]:
    view, frame = found.wanted.view, found.frame(sheet.first, sheet.end)
    shown = _named(in_words(frame, say, view.lang, ZoneInfo(facts.city.zone)), facts, view.lang)[columns(found)]
    back, lines = quote(found.wanted.link(), safe=""), []
    for plain, row in zip(frame.to_dict("records"), shown.to_dict("records"), strict=True):
        cells = [{"text": _text(row[name]), "name": name, "number": name in NUMBERS} for name in row]
        for cell in cells:
            if cell["name"] == "number" and plain["number"]:
                query = f"lang={view.lang}&theme={view.theme}&back={back}"
                cell["href"] = f"/rows/case/{quote(plain['number'])}?{query}"
            if cell["name"] in ("severity", "severity_now") and row[cell["name"]]:
                cell["html"] = markup(mark(int(plain[cell["name"]]), view.lang))
            if cell["name"] == "state" and plain["state"]:
                cell["state"] = plain["state"]
        lines.append(cells)
    return lines


def _named(shown: pd.DataFrame, facts: Facts, lang: str) -> pd.DataFrame:
    """Channels, stations and the cells of reports under their names."""
    channels = facts.channel_names(lang)
    told = {name: shown[name].map(lambda code: channels.get(code, code)) for name in CHANNELS if name in shown}
    for name, kind in PLACES.items():
        if name in shown:
            told[name] = shown[name].map(lambda code, kind=kind: facts.name(f"{kind}:{code}") if code else None)
    return shown.assign(**told)


def _text(value: Any) -> str:
    """A value as the table shows it; what is unknown is a dash."""
    if value is None or value != value:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}"
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "hour") else str(value)


def _files(found: Found) -> list[tuple[str, str]]:
    return [(found.wanted.link("/api/v1/rows", format=form), words) for form, words in FORMS]
