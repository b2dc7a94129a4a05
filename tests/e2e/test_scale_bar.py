"""The scale bar says how long it is wherever the map is moved: the browser's sum equals the server's."""

import pytest

from dashboard.components.mapframe import round_length
from tests.e2e.browsing import eventually
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
WIDEST = 7 * 14  # seven letters of the desk, as screen.js has it
MAP = "document.querySelector('#map .js-plotly-plot')._fullLayout.map._subplot.map"
SHOWN = "() => [document.querySelector('#map-scale').innerText, document.querySelector('#map-scale').style.width]"


@pytest.mark.parametrize("zoom", [11.0, 13.5, 16.0])
def test_the_scale_bar_follows_the_map(overview: Watched, zoom: float) -> None:
    page = overview.page
    page.evaluate(f"() => {{ {MAP}.setZoom({zoom}) }}")
    metres, pixels = round_length(zoom, page.evaluate(f"() => {MAP}.getCenter().lat"), WIDEST)
    words = f"{metres // 1000} 公里" if metres >= 1000 else f"{metres} 米"

    def shown() -> tuple[str, int]:
        text, width = page.evaluate(SHOWN)
        return text, round(float(width.removesuffix("px")))

    eventually(page, shown, (words, round(pixels)), "scale bar")
