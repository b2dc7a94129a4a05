"""The styleguide in a real browser: no sideways scrolling at any size, the keyboard reaches every control visibly."""

import pytest

from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
SIZES = [(1920, 1080), (3840, 2160), (3840, 1080), (1440, 900), (390, 844)]
CONTROLS = "document.querySelectorAll('main a[href], main button, main input, main [tabindex]').length"
RING = """() => {
  const on = document.activeElement, style = getComputedStyle(on);
  return [on.tagName, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, !!on.closest('main')];
}"""
CUT = """() => [...document.querySelectorAll('.number, .proportion, .gauge, .stale, .note, .severity-badge, .chip-on')]
  .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className + ': ' + part.textContent)"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_at_any_size(screen: Watched, lang: str) -> None:
    page = screen.page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{screen.host}/styleguide?lang={lang}")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(CUT) == [], (width, height)


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(screen: Watched) -> None:
    page = screen.page
    page.goto(f"{screen.host}/styleguide?theme=light")
    expected, reached = page.evaluate(CONTROLS), 0
    for _ in range(expected + 10):
        page.keyboard.press("Tab")
        tag, ring, inside = page.evaluate(RING)
        if tag == "BODY":
            break
        assert ring, tag
        reached += inside
    assert reached == expected


def test_the_walls_letters_follow_the_screen(screen: Watched) -> None:
    page, found = screen.page, []
    for width, height in SIZES[:3]:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{screen.host}/styleguide?theme=wall")
        size = "parseFloat(getComputedStyle(document.querySelector('.number-title')).fontSize)"
        found.append(page.evaluate(size) / height)
    assert found[0] == found[1] == found[2]
    assert found[0] > 0.02
