"""Figures say what their frames say: no quiet day missing, nobody without staff hidden, nothing unknown drawn as 0."""

import math
import struct
import zlib
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.figures import bars, camera, cellmap, clock, course, heat, load, trend, words
from dashboard.figures.ground import FIRST_ABOVE_VALUES, style_document
from dashboard.language import speaker
from grids.containment import with_shares
from grids.workload import with_ratios

SAY = speaker("zh")


def cells() -> pd.DataFrame:
    rows = [("A", "甲", 5, 4, 60.0, 3, 1, 0), ("B", "乙", 0, 0, 0.0, 0, 0, 2)]
    names = ["code", "name", "incidents", "matters", "minutes", "contained", "escaped", "pending"]
    return with_shares(pd.DataFrame(rows, columns=names))


def test_a_day_without_incidents_is_drawn_as_nought() -> None:
    daily = pd.DataFrame({"day": [date(2026, 1, 1), date(2026, 1, 3)], "incidents": [4, 2]})
    assert trend.every_day(daily, date(2026, 1, 1), date(2026, 1, 4)).tolist() == [4, 0, 2, 0]
    assert len(trend.trend(daily, date(2026, 1, 1), date(2026, 1, 4), SAY, "light").data) == 1
    assert len(trend.trend(daily, date(2026, 1, 1), date(2026, 2, 4), SAY, "light").data) == 2


def test_a_day_that_is_not_over_is_hatched_and_left_out_of_the_mean() -> None:
    days = pd.date_range("2026-01-01", "2026-01-31")
    daily = pd.DataFrame({"day": days.date, "incidents": [10] * 30 + [1]})
    bars, line = trend.trend(daily, date(2026, 1, 1), date(2026, 1, 31), SAY, "light", date(2026, 1, 31)).data
    assert (len(bars.y), len(line.y), set(line.y)) == (31, 30, {10})
    assert list(bars.marker.pattern.shape) == [*[""] * 30, "/"]
    assert bars.customdata[-1] == "（未完）"
    _, whole = trend.trend(daily, date(2026, 1, 1), date(2026, 1, 31), SAY, "light").data
    assert min(whole.y) < 10


def steps(denominator: float | None) -> pd.DataFrame:
    """Three days, the last of which still runs."""
    rows = [(1, 1, True, 40.0), (2, 1, True, 44.0), (3, 0.4, False, 15.0)]
    return pd.DataFrame(
        [
            {"at": pd.Timestamp(2026, 1, day), "days": days, "whole": whole, "value": value, "low": value - 5,
             "high": value + 5, "numerator": value, "denominator": denominator, "words": f"1月{day}日"}
            for day, days, whole, value in rows
        ]
    )  # fmt: skip


def test_a_count_of_half_a_day_stands_apart_from_the_line_and_a_share_stays_in_it() -> None:
    counts = course.course(steps(None), ["/rows?1", "/rows?2", "/rows?3"], SAY, "light")
    band, line, apart = counts.data
    assert list(line.y) == [40.0, 44.0]
    assert line.mode == "lines+markers"
    assert list(apart.y) == [15.0]
    assert apart.mode == "markers"
    assert list(apart.marker.symbol) == ["circle-open"]
    assert apart.customdata[0][-1] == "/rows?3"
    assert list(apart.error_y.array) == [5.0]
    assert max(band.x) == pd.Timestamp(2026, 1, 2)
    shares = course.course(steps(100.0), [None] * 3, SAY, "light", before=steps(100.0))
    assert [list(trace.y) for trace in shares.data[1:]] == [[40.0, 44.0, 15.0]] * 2
    assert list(shares.data[2].marker.symbol) == ["circle", "circle", "circle-open"]


def test_a_picture_that_draws_only_the_first_rows_tells_how_many_there_are() -> None:
    many = pd.DataFrame({"label": [f"单位{n}" for n in range(40)], "sent": range(40, 0, -1)})
    drawn = bars.bars(many, {"sent": "分出"}, {"sent": [None] * 40}, "light", shown=12)
    assert drawn.layout.meta == {"drawn": 12, "of": 40}


def test_few_bars_stay_thin_and_long_names_have_room() -> None:
    frame = pd.DataFrame(
        {"key": ["1"], "label": ["老盐仓社区第三警格"], "matters": 1, "minutes": 30.0, "available": 60}
    )
    figure = load.load_bars(with_ratios(frame), SAY, "light")
    low, high = figure.layout.yaxis.range
    assert high - low == load.FEWEST
    assert figure.layout.margin.l > 9 * words.WIDE_PX


