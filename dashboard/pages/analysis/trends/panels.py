"""两降一升 and 三降一升: what should fall, what should rise, and whether it really did."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.changes import change
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.cutoff import cut_off, cut_off_note
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.changes import panel_table
from db.measures.periods import AGAINST
from grids.scorecards.panels import Line, panel
from grids.suppression import suppress

AGAINST_NAMES = {"previous": "对上一期", "last_year": "对去年同期"}


def two_down(told: Asking) -> Drawn:
    """Repeats and incidents down, punctual closings up."""
    return _panel(told, "2down1up")


def three_down(told: Asking) -> Drawn:
    """The same, and work per head down."""
    return _panel(told, "3down1up")


def _panel(told: Asking, code: str) -> Drawn:
    say, lines = told.say, {line.measure: line for line in panel(code).lines}
    parts = [_table(told, code, each).assign(against=each) for each in AGAINST]
    found = pd.concat(parts, ignore_index=True)
    found = found.assign(
        name=[one_of(told.lang, *lines[measure].name) for measure in found["measure"]],
        beside=[say(AGAINST_NAMES[each]) for each in found["against"]],
    )
    made = [_against(told, found[found["against"] == each], lines, say(AGAINST_NAMES[each])) for each in AGAINST]
    columns = {
        "beside": say("对比"), "name": say("指标"), "now": say("本期值"), "now_numerator": say("本期分子"),
        "now_denominator": say("本期分母"), "before": say("对比值"), "before_numerator": say("对比分子"),
        "before_denominator": say("对比分母"), "z": "z",
    }  # fmt: skip
    return Drawn(html.Div(made, className="goals"), found, columns, notes=cut_off_note(told))


def _table(told: Asking, code: str, against: str) -> pd.DataFrame:
    found = panel_table(told, code, against)
    if cut_off(told):
        rates = found["measure"].map({line.measure: line.kind != "share" for line in panel(code).lines})
        found = found.assign(z=found["z"].mask(rates), reached=found["reached"].mask(rates))
    if told.fewest is None:
        return found
    for when in ("now", "before"):
        pair = (f"{when}_numerator", f"{when}_denominator")
        found = suppress(found, told.fewest, pair, (when, "z", "reached")).drop(columns="suppressed")
    return found


def _against(told: Asking, frame: pd.DataFrame, lines: dict[str, Line], heading: str) -> Component:
    made = [_line(told, row, lines[row.measure]) for row in rows(frame)]
    return html.Div([html.H3(heading), *made], className="goal-group")


def _line(told: Asking, row: Any, line: Line) -> Component:
    say = told.say
    sign = "?" if pd.isna(row.reached) else "✓" if row.reached else "–"
    wanted = say("应降") if row.wanted == "down" else say("应升")
    reached = say("达到") if sign == "✓" else say("未达到") if sign == "–" else say("无法判断")
    z = float("nan") if pd.isna(row.z) else float(row.z)
    verdict = change(z, value(row.before, line), say, better=line.wanted, whose=say("对比值"))
    counts = f"{_whole(row.now_numerator)}/{_whole(row.now_denominator)}"
    head = html.Div([html.B(f"{sign} {row.name}"), html.Span(f"{wanted} · {reached}", className="quiet")])
    body = html.Div([html.B(value(row.now, line)), html.Span(counts, className="quiet"), verdict])
    return html.Div([head, body], className="goal goal-reached" if sign == "✓" else "goal")


def value(number: Any, line: Line) -> str:
    """A share as a percentage, a rate with two decimals, a dash when unknown."""
    if pd.isna(number):
        return "–"
    return f"{number:.1%}" if line.kind == "share" else f"{number:,.2f}"


def _whole(number: Any) -> str:
    return "–" if pd.isna(number) else f"{number:,.0f}"
