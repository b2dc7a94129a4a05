"""Every text stands out from its ground, in light and in dark (WCAG 2.2, AA: 4.5 to 1; pictures 3 to 1)."""

import pytest

from dashboard.components.severity import mark, svg, word
from dashboard.figures.theme import HEAT, PALETTES, QUANTITY, TROUBLE, css, ramp, scale
from grids.grading import SEVERITIES

THEMES = tuple(PALETTES)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "warn", "ok"])
@pytest.mark.parametrize("ground", ["ground", "surface", "raised"])
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = PALETTES[theme]
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_a_button_can_be_read(theme: str) -> None:
    assert contrast(PALETTES[theme].on_accent, PALETTES[theme].accent) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("grade", [1, 3])
def test_a_grade_stands_out(theme: str, grade: int) -> None:
    colours = PALETTES[theme]
    assert contrast(getattr(colours, f"severity_{grade}"), colours.surface) >= 3


@pytest.mark.parametrize("colours", [QUANTITY, TROUBLE, HEAT])
def test_a_ramp_goes_one_way_in_lightness(colours: tuple[str, ...]) -> None:
    for theme in THEMES:
        steps = [luminance(colour) for colour in ramp(colours, theme)]
        assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert [stop for stop, _ in scale(colours)] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


def test_css_names_every_colour() -> None:
    assert "--severity-1:#2569b0;" in css("light")
    assert "--ground:#0b1219;" in css("dark")


def test_a_grade_has_its_own_shape_and_word_in_both_languages() -> None:
    assert len({svg(grade) for grade in SEVERITIES}) == 3
    assert len({svg(grade).replace(f"severity-{grade}", "") for grade in SEVERITIES}) == 3
    assert [word(grade, "zh") for grade in SEVERITIES] == ["一般", "复杂", "疑难"]
    assert "一般" in str(mark(1, "zh"))
