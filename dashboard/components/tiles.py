"""The counts of the view, one tile each."""

from dash import html
from dash.development.base_component import Component

from dashboard.language import Say
from db.metrics import Totals

MINUTES_AN_HOUR = 60


def tiles(totals: Totals, say: Say) -> list[Component]:
    """Reports, matters and how they stand; what should be few is marked when it is not nought."""
    return [
        tile(say("警情"), totals.incidents, say("期间接报的警情，一次报告计一起"), "incidents"),
        tile(say("事项"), totals.matters, say("同一件事的多次报告合为一个事项"), "matters"),
        tile(say("已办结"), totals.closed, say("期间办结的事项"), "closed"),
        tile(say("在办"), totals.open_matters, say("期末尚未办结的事项"), "open"),
        tile(say("超期"), totals.overdue, say("期末过了时限仍未办结的事项"), "overdue", bad=totals.overdue > 0),
        tile(
            say("未落格"), totals.unplaced, say("没有坐标或不在任何网格内的警情"), "unplaced", bad=totals.unplaced > 0
        ),
        tile(say("工作量（小时）"), round(totals.minutes / MINUTES_AN_HOUR), say("期间事项所需的处置时间"), "hours"),
    ]


def tile(title: str, number: float, hint: str, name: str, *, bad: bool = False) -> Component:
    """One number with its name; the name's meaning shows when it is pointed at."""
    return html.Div(
        [
            html.Div(title, className="tile-name"),
            html.Div(f"{number:,.0f}", className="tile-number", id=f"tile-{name}"),
        ],
        className="tile tile-bad" if bad else "tile",
        title=hint,
    )
