"""Each part of the design system says its figure in words, marks what is unknown, and hides nothing in colour."""

import re
from math import nan

import pytest
from dash import html

from dashboard.components.changes import change, verdict
from dashboard.components.chips import chips, choice
from dashboard.components.datatable import table
from dashboard.components.filters import period_text
from dashboard.components.gauge import arc, gauge
from dashboard.components.legend import grade_legend, legend
from dashboard.components.mapframe import metres_a_pixel, round_length, scale_bar
from dashboard.components.markup import markup
from dashboard.components.numbers import number_tile
from dashboard.components.proportion import proportion
from dashboard.components.sparkline import path, points, sparkline
from dashboard.components.states import loading, stale
from dashboard.components.timeslider import time_slider
from dashboard.language import speaker
from dashboard.reading.view import View
from grids.containment import wilson

SAY, ENGLISH = speaker("zh"), speaker("en")
TAG = re.compile("<[^>]+>")


def words(part: object) -> str:
    return " ".join(TAG.sub(" ", markup(part)).split())


@pytest.mark.parametrize(
    ("z", "better", "judged", "said"),
    [
        (3.5, "up", "good", "上升 · 好转"),
        (3.5, "down", "bad", "上升 · 变差"),
        (-3.5, "down", "good", "下降 · 好转"),
        (-3.5, "up", "bad", "下降 · 变差"),
        (3.5, None, "", "上升"),
        (3.0, "up", "", "持平"),
        (nan, "up", "", "未知"),
    ],
)
def test_a_change_says_its_direction_and_its_verdict(z, better, judged, said) -> None:
    assert verdict(z, better) == judged
    text = words(change(z, "120", SAY, better=better))
    assert f" {said} 上期 120" in f" {text}"
    assert ("好转" in text or "变差" in text) == bool(judged)


def test_a_change_has_a_sign_beside_its_colour() -> None:
    signs = {words(change(z, "1", SAY))[0] for z in (4, -4, 0, nan)}
    assert len(signs) == 4


def test_a_share_stands_with_its_counts_and_interval() -> None:
    low, high = wilson(1610, 1800)
    text = words(proportion("化解率", 1610, 1800, SAY))
    assert "89.4%" in text
    assert "1,610 / 1,800" in text
    assert f"{low:.1%}–{high:.1%}" in text
    drawn = markup(proportion("化解率", 1610, 1800, SAY))
    assert f"left:{low:.2%};width:{high - low:.2%}" in drawn
    assert 'aria-label="化解率 89.4%"' in drawn


def test_a_share_of_nothing_is_unknown_and_not_nought() -> None:
    drawn = proportion("化解率", 0, 0, SAY)
    assert "–" in words(drawn)
    assert "0.0%" not in words(drawn)
    assert "尚无定案" in words(drawn)
    assert "bar-interval" not in markup(drawn)


def test_an_unknown_number_is_a_dash() -> None:
    assert words(number_tile("工时", None, SAY)) == "工时 –"
    assert words(number_tile("警情", 0, SAY, unit="起")) == "警情 0 起"
    assert "⚠" in words(number_tile("超期", 3, SAY, bad=True))


def test_a_gauge_says_over_by_word_and_ends_with_its_scale() -> None:
    assert words(gauge("负荷", 1.18, SAY)) == "118% 负荷 ⚠ 超负荷"
    assert words(gauge("负荷", nan, SAY)) == "– 负荷 未知"
    assert words(gauge("Load", 0.5, ENGLISH)).startswith("50% Load")
    assert arc(0, 1) == "M8.00 60.00A52 52 0 0 1 112.00 60.00"
    over, far = (re.findall("gauge-value[^>]*", markup(gauge("x", part, SAY)))[0] for part in (1.5, 9.0))
    assert over == far


