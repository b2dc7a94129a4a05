"""Cards of places in the order of their points; unfolded, every line with its counts and why."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.figuretable import one_text
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.pages.analysis.scorecards.lines import asked_card, line
from dashboard.reading.records import rows
from dashboard.reporting.work import scorecard_lines_table, scorecard_table
from grids.scorecards.rules import Rule, scorecard

SHOWN = 40


def cards(told: Asking) -> Drawn:
    """One card a place: points, what it earned, its star; unfolded, every line and why."""
    (code, by), say = asked_card(told), told.say
    order = [told.asked.chosen("first") == "worst", True]
    found = scorecard_table(told, code, by).sort_values(["percent", "key"], ascending=order, na_position="last")
    why = scorecard_lines_table(told, code, by)
    chosen = scorecard(code)
    rules = {rule.code: rule for rule in chosen.rules}
    groups = {each: one_of(told.lang, *name) for each, name in chosen.groups.items()}
    found = found.assign(share=found["percent"] / 100, groups=[_earned(told, text, groups) for text in found["earned"]])
    columns = {
        "label": say("名称"), "points": say("得分"), "of": say("满分"), "share": say("得分率"), "met": say("达标"),
        "judged": say("已评"), "rules": say("条数"), "groups": say("已获"), "rank": say("所内名次"),
    }  # fmt: skip
    by_place = dict(tuple(why.groupby("key", sort=False)))
    made = [_card(row, by_place.get(row.key), rules, told) for row in rows(found.head(SHOWN))]
    more = len(found) - SHOWN
    notes = (say("另有 {n} 处见数据表；选定地点即只看其中的。", n=f"{more:,}"),) if more > 0 else ()
    body = one_text(html.Div(made, className="score-cards")) if made else None
    return Drawn(body, found, columns, notes=notes)


def _earned(told: Asking, text: Any, groups: dict[str, str]) -> str:
    return one_of(told.lang, "、", ", ").join(groups[code] for code in str(text or "").split(";") if code)


def _card(row: Any, why: pd.DataFrame | None, rules: dict[str, Rule], told: Asking) -> Component:
    say, known = told.say, not pd.isna(row.percent)
    star = html.Span(["★ ", say("本月之星")], className="score-star") if row.star else None
    earned = [html.Span(name, className="score-earned") for name in row.groups.replace(", ", "、").split("、") if name]
    bar = html.Div(
        html.Div(className="bar-fill", style={"width": f"{row.percent if known else 0:.0f}%"}), className="bar"
    )
    head = [
        html.Span(row.label or row.key, className="score-name"), star, html.Span(className="spring"),
        html.B(f"{row.points:g} / {row.of:g}" if known else "–"),
    ]  # fmt: skip
    met = html.Span(say("{met} / {judged} 条达标", met=row.met, judged=row.judged), className="quiet")
    more = html.Div([*earned, html.Span(className="spring"), met], className="score-more")
    lines = [] if why is None else [line(each, rules[each.rule], told) for each in rows(why)]
    return html.Details(
        [html.Summary([html.Div(head, className="score-head"), bar, more]), html.Ul(lines, className="score-lines")]
    )
