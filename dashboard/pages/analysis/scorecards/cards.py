"""Cards of places in the order of their points, and the rules that most of them miss."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.components.figuretable import one_text
from dashboard.figures.bars import bars
from dashboard.figures.theme import palette
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.work import scorecard_lines_table, scorecard_table
from grids.scorecards.rules import scorecard

SHOWN = 40
OWN = "card"  # of "unit_of_card": what the card is for
SIGNS = {True: "✓", False: "✗"}


def _asked(told: Asking) -> tuple[str, str | None]:
    unit = told.asked.chosen("unit_of_card")
    return told.asked.chosen("card"), None if unit == OWN else unit


def cards(told: Asking) -> Drawn:
    """One card a place: points, what it earned, its star; unfolded, every line and why."""
    (code, by), say = _asked(told), told.say
    found = scorecard_table(told, code, by).sort_values(["percent", "key"], ascending=[False, True], na_position="last")
    why = scorecard_lines_table(told, code, by)
    chosen = scorecard(code)
    names = {rule.code: one_of(told.lang, *rule.name) for rule in chosen.rules}
    groups = {each: one_of(told.lang, *name) for each, name in chosen.groups.items()}
    found = found.assign(share=found["percent"] / 100, groups=[_earned(text, groups) for text in found["earned"]])
    columns = {
        "label": say("名称"), "points": say("得分"), "of": say("满分"), "share": say("得分率"), "met": say("达标"),
        "judged": say("已评"), "rules": say("条数"), "groups": say("已获"), "rank": say("所内名次"),
    }  # fmt: skip
    by_place = dict(tuple(why.groupby("key", sort=False)))
    made = [_card(row, by_place.get(row.key), names, told) for row in rows(found.head(SHOWN))]
    more = len(found) - SHOWN
    notes = (say("另有 {n} 处见数据表；选定地点即只看其中的。", n=f"{more:,}"),) if more > 0 else ()
    body = one_text(html.Div(made, className="score-cards")) if made else None
    return Drawn(body, found, columns, notes=notes)


def _earned(text: Any, groups: dict[str, str]) -> str:
    return "、".join(groups[code] for code in str(text or "").split(";") if code)


def _card(row: Any, why: pd.DataFrame | None, names: dict[str, str], told: Asking) -> Component:
    say, known = told.say, not pd.isna(row.percent)
    star = html.Span(["★ ", say("本月之星")], className="score-star") if row.star else None
    earned = [html.Span(name, className="score-earned") for name in row.groups.split("、") if name]
    bar = html.Div(
        html.Div(className="bar-fill", style={"width": f"{row.percent if known else 0:.0f}%"}), className="bar"
    )
    head = [
        html.Span(row.label or row.key, className="score-name"), star, html.Span(className="spring"),
        html.B(f"{row.points:g} / {row.of:g}" if known else "–"),
    ]  # fmt: skip
    met = html.Span(say("{met} / {judged} 条达标", met=row.met, judged=row.judged), className="quiet")
    more = html.Div([*earned, html.Span(className="spring"), met], className="score-more")
    lines = [] if why is None else [_line(each, names, told) for each in rows(why)]
    return html.Details(
        [html.Summary([html.Div(head, className="score-head"), bar, more]), html.Ul(lines, className="score-lines")]
    )


def _line(row: Any, names: dict[str, str], told: Asking) -> Component:
    met = None if row.met is None or pd.isna(row.met) else bool(row.met)
    mark = html.Span("–" if met is None else SIGNS[met], className=f"score-mark score-{met}", **HIDDEN)
    why = one_of(told.lang, str(row.why_zh or ""), str(row.why_en or ""))
    return html.Li(
        [mark, html.B(names.get(row.rule, row.name)), html.Span(why or told.say("数字太小，不写出"), className="quiet")]
    )


def lines(told: Asking) -> Drawn:
    """Of every rule how many places met it, missed it, and could not be judged."""
    (code, by), say = _asked(told), told.say
    why = scorecard_lines_table(told, code, by)
    names = {rule.code: one_of(told.lang, *rule.name) for rule in scorecard(code).rules}
    met = why["met"].astype(object)
    flags = pd.DataFrame({"rule": why["rule"], "met": met.eq(True), "missed": met.eq(False), "unknown": met.isna()})
    found = flags.groupby("rule", sort=False).sum().reset_index()
    found = found.assign(label=[names[rule] for rule in found["rule"]])
    found = found.sort_values("missed", ascending=False, ignore_index=True)
    colours = palette(told.theme)
    parts = {"met": say("达标"), "missed": say("未达标"), "unknown": say("数据不足")}
    shades = {"met": colours.ok, "missed": colours.bad, "unknown": colours.line}
    figure = bars(found, parts, {name: [None] * len(found) for name in parts}, told.theme, shades)
    return Drawn(figure, found, {"label": say("规则"), **parts})
