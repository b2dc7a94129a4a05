"""Load of places: where nobody is posted, how much each carries, month by month."""

import pandas as pd
from dash import html

from dashboard.figures.loads import loads
from dashboard.figures.months import months as month_lines
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.work import monthly_table, workload_table

UNSTAFFED = "unstaffed"
FIRST = 8  # places without anybody that are listed or drawn, so that the others are seen too
LEADS = {"matters": "matters"}


def words(told: Asking) -> dict[str, str]:
    """The columns of db.measures workload as people read them."""
    say = told.say
    return {
        "label": say("名称"), "load": say("负荷"), "minutes": say("处置分钟"), "available": say("可用分钟"),
        "staff": say("人数"), "matters": say("事项"),
    }  # fmt: skip


def _table(told: Asking) -> pd.DataFrame:
    found = told.named(workload_table(told, told.asked.by), told.asked.by)
    return found[found["key"].notna()]  # what lies in no cell is nobody's load


def unstaffed(told: Asking) -> Drawn:
    """How many places have nobody, and which of them have most to do."""
    found = _table(told)
    alone = found[found["flag"] == UNSTAFFED].sort_values("minutes", ascending=False, ignore_index=True)
    say = told.say
    head = html.P([html.B(f"{len(alone):,}", className="big-number"), f" / {len(found):,} ", say("处无人任职")])
    columns = {"label": say("名称"), "matters": say("事项"), "minutes": say("处置分钟")}
    if alone.empty:
        return Drawn(html.Div([head, html.P(say("每一处都有人。"), className="quiet")]), found.head(0), columns)
    lines = [
        html.Li(
            [
                html.A(row.label, href=told.rows("matters", **{told.asked.by: row.key}), className="to-rows"),
                f" {row.minutes:,.0f} {say('分钟')}",
            ]
        )
        for row in rows(alone.head(FIRST))
    ]
    body = html.Div([head, html.Ol(lines, className="short-list")])
    return Drawn(body, alone, columns, LEADS, {told.asked.by: "key"})


def places(told: Asking) -> Drawn:
    """A bar a place: some of those without anybody first, then the heaviest."""
    found = _table(told)
    order = found.assign(alone=found["flag"] == UNSTAFFED)
    found = order.sort_values(["alone", "load", "minutes"], ascending=False, ignore_index=True)
    left_out = max(0, int(found["alone"].sum()) - FIRST)
    shown = pd.concat([found.head(FIRST), found.iloc[FIRST + left_out :]]) if left_out else found
    hrefs = [told.rows("matters", **{told.asked.by: key}) for key in shown["key"]]
    figure = loads(shown.astype({"load": "float64"}), hrefs, told.say, told.theme)
    notes = (told.say("另有 {n} 处无人任职未画，见数据表。", n=f"{left_out:,}"),) if left_out else ()
    return Drawn(figure, found, words(told), LEADS, {told.asked.by: "key"}, notes)


def months(told: Asking) -> Drawn:
    """A line a place over the months of the period: the eight heaviest of the last month."""
    by = told.asked.by
    found = told.named(monthly_table(told, by), by)
    found = found[found["key"].notna()].astype({"load": "float64"})
    figure = month_lines(found, told.say, told.theme)
    return Drawn(figure, found, {"month": told.say("月"), **words(told)}, LEADS, {by: "key", "month": "month"})