def test_a_sparkline_leaves_gaps_and_marks_its_last_value() -> None:
    shape = points([1, 2, nan, 4])
    assert shape[2] is None
    assert path(shape).count("M") == 2
    ups = [point[1] for point in shape if point]
    assert ups == sorted(ups, reverse=True)
    assert {point[1] for point in points([5, 5, 5]) if point} == {14.0}
    assert "从 1 到 4，最低 1，最高 4" in markup(sparkline([1, 2, nan, 4], SAY))
    assert words(sparkline([nan], SAY)) == words(sparkline([], SAY)) == "–"


def test_states_speak() -> None:
    assert 'role="alert"' in markup(stale("14:32", SAY))
    assert "最后一次完好数据 14:32" in words(stale("14:32", SAY))
    assert 'role="status"' in markup(loading("lines", SAY))
    assert words(loading("map", ENGLISH)) == "Loading"


def test_chips_are_links_that_say_what_they_take_away() -> None:
    drawn = markup(chips([("地点", "派出所", "?period=7d")], "?", SAY))
    assert '<a href="?period=7d" title="去掉筛选 地点：派出所" class="chip-on">' in drawn
    assert markup(choice([("a", "1"), ("b", "2")], "2", "c")).count("aria-current") == 1
    assert words(chips([], "?", SAY)) == "未设筛选"


def test_a_table_names_its_columns_and_rows_and_can_be_scrolled_by_key() -> None:
    drawn = markup(table("各网格", ["地点", "事项"], [["G-01", 1204], ["G-02", None]], numbers=[1]))
    assert 'tabindex="0"' in drawn
    assert '<th scope="row">G-02</th><td class="to-right">–</td>' in drawn
    assert "1,204" in drawn


def test_a_time_slider_is_named_and_bounded() -> None:
    drawn = markup(time_slider("t", ["a", "b", "c"], 1, SAY))
    assert re.search('<input [^>]*type="range"', drawn)
    assert 'max="2"' in drawn
    assert '<output id="t-shown" class="time-shown">b</output>' in drawn
    assert 'aria-pressed="true"' in markup(time_slider("t", ["a", "b"], 0, SAY, playing=True))


@pytest.mark.parametrize(("zoom", "latitude"), [(0.0, 0.0), (10.0, 36.0), (13.2, 36.1), (16.5, 49.9)])
def test_a_scale_bar_is_as_long_as_it_says(zoom: float, latitude: float) -> None:
    metres, pixels = round_length(zoom, latitude)
    assert pixels * metres_a_pixel(zoom, latitude) == pytest.approx(metres)
    assert 44 <= pixels <= 110.0001
    assert str(metres).strip("0") in {"1", "2", "5"}


def test_a_pixel_of_the_map_is_as_wide_as_maplibre_says() -> None:
    assert metres_a_pixel(0, 0) == pytest.approx(78_271.517)  # 512 px around the equator
    assert words(scale_bar(13.2, 36.1, SAY)) == "500 米"
    assert words(scale_bar(9, 36.1, ENGLISH)) == "10 km"


def test_legends_have_words() -> None:
    assert words(legend([("var(--accent)", "正常")], "负荷")) == "负荷 正常"
    assert words(grade_legend("en")) == "ordinary complex hard"


def test_markup_escapes_what_it_is_given() -> None:
    evil = '<script>"&'
    drawn = markup(html.P(evil, title=evil, style={"maxWidth": '1px"><b>'}))
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert drawn.startswith('<p title="&lt;script&gt;&quot;&amp;"')
    assert markup([None, 3, html.Br()]) == "3<br>"


def test_a_narrow_screen_says_how_many_filters_it_hides() -> None:
    assert period_text("2026-01-01 – 2026-01-30", View(place="beat:B1", lang="en"), SAY) == ["2026-01-01 – 2026-01-30"]
    told = period_text("2026-01-01 – 2026-01-30", View(channels=("110",), policy="JM", against="previous"), SAY)
    assert words(html.Div(told)) == "2026-01-01 – 2026-01-30 另有 3 项条件"
