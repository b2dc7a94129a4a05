"""The lines of scorecards: what each came to at one place and the rows that speak against it, and who misses which."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.figures.bars import bars
from dashboard.figures.theme import palette
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reporting.work import scorecard_lines_table
from db.drill import against
from grids.scorecards.rules import Rule, scorecard

OWN = "card"  # of "unit_of_card": what the card is for
SIGNS = {True: "✓", False: "✗"}


def asked_card(told: Asking) -> tuple[str, str | None]:
    """The card that is chosen, and for which places: None for those that it is for."""
    unit = told.asked.chosen("unit_of_card")
    return told.asked.chosen("card"), None if unit == OWN else unit


def line(row: Any, rule: Rule, told: Asking) -> Component:
    """One line of one place: met or not, why, and a link to the rows that speak against it."""
    met = None if row.met is None or pd.isna(row.met) else bool(row.met)
    mark = html.Span("–" if met is None else SIGNS[met], className=f"score-mark score-{met}", **HIDDEN)
    why = one_of(told.lang, str(row.why_zh or ""), str(row.why_en or "")) or told.say("数字太小，不写出")
    parts = [mark, html.B(one_of(told.lang, *rule.name)), html.Span(why, className="quiet")]
    return html.Li([*parts, _rows(row, rule, told)])


def _rows(row: Any, rule: Rule, told: Asking) -> Component | None:
    """How many rows speak against the place on this line, as a link; None where there is none."""
    short = row.numerator if rule.bound == "at_most" else row.denominator - row.numerator
    href = _href(rule, told, str(row.key))
    if href is None or pd.isna(short) or short <= 0:
        return None
    return html.A(told.say("看这 {n} 条", n=f"{short:,.0f}"), href=href, className="to-rows")


def _href(rule: Rule, told: Asking, key: str | None = None) -> str | None:
    """Address of the rows against a line, at one place or everywhere; cards judge what was decided in the period."""
    figure, (code, by) = against(rule), asked_card(told)
    here = {} if key is None else {by or scorecard(code).unit: key}
    return told.rows(figure, **here, dating="decided") if figure and told.desk.who().may("cases") else None


def lines(told: Asking) -> Drawn:
    """Of every rule how many places met it, missed it, and could not be judged; what was missed leads to its rows."""
    (code, by), say = asked_card(told), told.say
    why, rules = scorecard_lines_table(told, code, by), {rule.code: rule for rule in scorecard(code).rules}
    met = why["met"].astype(object)
    flags = pd.DataFrame({"rule": why["rule"], "met": met.eq(True), "missed": met.eq(False), "unknown": met.isna()})
    found = flags.groupby("rule", sort=False).sum().reset_index()
    found = found.assign(label=[one_of(told.lang, *rules[rule].name) for rule in found["rule"]])
    found = found.sort_values("missed", ascending=False, ignore_index=True)
    colours, nowhere = palette(told.theme), [None] * len(found)
    parts = {"met": say("达标"), "missed": say("未达标"), "unknown": say("数据不足")}
    shades = {"met": colours.ok, "missed": colours.bad, "unknown": colours.line}
    hrefs = dict.fromkeys(parts, nowhere) | {"missed": [_href(rules[rule], told) for rule in found["rule"]]}
    return Drawn(bars(found, parts, hrefs, told.theme, shades), found, {"label": say("规则"), **parts})
