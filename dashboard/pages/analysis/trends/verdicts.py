"""Every figure at once: which of them changed against the period before and the year before."""

import math
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.changes import change
from dashboard.components.datatable import table
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.changes import BETTER
from dashboard.pages.analysis.cutoff import cut_off, cut_off_note
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.changes import change_table
from db.measures.figures import COUNTS, SHARES, name_of
from db.measures.periods import AGAINST

EVERY = (*COUNTS, *SHARES)


def verdicts(told: Asking) -> Drawn:
    """code, label, now, before_previous, z_previous, before_last_year, z_last_year: one row a figure."""
    say = told.say
    data = pd.DataFrame([_row(told, code) for code in EVERY])
    columns = {
        "label": say("指标"), "now": say("本期"), "before_previous": say("上一期"), "z_previous": say("z（对上一期）"),
        "before_last_year": say("去年同期"), "z_last_year": say("z（对去年同期）"),
    }  # fmt: skip
    heads = [say("指标"), say("本期"), say("对上一期"), say("对去年同期")]
    lines = [
        [row.label, row.now, _verdict(told, row, AGAINST[0]), _verdict(told, row, AGAINST[1])] for row in rows(data)
    ]
    leads = {"now": "{behind}"}
    body: list[Component] = [html.Div(table(say("哪些指标变了"), heads, lines), className="verdicts")]
    return Drawn(body, data, columns, leads, notes=cut_off_note(told))


def _row(told: Asking, code: str) -> dict[str, Any]:
    of: dict[str, Any] = {"code": code, "label": one_of(told.lang, *name_of(code)), "behind": _behind(code)}
    for row in rows(change_table(told, code, None, AGAINST)):
        is_known = pd.notna(row.z) and not (code in COUNTS and cut_off(told))
        z = float(row.z) if is_known else math.nan
        before = _value(row, "before", code)
        of |= {"now": _value(row, "now", code), f"before_{row.against}": before, f"z_{row.against}": z}
    return of


def _behind(code: str) -> str:
    if code == "containment":
        return "containment.decided"
    return code if code in COUNTS else f"{code}.denominator"


def _value(row: Any, when: str, code: str) -> str:
    if code in COUNTS:
        count, per = getattr(row, when), getattr(row, f"per_{when}")
        return "–" if pd.isna(count) or not per else f"{count:,.0f}"
    k, n = getattr(row, f"k_{when}"), getattr(row, f"n_{when}")
    return "–" if pd.isna(n) or not n else f"{k / n:.1%} ({k:,.0f}/{n:,.0f})"


def _verdict(told: Asking, row: Any, against: str) -> Component:
    before = getattr(row, f"before_{against}")
    return change(getattr(row, f"z_{against}"), before, told.say, better=BETTER.get(row.code), whose=told.say("曾为"))
