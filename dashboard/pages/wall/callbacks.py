"""The wall refreshes itself: the browser asks for the stamp, and only a new stamp brings new parts."""

from typing import Any

from dash import Dash, Input, Output, Patch, State, no_update

from dashboard.figures import cellmap, heat
from dashboard.figures.camera import Size, camera
from dashboard.figures.ground import style
from dashboard.language import speaker
from dashboard.live.snapshot import Snapshots
from dashboard.pages.browser import in_browser, keep_scale
from dashboard.pages.frame_ids import LOCATION
from dashboard.pages.offload import off_loop
from dashboard.pages.wall import ids, parts
from dashboard.pages.wall.layout import THEME
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from geo.errors import BeatgridError

LABEL_PX = 21.0  # of a beat's name on a map 900 pixels high
OUTPUTS = (
    (ids.MAP, "figure"),
    (ids.NUMBERS, "children"),
    (ids.CONTAINMENT, "children"),
    (ids.WORK, "children"),
    (ids.FEED, "children"),
    (ids.FRESHNESS, "children"),
    (ids.ALARM, "children"),
)


def register(dash: Dash, desk: Desk, snapshots: Snapshots) -> None:
    """The poll and the clock run in the browser; the redraw is one callback on the shared snapshot."""
    in_browser(
        dash,
        "wall",
        "poll",
        Output(ids.STAMP, "data"),
        Output(ids.CONNECTION, "data"),
        Input(ids.TICK, "n_intervals"),
        State(ids.STAMP, "data"),
        State(ids.CONNECTION, "data"),
    )
    in_browser(
        dash,
        "wall",
        "clock",
        Output(ids.CLOCK, "children"),
        Input(ids.SECOND, "n_intervals"),
        Input(ids.CONNECTION, "data"),
    )

    in_browser(dash, "screen", "size", Output(ids.MAP_SIZE, "data"), Input(ids.MAP, "id"))
    keep_scale(dash, ids.MAP, ids.MAP_SCALE)

    @dash.callback(
        [Output(*part) for part in OUTPUTS],
        Input(ids.STAMP, "data"),
        Input(ids.MAP_SIZE, "data"),
        State(LOCATION, "search"),
    )
    async def _redraw(stamp: str | None, size: dict[str, float] | None, search: str | None) -> list[Any]:
        return await off_loop(redraw, desk, snapshots, stamp, size, search)


def redraw(
    desk: Desk, snapshots: Snapshots, stamp: str | None, size: dict[str, float] | None, search: str | None
) -> list[Any]:
    """Every part of the wall, in the order of OUTPUTS; what cannot be read leaves the wall as it was."""
    view = View.forgiving(search)
    say = speaker(view.lang)
    if stamp is None or size is None:
        return [no_update] * len(OUTPUTS)
    try:
        snapshot, facts = snapshots.latest(view.policy), desk.facts()
    except BeatgridError as error:
        return [*[no_update] * (len(OUTPUTS) - 1), f"⚠ {error}"]
    return [
        map_patch(desk, snapshot.cells, stamp, Size.told(size), view),
        parts.numbers(snapshot, say),
        parts.containment(snapshot, desk.policy(view), facts, view.lang),
        parts.work(snapshot, facts, say),
        parts.feed(snapshot, facts, view.lang),
        parts.freshness(snapshot, facts, say, view.lang),
        parts.alarm(snapshot, facts, say),
    ]


def map_patch(desk: Desk, cells: Any, stamp: str, size: Size, view: View) -> Patch:
    """New values and a new heat picture over the same geometry."""
    patch = Patch()
    for name, value in camera(desk.geometry().extent_of(None, desk.facts()), size).items():
        patch["layout"]["map"][name] = value
    values = cellmap.trace_values(cells, "incidents", speaker(view.lang), THEME, faint=True)
    for name, value in values.items():
        patch["data"][cellmap.VALUE_TRACE][name] = value
    patch["layout"]["map"]["style"] = style(desk.geometry().version, THEME, label_size=LABEL_PX * size.height / 900)
    address = f"/api/v1/heat.png?period=7d&v={stamp}"
    patch["layout"]["map"]["layers"] = [cellmap.heat_layer(address, heat.corners(desk.geometry().extent))]
    return patch
