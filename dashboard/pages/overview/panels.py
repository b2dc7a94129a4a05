"""The overview's panels as callbacks: each reads the view from the address and hands it to its drawing."""

import logging
from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, no_update

from dashboard import problems
from dashboard.components import notes
from dashboard.components.tiles import tiles
from dashboard.language import speaker
from dashboard.pages.browser import in_browser, keep_scale
from dashboard.pages.offload import off_loop
from dashboard.pages.overview import drawing, ids
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from dashboard.refusals import in_words
from geo.errors import BeatgridError, NotFound

LOG = logging.getLogger("beatgrid")
Draw = Callable[..., tuple[Any, ...]]

# drawing: its outputs as (part, property); the last of them also takes the words when nothing can be read.
PANELS: dict[Draw, tuple[tuple[str, str], ...]] = {
    drawing.trail: ((ids.TRAIL, "children"),),
    drawing.head: ((ids.PERIOD_TEXT, "children"), (ids.WORDING, "children"), (ids.THROUGH, "children")),
    drawing.counts: ((ids.TILES, "children"), (ids.BANNER, "children")),
    drawing.cells: ((ids.MAP, "figure"), (ids.HEAT_KEY, "hidden"), (ids.MAP_NOTE, "children")),
    drawing.containment: ((ids.CONTAINMENT, "children"),),
    drawing.places: ((ids.TABLE, "rowData"), (ids.TABLE, "columnDefs"), (ids.TABLE_NOTE, "children")),
    drawing.work: ((ids.WORK, "figure"), (ids.FAIRNESS, "children"), (ids.WORK_NOTE, "children")),
    drawing.by_day: ((ids.TREND, "figure"), (ids.TREND_NOTE, "children")),
    drawing.by_hour: ((ids.CLOCK, "figure"), (ids.CLOCK_NOTE, "children")),
}
MORE = {drawing.work: (Input(ids.WORK_BY, "value"),), drawing.cells: (Input(ids.MAP_SIZE, "data"),)}


def register(dash: Dash, desk: Desk) -> None:
    """One callback a panel, so that each appears as soon as it is ready; the browser measures the map first."""
    in_browser(dash, "screen", "size", Output(ids.MAP_SIZE, "data"), Input(ids.MAP, "id"))
    keep_scale(dash, ids.MAP, ids.MAP_SCALE)
    for draw, parts in PANELS.items():
        _serve(dash, desk, draw, parts)


def _serve(dash: Dash, desk: Desk, draw: Draw, parts: tuple[tuple[str, str], ...]) -> None:
    outputs = [Output(part, name) for part, name in parts]

    @dash.callback(outputs, Input(ids.ADDRESS, "search"), *MORE.get(draw, ()))
    async def _panel(search: str | None, *more: Any) -> list[Any]:
        return await off_loop(guarded, draw, len(parts), desk, search, *more)


def guarded(draw: Draw, size: int, desk: Desk, search: str | None, *more: Any) -> list[Any]:
    """What `draw` returns; what cannot be read is said in the panel's note and the rest stays as it was."""
    view = View.forgiving(search)
    say, silent = speaker(view.lang), [no_update] * (size - 1)
    try:
        return list(draw(desk, view, *more))
    except NotFound:
        place = str(view.place)
        banner = notes.no_such_place(place, say, view.link(place=None))
        return [tiles(None, say), banner] if draw is drawing.counts else [*silent, notes.nothing_there(place, say)]
    except Exception as error:
        if not isinstance(error, BeatgridError):
            LOG.exception("panel %s failed for %s", draw.__name__, search)
        said = in_words(problems.body(error)["message"], view.lang)
        return [*silent, notes.failed(said, say)]
