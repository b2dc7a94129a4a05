"""The table of places: containment with its denominator beside workload, thousands of rows without strain."""

from typing import Any

import dash_ag_grid as dag
import pandas as pd

from dashboard.language import Say
from dashboard.reading.records import plain

NOWHERE = ""
WIDE_PX, NARROW_PX, ROOM_PX, LATIN = 13.0, 7.4, 16.0, "\u02ff"  # of a letter, and beside the text
Form = tuple[dict[str, str], str] | None  # the same number format for the browser and for measuring
PERCENT: Form = ({"function": "params.value == null ? '–' : d3.format('.1%')(params.value)"}, "{:.1%}")
COUNT: Form = ({"function": "params.value == null ? '–' : d3.format(',.0f')(params.value)"}, "{:,.0f}")


def table(grid_id: str, say: Say) -> dag.AgGrid:
    """An empty table with its columns; rows come from `rows`."""
    return dag.AgGrid(
        id=grid_id,
        columnDefs=columns(say, []),
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


def columns(say: Say, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Place, outcomes, share with its interval, work: each as wide as its title and what is `shown` in it."""

    def number(field: str, title: str, form: Form = None, **more: Any) -> dict[str, Any]:
        wide = {"flex": 1, "minWidth": width(shown, field, title, 46, form), "type": "rightAligned"}
        formatter = {"valueFormatter": form[0]} if form else {}
        return {"field": field, "headerName": title, **wide, **formatter, **more}

    return [
        {
            "field": "label",
            "headerName": say("地点"),
            "width": width(shown, "label", say("地点"), 96),
            "pinned": "left",
            "tooltipField": "label",
        },
        number("matters", say("事项"), COUNT),
        number("share", say("化解率"), PERCENT),
        number("of", say("化解/定案"), sortable=False),
        number("interval", say("95%区间"), sortable=False),
        number("escaped", say("越级"), COUNT),
        number("pending", say("在办"), COUNT),
        number("load", say("负荷"), PERCENT),
        number("hours", say("工时"), COUNT),
        number("staff", say("人员"), COUNT),
    ]


def width(shown: list[dict[str, Any]], field: str, title: str, least: float, form: Form = None) -> float:
    """Pixels for the longest text of a column, its title included."""
    values = [row[field] for row in shown if row[field] is not None]
    texts = [form[1].format(value) if form else str(value) for value in values]
    return max([least, _pixels(title), *map(_pixels, texts)])


def _pixels(text: str) -> float:
    return ROOM_PX + sum(WIDE_PX if letter > LATIN or letter == "%" else NARROW_PX for letter in text)


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
