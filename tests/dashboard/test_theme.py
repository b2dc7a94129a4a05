"""Every text stands out from its ground in every theme, and grades from each other for every reader (WCAG 2.2)."""

from itertools import combinations

import pytest

from dashboard.components.severity import mark, svg, word
from dashboard.design.css import css, sheet
from dashboard.design.mantine import theme as mantine_theme
from dashboard.design.tokens import HEAT, PALETTES, QUANTITY, SHAPE_PAIRS, TEXT_PAIRS, TROUBLE, TYPE
from dashboard.design.vision import SEEN_BY, contrast, distance, linear, seen_as
from dashboard.figures.theme import ramp, scale, template
from grids.grading import SEVERITIES

THEMES = tuple(PALETTES)
TOLD_APART = 30.0  # ΔE of CIELAB; 2 is just noticeable, 10 is plain at a glance
LEAST_ARC_MINUTES = 16  # of a letter's height, ISO 9241-303
NEAREST_MM, LOW_SCREEN_MM = 4_000, 934  # four metres before a screen of 75 inches


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = PALETTES[theme]
    least = 7.0 if theme == "wall" else 4.5
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_stand_out(theme: str, shape: str, ground: str) -> None:
    colours = PALETTES[theme]
    assert contrast(getattr(colours, shape), getattr(colours, ground)) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", SEEN_BY)
def test_grades_are_told_apart_by_readers_with_any_colour_vision(theme: str, kind: str) -> None:
    grades = [getattr(PALETTES[theme], f"severity_{grade}") for grade in SEVERITIES]
    assert min(distance(one, other, kind) for one, other in combinations(grades, 2)) >= TOLD_APART


def test_the_measures_of_sight_are_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WebAIM's own example
    assert distance("#000000", "#ffffff", "everybody") == pytest.approx(100, abs=0.01)
    assert seen_as("#1b6a78", "everybody") == "#1b6a78"
    assert distance("#c23b22", "#7a6a10", "deuteranopia") < distance("#c23b22", "#7a6a10", "everybody")
    assert all(seen_as("#808080", kind) == "#808080" for kind in SEEN_BY)  # grey stays grey


@pytest.mark.parametrize("colours", [QUANTITY, TROUBLE, HEAT])
def test_a_ramp_goes_one_way_in_lightness(colours: tuple[str, ...]) -> None:
    for theme in THEMES:
        steps = [float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in ramp(colours, theme)]
        assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert [stop for stop, _ in scale(colours)] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


def test_the_walls_smallest_letter_is_read_from_four_metres() -> None:
    smallest = min(wall for _desk, wall in TYPE.values()) / 67.5 * LOW_SCREEN_MM
    assert smallest / NEAREST_MM * 3437.75 >= LEAST_ARC_MINUTES


def test_css_names_every_token_in_every_theme() -> None:
    names = [{part.split(":")[0] for part in css(theme).split(";") if part} for theme in THEMES]
    assert names[0] == names[1] == names[2] - {"--wall-unit"}
    assert {"--severity-1", "--on-accent", "--type-body", "--space-4", "--radius-m", "--motion-calm"} <= names[0]
    assert f"--severity-1:{PALETTES['light'].severity_1};" in css("light")
    assert [f"[data-theme={theme}]" in sheet() for theme in THEMES] == [True] * 3


def test_plotly_and_mantine_take_the_same_tokens() -> None:
    for theme in THEMES:
        layout = template(theme).layout
        assert layout.font.family == mantine_theme()["fontFamily"]
        assert layout.colorway[0] == PALETTES[theme].accent
        assert layout.hoverlabel.bgcolor == PALETTES[theme].surface
    assert mantine_theme()["colors"]["teal"][6] == PALETTES["light"].accent
    assert mantine_theme()["colors"]["dark"][7] == PALETTES["dark"].surface


def test_a_grade_has_its_own_shape_and_word_in_both_languages() -> None:
    assert len({svg(grade) for grade in SEVERITIES}) == 3
    assert len({svg(grade).replace(f"severity-{grade}", "") for grade in SEVERITIES}) == 3
    assert [word(grade, "zh") for grade in SEVERITIES] == ["一般", "复杂", "疑难"]
    assert "一般" in str(mark(1, "zh"))
