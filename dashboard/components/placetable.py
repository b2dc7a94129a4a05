"""The table of places: containment with its denominator beside workload, thousands of rows without strain."""

from typing import Any

import dash_ag_grid as dag
import pandas as pd

from dashboard.language import Say
from dashboard.reading.records import plain

PERCENT = {"function": "params.value == null ? '–' : d3.format('.1%')(params.value)"}
NOWHERE = ""
LETTER_PX, TITLE_ROOM_PX = 7, 17  # of a column title in Latin letters, and beside it
COUNT = {"function": "params.value == null ? '–' : d3.format(',.0f')(params.value)"}


def table(grid_id: str, say: Say) -> dag.AgGrid:
    """An empty table with its columns; rows come from `rows`."""
    return dag.AgGrid(
        id=grid_id,
        columnDefs=columns(say),
        rowData=[],
        defaultColDef={"sortable": True, "resizable": False, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "rowHeight": 30,
            "headerHeight": 32,
            "suppressCellFocus": True,
            "animateRows": False,
            "localeText": {"noRowsToShow": say("当前条件下没有数据")},
            "theme": {"function": "themeBeatgrid(themeQuartz)"},
        },
        getRowId="params.data.key",
        className="place-grid",
        style={"height": "100%", "width": "100%"},
    )


def columns(say: Say) -> list[dict[str, Any]]:
    """Place, outcomes, share with its interval, work."""
    return [
        {
            "field": "label",
            "headerName": say("地点"),
            "width": 134,
            "pinned": "left",
            "tooltipField": "label",
        },
        _number("matters", say("事项"), COUNT, 52),
        _number("share", say("化解率"), PERCENT, 58),
        {**_number("of", say("化解/定案"), None, 86), "sortable": False},
        {**_number("interval", say("95%区间"), None, 76), "sortable": False},
        _number("escaped", say("越级"), COUNT, 46),
        _number("pending", say("在办"), COUNT, 46),
        _number("load", say("负荷"), PERCENT, 58),
        _number("hours", say("工时"), COUNT, 52),
        _number("staff", say("人员"), COUNT, 46),
    ]


def _number(field: str, title: str, formatter: dict[str, str] | None, width: int) -> dict[str, Any]:
    if title.isascii():
        width = max(width, LETTER_PX * len(title) + TITLE_ROOM_PX)
    column: dict[str, Any] = {"field": field, "headerName": title, "flex": 1, "minWidth": width, "type": "rightAligned"}
    return column | ({"valueFormatter": formatter} if formatter else {})


def rows(frame: pd.DataFrame, say: Say) -> list[dict[str, Any]]:
    """frame of Desk.places as the table's rows; what is unknown is null, never 0. A row without key lies in no cell."""
    shown = frame.assign(hours=frame["minutes"] / 60, of=_of(frame), interval=_interval(frame))
    shown["label"] = shown["label"].fillna(say("未落格"))
    shown["key"] = shown["key"].fillna(NOWHERE)
    fields = ["key", "label", "matters", "share", "of", "interval", "escaped", "pending", "hours", "staff", "load"]
    return list(plain(shown[fields]))


def _of(frame: pd.DataFrame) -> list[str]:
    pairs = zip(frame["contained"], frame["decided"], strict=True)
    return [f"{contained:,.0f}/{decided:,.0f}" for contained, decided in pairs]


def _interval(frame: pd.DataFrame) -> list[str]:
    pairs = zip(frame["low"], frame["high"], strict=True)
    return ["–" if pd.isna(low) else f"{low:.0%}–{high:.0%}" for low, high in pairs]
