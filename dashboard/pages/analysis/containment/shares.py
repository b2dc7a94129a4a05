"""Containment as shares: of everything and each grade, by the three promises, by two datings, by place."""

from dataclasses import replace

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.filters import labelled
from dashboard.components.proportion import proportion
from dashboard.components.shares import headline, severity_rows
from dashboard.figures.intervals import intervals
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.outcomes import containment_table, policies_table
from grids.policies import POLICIES

ESCAPED = "containment.escaped"
LEADS = {name: f"containment.{name}" for name in ("contained", "decided", "escaped", "pending")}


def words(told: Asking) -> dict[str, str]:
    """The columns of db.measures containment as people read them."""
    say = told.say
    return {
        "label": say("名称"), "share": say("化解率"), "contained": say("化解"), "decided": say("定案"),
        "low": say("区间下限"), "high": say("区间上限"), "escaped": say("越级"), "pending": say("在办"),
    }  # fmt: skip


def overall(told: Asking) -> Drawn:
    """The share of everything, then of each grade with its ceiling."""
    dating = told.asked.chosen("dating")
    whole = told.named(containment_table(told, None, dating), None)
    grades = containment_table(told, "severity", dating)
    data = pd.concat([whole.assign(key=None), told.named(grades, "severity")], ignore_index=True)
    if not _counted(whole):
        return Drawn(None, data.iloc[:0], words(told))
    body = html.Div(
        [headline(rows(whole)[0], told.say), severity_rows(grades, told.policy, told.say, told.lang)],
        className="shares",
    )
    return Drawn(body, data, words(told), LEADS, {"severity": "key"}, (_wording(told),))


def _counted(whole: pd.DataFrame) -> bool:
    return bool((whole[["contained", "escaped", "pending"]].fillna(1).to_numpy() > 0).any())


def _wording(told: Asking) -> str:
    return one_of(told.lang, told.policy.wording_zh, told.policy.wording_en)


def policies(told: Asking) -> Drawn:
    """The same matters judged by each promise."""
    found = policies_table(told, None, told.asked.chosen("dating"))
    each = {code: (one_of(told.lang, one.name_zh, one.name_en), one) for code, one in POLICIES.items()}
    found = found.assign(label=[each[code][0] for code in found["policy"]])
    shown = found.rename(columns={"contained": "numerator", "decided": "denominator"})
    hrefs = [replace(told, asked=replace(told.asked, policy=code)).rows(ESCAPED) for code in found["policy"]]
    figure = intervals(shown, hrefs, told.say, told.theme, fewest=len(each))
    wordings = [(name, one_of(told.lang, one.wording_zh, one.wording_en)) for name, one in each.values()]
    notes = tuple(labelled(name, wording, told.say) for name, wording in wordings)
    return Drawn(figure, found[found["decided"] != 0], words(told), notes=notes)


def datings(told: Asking) -> Drawn:
    """Matters decided in the period beside those opened in it."""
    say = told.say
    named = {"decided": say("期间定案"), "cohort": say("期间新立")}
    parts = [containment_table(told, None, code).assign(key=code, label=name) for code, name in named.items()]
    found = pd.concat(parts, ignore_index=True)
    bars: list[Component] = []
    for row in rows(found[found["decided"].notna()]):
        bars.append(proportion(row.label, int(row.contained), int(row.decided), say))
        counts = say("越级 {escaped} · 在办 {pending}", escaped=f"{row.escaped:,}", pending=f"{row.pending:,}")
        bars.append(html.P(counts, className="quiet"))
    return Drawn(html.Div(bars, className="proportions"), found, words(told), LEADS, {"dating": "key"})


def places(told: Asking) -> Drawn:
    """One dot a place, the lowest share first, what is decided nowhere last."""
    by = told.asked.by
    found = told.named(containment_table(told, by, told.asked.chosen("dating")), by)
    found = found.sort_values(["share", "decided"], ascending=[True, False], ignore_index=True)
    hrefs = [told.rows(ESCAPED, **{by: key}) for key in found["key"]]
    whole = containment_table(told, None, told.asked.chosen("dating"))["share"].iloc[0]
    shown = found.rename(columns={"contained": "numerator", "decided": "denominator"})
    shown = shown[shown["share"].notna()]
    figure = intervals(shown, hrefs, told.say, told.theme, None if pd.isna(whole) else float(whole))
    return Drawn(figure, found, words(told), LEADS, {by: "key"})
