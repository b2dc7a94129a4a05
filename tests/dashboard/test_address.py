"""Controls and address follow each other."""

from datetime import date
from typing import Any

import pytest

from dashboard.components.tiles import tiles
from dashboard.language import speaker
from dashboard.pages.overview.address import Controls, clicked_place, custom_from
from dashboard.reading.view import View
from db.metrics import Totals

DAYS = (date(2026, 1, 1), date(2026, 1, 30))


def controls(**changed: Any) -> Controls:
    plain = {
        "period": "30d", "dates": [None, None], "groups": [], "channels": [], "policy": "QD", "value": "incidents",
        "heat": False, "by": "beat",
    }  # fmt: skip
    return Controls(**{**plain, **changed})


def test_controls_change_the_view_and_leave_place_language_and_theme() -> None:
    before = View(place="beat:J101", lang="en", theme="dark", categories=("C1",))
    view = controls(groups=["治安"], channels=["110"], policy="JM", heat=True).onto(before)
    assert view == View(
        place="beat:J101", lang="en", theme="dark", categories=("C1",), groups=("治安",), channels=("110",),
        policy="JM", heat=True,
    )  # fmt: skip


def test_a_custom_period_starts_with_the_days_that_were_shown() -> None:
    chosen = custom_from(controls(period="custom").onto(View()), View(), DAYS)
    assert (chosen.first, chosen.last) == DAYS
    picked = controls(period="custom", dates=["2026-02-01", "2026-02-03"]).onto(chosen)
    assert (picked.first, picked.last) == (date(2026, 2, 1), date(2026, 2, 3))
    half = controls(period="custom", dates=["2026-02-01", None]).onto(chosen)
    assert (half.first, half.last) == DAYS
    assert custom_from(controls(period="7d").onto(picked), picked, DAYS) == View(period="7d")


@pytest.mark.parametrize(
    ("kind", "value", "place"),
    [
        ("map", {"points": [{"location": "C9"}]}, "cell:C9"),
        ("tree", ["beat:J1"], "beat:J1"),
        ("tree", [], None),
        ("search", None, None),
        ("search", "station:S", "station:S"),
    ],
)
def test_a_click_names_its_place(kind: str, value: Any, place: str | None) -> None:
    assert clicked_place(kind, value) == place


def test_what_should_be_few_is_marked_only_when_there_is_some() -> None:
    shown = tiles(Totals(5, 4, 3, 0, 2, 1, 90.0), speaker("zh"))
    marked = [tile.children[0].children for tile in shown if "tile-bad" in tile.className]
    assert marked == ["未落格"]
    assert [tile.children[1].children for tile in shown] == ["5", "4", "1", "3", "0", "2", "2"]
    assert {tile.children[1].children for tile in tiles(None, speaker("zh"))} == {"–"}
