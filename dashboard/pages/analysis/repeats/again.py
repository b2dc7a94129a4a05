"""How many reports came again: the rate, by place, by channel, and the chains of reports about one matter."""

import pandas as pd
from dash import html

from dashboard.components.proportion import proportion
from dashboard.figures.bars import bars
from dashboard.figures.intervals import intervals
from dashboard.figures.theme import palette
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reporting.outcomes import chains_table, repeats_table

KINDS = ("first", "duplicates", "repeats")
LEADS = {"reports": "reports", **{kind: f"repeats.{kind}" for kind in KINDS}}


def words(told: Asking) -> dict[str, str]:
    """The columns of reports as people read them."""
    say = told.say
    return {
        "label": say("名称"), "reports": say("警情"), "first": say("首次"), "duplicates": say("重复上报"),
        "repeats": say("重复警情"), "share": say("重复率"), "low": say("区间下限"), "high": say("区间上限"),
    }  # fmt: skip


def whole(told: Asking) -> Drawn:
    """The rate of everything, and what the reports were."""
    found = told.named(repeats_table(told, None), None)
    row = found.iloc[0]
    if pd.isna(row["reports"]) or not row["reports"]:
        return Drawn(None, found.head(0), words(told))
    say = told.say
    parts = [(say("重复警情"), "repeats"), (say("重复上报"), "duplicates"), (say("首次"), "first")]
    made = [
        html.A(
            proportion(name, int(row[kind]), int(row["reports"]), say),
            href=told.rows(f"repeats.{kind}"),
            className="plain-link",
        )
        for name, kind in parts
        if not pd.isna(row[kind])
    ]
    return Drawn(html.Div(made, className="proportions"), found, words(told), LEADS)


def chains(told: Asking) -> Drawn:
    """How many matters have one, two … five and more reports."""
    say, found = told.say, chains_table(told, None)
    last = int(found["reports"].max()) if len(found) else 0
    labels = [say("{n} 次及以上", n=n) if n == last else say("{n} 次", n=n) for n in found["reports"]]
    found = found.assign(label=labels)
    hrefs = {"numerator": [told.rows("chains", reports=n) for n in found["reports"]]}
    columns = {"label": say("警情数"), "numerator": say("事项"), "denominator": say("全部事项"), "share": say("占比"),
               "low": say("区间下限"), "high": say("区间上限")}  # fmt: skip
    figure = bars(found, {"numerator": say("事项")}, hrefs, told.theme)
    return Drawn(figure, found, columns, {"numerator": "chains"}, {"reports": "reports"})


def rates(told: Asking) -> Drawn:
    """One dot a place, the highest rate first."""
    by, say = told.asked.by, told.say
    found = told.named(repeats_table(told, by), by)
    found = found.sort_values(["share", "reports"], ascending=False, ignore_index=True)
    hrefs = [told.rows("repeats.repeats", **{by: key}) for key in found["key"]]
    whole = repeats_table(told, None)["share"].iloc[0]
    shown = found.rename(columns={"repeats": "numerator", "reports": "denominator"})
    line = None if pd.isna(whole) else float(whole)
    figure = intervals(shown[shown["share"].notna()], hrefs, say, told.theme, line)
    figure.update_xaxes(autorange=True, rangemode="tozero")
    return Drawn(figure, found, words(told), LEADS, {by: "key"})


def kinds(told: Asking) -> Drawn:
    """Bars in three parts: what the reports of each channel or category were to their matters."""
    by, say = told.asked.chosen("through"), told.say
    found = told.named(repeats_table(told, by), by).sort_values("reports", ascending=False, ignore_index=True)
    colours = palette(told.theme)
    shades = {"first": colours.edge, "duplicates": colours.severity_2, "repeats": colours.bad}
    hrefs = {kind: [told.rows(f"repeats.{kind}", **{by: key}) for key in found["key"]] for kind in KINDS}
    parts = {"first": say("首次"), "duplicates": say("重复上报"), "repeats": say("重复警情")}
    figure = bars(found, parts, hrefs, told.theme, shades)
    return Drawn(figure, found, words(told), LEADS, {by: "key"})