def test_the_clock_puts_every_count_at_its_weekday_and_hour() -> None:
    grid = clock.by_hour(pd.DataFrame({"weekday": [1, 7], "hour": [0, 23], "incidents": [3, 5]}))
    assert grid.shape == (7, 24)
    assert (grid[0, 0], grid[6, 23], grid.sum()) == (3, 5, 8)


def test_whoever_is_not_staffed_stays_on_the_list() -> None:
    frame = pd.DataFrame({"key": list("abcdef"), "label": list("abcdef"), "matters": 1, "minutes": range(6)})
    frame["available"] = [math.nan, 10, 10, 10, 10, 10]
    shown = load.busiest(with_ratios(frame), 3)
    assert shown["key"].tolist() == ["a", "f", "e"]


def test_an_unstaffed_bar_says_so_and_people_of_one_name_keep_their_own_bars() -> None:
    frame = pd.DataFrame(
        {"key": ["1", "2"], "label": ["李", "李"], "matters": 1, "minutes": 30.0, "available": [math.nan, 60]}
    )
    (bars,) = load.load_bars(with_ratios(frame), SAY, "light").data
    assert sorted(bars.text) == ["50.0%", "无人任职"]
    assert len(set(bars.y)) == 2


def test_a_share_of_nothing_is_left_blank_on_the_map() -> None:
    values = cellmap.trace_values(cells(), "share", SAY, "light")
    assert values["locations"] == ["A", "B"]
    assert values["z"] == [0.75, None]
    assert (values["zmin"], values["zmax"]) == (0.6, 1)
    assert values["customdata"][1][-1] == "–"


@pytest.mark.parametrize(("shares", "low"), [([], 0), ([0.0, 0.5], 0), ([0.97, 1.0], 0.8), ([0.41, 0.9], 0.4)])
def test_the_colours_of_shares_begin_where_the_shares_do(shares: list[float], low: float) -> None:
    assert cellmap.floor_of_shares(pd.Series(shares, dtype="float64")) == low


def test_a_map_names_only_our_own_host() -> None:
    figure = cellmap.cell_map("7", "light", camera.camera((120, 36, 120.1, 36.1), camera.Size()))
    assert "http" not in figure.to_json()
    assert "glyphs" not in style_document("7", "dark")
    assert FIRST_ABOVE_VALUES in [layer["id"] for layer in style_document("7", "dark")["layers"]]


def test_the_camera_shows_the_whole_extent_in_the_panel() -> None:
    seen = camera.camera((120.0, 36.0, 120.2, 36.1), camera.Size(1000, 400))
    assert seen["center"]["lon"] == pytest.approx(120.1)
    pixels_wide = 0.2 / 360 * camera.TILE_PX * 2 ** seen["zoom"]
    assert pixels_wide <= 1000
    wider = camera.camera((120.0, 36.0, 120.2, 36.1), camera.Size(2000, 800))
    assert wider["zoom"] > seen["zoom"]


def test_the_heat_picture_is_a_png_of_the_lattice_and_clear_where_nothing_happened() -> None:
    extent = (120.35, 36.05, 120.37, 36.06)
    points = pd.DataFrame({"lon": [120.36], "lat": [36.055], "n": [10]})
    picture = heat.picture(points, extent)
    width, height = struct.unpack(">II", picture[16:24])
    grid = heat.lattice(extent)
    assert (height, width) == (grid.rows, grid.columns)
    rows = zlib.decompress(picture[picture.index(b"IDAT") + 4 : -16])
    alpha = np.frombuffer(rows, np.uint8).reshape(height, 1 + width * 4)[:, 1:].reshape(height, width, 4)[..., 3]
    assert alpha[0, 0] == 0
    assert alpha.max() > 200
    row, column = np.unravel_index(alpha.argmax(), alpha.shape)
    assert abs(row - height / 2) < 8
    assert abs(column - width / 2) < 8


def test_a_heat_picture_of_nothing_is_clear() -> None:
    empty = pd.DataFrame({"lon": [], "lat": [], "n": []})
    assert heat.coloured(np.zeros((4, 4)))[..., 3].max() == 0
    assert heat.picture(empty, (120.35, 36.05, 120.36, 36.06)).startswith(b"\x89PNG")


def test_the_heat_corners_surround_the_extent() -> None:
    west, south, east, north = extent = (120.35, 36.05, 120.37, 36.06)
    (left, top), (right, _), (_, bottom), _ = heat.corners(extent)
    assert left < west < east < right
    assert bottom < south < north < top
