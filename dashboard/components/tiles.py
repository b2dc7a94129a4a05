"""The counts of the view, one tile each, which lead to what they counted."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.language import Say
from db.metrics import Totals

MINUTES_AN_HOUR = 60


# name, title, what it counts, whether it should be nought
TILES = (
    ("incidents", "警情", "期间接报的警情，一次报告计一起", False),
    ("matters", "事项", "同一件事的多次报告合为一个事项", False),
    ("closed", "已办结", "期间办结的事项", False),
    ("open_matters", "在办", "期末尚未办结的事项", False),
    ("overdue", "超期", "期末过了时限仍未办结的事项", True),
    ("unplaced", "未落格", "没有坐标或不在任何网格内的警情", True),
    ("hours", "工作量（小时）", "期间事项所需的处置时间", False),
)


# name → the figure whose rows are behind it
FIGURES = {
    "incidents": "reports", "matters": "matters", "closed": "closed_in_period", "open_matters": "open",
    "overdue": "overdue_now", "unplaced": "unplaced",
}  # fmt: skip
NOWHERE: Mapping[str, str] = {}


def tiles(totals: Totals | None, say: Say, hrefs: Mapping[str, str] = NOWHERE) -> list[Component]:
    """Reports, matters and how they stand; what should be few is marked when it is not nought. None: unknown.

    hrefs: of a tile's name, where it leads; a tile that counted nothing leads nowhere.
    """
    found = {**vars(totals), "hours": round(totals.minutes / MINUTES_AN_HOUR)} if totals else {}
    return [
        tile(say(title), found.get(name), say(hint), name, few=few, href=hrefs.get(name))
        for name, title, hint, few in TILES
    ]


def tile(title: str, number: float | None, hint: str, name: str, *, few: bool, href: str | None = None) -> Component:
    """One number with its name; the name's meaning shows when it is pointed at."""
    parts = [
        html.Div(title, className="tile-name"),
        html.Div("–" if number is None else f"{number:,.0f}", className="tile-number", id=f"tile-{name}"),
    ]
    css = "tile tile-bad" if few and number else "tile"
    if href and number:
        return html.A(parts, href=href, className=css, title=hint)
    return html.Div(parts, className=css, title=hint)
