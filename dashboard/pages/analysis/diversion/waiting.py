"""How long diversions wait, why they come back, and what diverting takes off the police through a year."""

import pandas as pd
from dash import html

from dashboard.figures.bars import bars
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.courses import course_words, year_course
from dashboard.pages.analysis.panel import Drawn
from dashboard.reporting.small import hide
from db.measures.acceptance import WITHIN_H


def waits(told: Asking) -> Drawn:
    """Accepted lines by how many hours they had waited, the quickest first."""
    say = told.say
    found = told.measure("acceptance", by=None, as_of=told.as_of, boundaries=told.boundaries).iloc[0]
    edges = [say("{n} 小时内", n=hours) for hours in WITHIN_H]
    steps = {f"within_{hours}": words for hours, words in zip(WITHIN_H, edges, strict=True)}
    steps["later"] = say("超过 {n} 小时", n=WITHIN_H[-1])
    counts = [int(found[name]) for name in steps]
    data = hide(pd.DataFrame({"label": list(steps.values()), "lines": counts}), told.fewest, "lines")
    columns = {"label": say("等待"), "lines": say("条数")}
    if not found["diverted_accepted"]:
        return Drawn(None, data.iloc[:0], columns)
    figure = bars(data, {"lines": say("条数")}, {"lines": [None] * len(data)}, told.theme)
    notes = (
        say(
            "中位数 {median} 小时，九成不超过 {slow} 小时。",
            median=f"{found['median_h']:.1f}",
            slow=f"{found['slow_h']:.1f}",
        ),
    )
    return Drawn(figure, data, columns, notes=notes)


def reasons(told: Asking) -> Drawn:
    """The words with which lines were sent back; for readers of cases only, since anything may stand in them."""
    say = told.say
    columns = {"label": say("原因"), "bounced": say("条数")}
    if not told.desk.who().may("cases"):
        words = html.P(say("退回原因是经办人写的话，只给能看事项的人看。"), className="quiet")
        return Drawn(words, pd.DataFrame(columns=list(columns)), columns)
    found = told.measure("bounce reasons", as_of=told.as_of, boundaries=told.boundaries)
    found = found.assign(label=found["reason"].fillna(say("未写原因")))
    figure = bars(
        found, {"bounced": say("条数")}, {"bounced": [told.rows("diversion.bounced")] * len(found)}, told.theme
    )
    return Drawn(figure, found, columns, {"bounced": "diversion.bounced"})


def relief(told: Asking) -> Drawn:
    """Month by month, how much of the non-police calls was taken off the police."""
    figure, found = year_course(told, "relieved", "relieved.numerator")
    return Drawn(figure, found, course_words(told.say, shares=True))
