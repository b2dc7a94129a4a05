"""What became of matters besides: closed, on time, held; through the months; and what other borders would say."""

from dataclasses import replace

import pandas as pd
from dash import html

from dashboard.components.proportion import proportion
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.containment.shares import words as containment_words
from dashboard.pages.analysis.courses import course_words, year_course
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reading.view import PLAN
from dashboard.reporting.outcomes import containment_table, outcomes_table
from grids.outcomes.formulas import FORMULAS

COLUMNS = ("contained", "decided", "share", "escaped")
CODES = ("closing", "on_time", "held", "stayed_in_street", "on_spot", "mediation", "regraded")


def outcomes(told: Asking) -> Drawn:
    """Shares that stand beside containment, each of its own matters."""
    say, found = told.say, outcomes_table(told, None, CODES)
    found = found.assign(label=[one_of(told.lang, *FORMULAS[code].name) for code in found["outcome"]])
    known = found[found["numerator"].notna()]
    made = [proportion(row.label, int(row.numerator), int(row.denominator), say) for row in rows(known)]
    names = {
        "label": say("指标"), "share": say("率"), "numerator": say("分子"), "denominator": say("分母"),
        "low": say("区间下限"), "high": say("区间上限"),
    }  # fmt: skip
    leads = {side: f"{{outcome}}.{side}" for side in ("numerator", "denominator")}
    return Drawn(html.Div(made, className="proportions proportions-wide"), found, names, leads)


def year(told: Asking) -> Drawn:
    """Containment month by month up to the end of the period, each month judged at its own end."""
    figure, found = year_course(told, "containment", "containment.escaped")
    return Drawn(figure, found, course_words(told.say, shares=True))


def borders(told: Asking) -> Drawn:
    """Places whose containment differs between the borders of the time and those of today, or of today and a plan's."""
    say, by = told.say, told.asked.by
    is_plan = told.asked.boundaries.startswith(PLAN)
    pair = {"now": say("现行"), "plan": say("方案")} if is_plan else {"then": say("当时"), "now": say("现行")}
    one, other = (_under(told, code) for code in pair)
    found = one.merge(other, on="key", how="outer", suffixes=[f"_{code}" for code in pair])
    labels = [found[f"label_{code}"] for code in pair]
    found["label"] = labels[1].where(labels[1].notna(), labels[0])
    moved = [_differs(found, name, *pair) for name in ("decided", "contained")]
    heads = containment_words(told)
    words = {"label": say("地点")} | {
        f"{name}_{code}": f"{heads[name]}（{when}）" for name in COLUMNS for code, when in pair.items()
    }
    shown = told.named(found[moved[0] | moved[1]].reset_index(drop=True), by)
    if shown.empty:
        return Drawn(html.P(say("期间内没有地点因边界调整而改变数字。"), className="quiet"), shown, words)
    return Drawn(None, shown, words)


def _under(told: Asking, code: str) -> pd.DataFrame:
    """Containment by place under the borders "then", "now", or those of the plan that is looked at."""
    return containment_table(told if code == "plan" else replace(told, boundaries=code), told.asked.by)


def _differs(found: pd.DataFrame, name: str, one: str, other: str) -> pd.Series:
    return found[f"{name}_{one}"].fillna(0) != found[f"{name}_{other}"].fillna(0)
