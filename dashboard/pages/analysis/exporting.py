"""A panel's figures by themselves: CSV for programmes, XLSX with a sheet that says what was asked, or all as a page."""

from io import BytesIO
from zoneinfo import ZoneInfo

import pandas as pd
from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.components.figuretable import tidy
from dashboard.language import speaker
from dashboard.pages.analysis import registry
from dashboard.pages.analysis.filling import Pair, drawn
from dashboard.pages.analysis.panel import Page, Panel
from dashboard.pages.analysis.whole import Whole, whole_html
from dashboard.pages.rows.paging import page_number
from dashboard.pages.rows.routes import answered
from dashboard.reading.desk import Desk
from dashboard.reading.periods import fixed
from dashboard.reading.view import View
from geo.errors import NotFound

FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def router(desk: Desk) -> APIRouter:
    """GET /figures/{page}/{file}: the panel's name, alone or with .csv or .xlsx, under the page's own query."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/figures/{page}/{file}")
    def figures(page: str, file: str, request: Request) -> Response:
        name, _, form = file.partition(".")
        panel = registry.page(page).by_name.get(name)
        if panel is not None and not form:
            return answered(request, lambda: _listed(desk, registry.page(page), panel, request))
        if panel is None or form not in FORMS:
            raise NotFound(f"There is no {file!r} on /{page}: ask for a panel's name with .csv or .xlsx.")
        asked = fixed(View.parse(request.url.query), desk.now(), desk.facts().city.zone)
        pairs = drawn(desk, panel, asked) if panel.only(asked) else []
        desk.exported(f"figures {page}/{file}?{asked.query()}")
        body = _csv(pairs) if form == "csv" else _xlsx(desk, panel, pairs, asked, f"/{page}")
        told = {"Content-Disposition": f'attachment; filename="{page}-{file}"'}
        return Response(body, media_type=FORMS[form], headers=told)

    return routes


def _listed(desk: Desk, page: Page, panel: Panel, request: Request) -> str:
    """The whole table as a page."""
    given = request.query_params
    asked = fixed(View.parse(request.url.query), desk.now(), desk.facts().city.zone)
    pairs = drawn(desk, panel, asked) if panel.only(asked) else []
    whole = Whole(page, panel, asked, pairs, given.get("sort", ""), given.get("up") == "1")
    return whole_html(desk, whole, _about(desk, panel, asked, page.path), page_number(given.get("page")))


def frame_of(pairs: list[Pair]) -> pd.DataFrame:
    """The figures of all that was compared, under the words of the table; the first column says of what."""
    parts = []
    for told, each in pairs:
        part = tidy(each.data[list(each.columns)]).rename(columns=dict(each.columns))
        if told.label:
            part.insert(0, told.say("对比"), told.label)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _csv(pairs: list[Pair]) -> bytes:
    return frame_of(pairs).to_csv(index=False).encode("utf-8-sig")  # with its mark: spreadsheets guess wrong without


def _about(desk: Desk, panel: Panel, asked: View, path: str) -> dict[str, str]:
    """What the figures are, of which time, and where they are shown."""
    say, zone = speaker(asked.lang), ZoneInfo(desk.facts().city.zone)
    flt, now = desk.filter(asked), desk.now().astimezone(zone)
    return {
        say("图表"): say(panel.title),
        say("说明"): say(panel.hint),
        say("起"): f"{flt.start.astimezone(zone):%Y-%m-%d %H:%M}",
        say("止（不含）"): f"{flt.end.astimezone(zone):%Y-%m-%d %H:%M}",
        say("链接"): asked.link(path),
        say("导出时间"): f"{now:%Y-%m-%d %H:%M}",
    }


def _xlsx(desk: Desk, panel: Panel, pairs: list[Pair], asked: View, path: str) -> bytes:
    say, about = speaker(asked.lang), _about(desk, panel, asked, path)
    written = BytesIO()
    with pd.ExcelWriter(written, engine="xlsxwriter") as book:
        frame_of(pairs).to_excel(book, sheet_name=say("数据"), index=False)
        pd.DataFrame(list(about.items())).to_excel(book, sheet_name=say("口径"), index=False, header=False)
    return written.getvalue()
