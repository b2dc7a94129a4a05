"""GET /api/v1/rows: the rows behind any figure, as many as it shows; as JSON, CSV, XLSX or GeoPackage."""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from dashboard.api.answers import ALWAYS, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.measures import FILTERED, FILTERS
from dashboard.exports.rows.book import write_book
from dashboard.exports.rows.package import write_package
from dashboard.exports.rows.table import csv_pieces
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from dashboard.reading.rows import Found, Wanted, opened
from dashboard.reading.rows_words import title

MOST = 1_000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
}
WRITERS: dict[str, Callable[[Found, Desk, Path], None]] = {"xlsx": write_book, "gpkg": write_package}
ABOUT = (
    "The rows behind a figure: matters, reports, closings or diversions, none of them personal. figure: its name "
    "(docs/doors.md lists them); key: KIND:VALUE, as often as one likes, an empty VALUE for what has no such key; or "
    "by: KIND and key: VALUE. sort, up=1: order. Files ask for the right “export” besides and hold all rows; JSON "
    "comes page by page. "
)


def router(desk: Desk) -> APIRouter:
    """The endpoint of rows."""
    routes = APIRouter(
        prefix="/api/v1", tags=["figures"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )

    @routes.get("/rows", description=ABOUT + FILTERS, openapi_extra=FILTERED, response_class=Response)
    def rows(
        request: Request,
        _figure: Annotated[str, Query(alias="figure", description="Which figure, for example containment.escaped.")],
        format: Literal["json", "csv", "xlsx", "gpkg"] = "json",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> Any:
        asker("cases")
        wanted = Wanted.parse(request.url.query)
        return _page(desk, wanted, offset, limit) if format == "json" else taken_away(desk, wanted, format)

    return routes


def _page(desk: Desk, wanted: Wanted, offset: int, limit: int) -> Any:
    with opened(desk, wanted) as found:
        items = plain(found.frame(offset, offset + limit))
        more = offset + limit < len(found)
        told: dict[str, Any] = {"figure": found.figure.code, "count": len(found), "row": found.figure.table}
        told |= {"name_zh": title(found, "zh"), "name_en": title(found, "en")}
        told |= {"boundary_version": found.asked.view.about.boundary_version}
        next_page = wanted.link("/api/v1/rows", limit=limit, offset=offset + limit) if more else None
    return JSONResponse(told | {"items": items, "next": next_page})


def taken_away(desk: Desk, wanted: Wanted, form: str) -> Response:
    """The rows as a file, written into the audit. Raises Denied without the right to export."""
    desk.who().demand("export")
    desk = desk.under(desk.who())  # a file is written while it is sent, when nobody asks any more
    with opened(desk, wanted) as found:
        count = len(found)
    desk.exported(f"rows {form} {count}: {wanted.query}"[:500])
    told = {"Content-Disposition": f'attachment; filename="{_name(wanted)}.{form}"'}
    if form == "csv":
        return StreamingResponse(_csv(desk, wanted), media_type=KINDS[form], headers=told)
    folder = tempfile.TemporaryDirectory(prefix="beatgrid-rows-")
    out = Path(folder.name) / f"rows.{form}"
    try:
        with opened(desk, wanted) as found:
            WRITERS[form](found, desk, out)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(out, media_type=KINDS[form], headers=told, background=BackgroundTask(folder.cleanup))


def _csv(desk: Desk, wanted: Wanted) -> Iterator[bytes]:
    with opened(desk, wanted) as found:
        yield from csv_pieces(found, desk)


def _name(wanted: Wanted) -> str:
    keys = "".join(f"-{kind}-{value or 'none'}" for kind, value in wanted.keys)
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"rows-{wanted.figure}{keys}")
