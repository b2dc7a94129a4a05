"""How matters travelled: up the ladder, into other grades, and where they left their level."""

import pandas as pd

from dashboard.components.severity import word
from dashboard.figures.bars import bars
from dashboard.figures.flow import river, upward
from dashboard.figures.grid import grid
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reporting.outcomes import containment_table, flow_table, regrades_table
from grids.grading import SEVERITIES
from grids.levels import LEVEL_NAMES


def flow(told: Asking) -> Drawn:
    """From level to level, and where matters ended; what was sent down stands in a note."""
    say = told.say
    found = flow_table(told, None)
    names: dict[str, str] = {level: one_of(told.lang, *name) for level, name in LEVEL_NAMES.items()}
    names |= {"closed": say("办结"), "open": say("在办")}
    found = found.assign(source_name=found["source"].map(names), target_name=found["target"].map(names))
    shown = found[upward(found) & found["numerator"].notna()]
    pairs = zip(shown["source"], shown["target"], strict=True)
    hrefs = [told.rows("flow", source=source, target=target) for source, target in pairs]
    down = found.loc[~upward(found), "numerator"].sum()
    notes = (say("另有 {n} 件由上级退回下级，图中未画，见数据表。", n=f"{down:,.0f}"),) if down else ()
    words = {
        "source_name": say("从"), "target_name": say("到"), "numerator": say("件数"), "denominator": say("到过该级"),
        "share": say("占比"), "low": say("区间下限"), "high": say("区间上限"),
    }  # fmt: skip
    figure = river(shown, names, hrefs, told.theme)
    return Drawn(figure, found, words, {"numerator": "flow"}, {"source": "source", "target": "target"}, notes)


def escapes(told: Asking) -> Drawn:
    """Where matters left their level: the places with the most of them."""
    by, say = told.asked.by, told.say
    found = told.named(containment_table(told, by, told.asked.chosen("dating")), by)
    found = found[found["escaped"].fillna(0) > 0].sort_values("escaped", ascending=False, ignore_index=True)
    hrefs = {"escaped": [told.rows("containment.escaped", **{by: key}) for key in found["key"]]}
    words = {"label": say("地点"), "escaped": say("越级"), "decided": say("定案"), "share": say("化解率")}
    figure = bars(found, {"escaped": say("越级（件）")}, hrefs, told.theme)
    leads = {"escaped": "containment.escaped", "decided": "containment.decided"}
    return Drawn(figure, found, words, leads, {by: "key"})


def regrades(told: Asking) -> Drawn:
    """Which grade counts, and which grade it is now; off the diagonal stands what was regraded."""
    say, found = told.say, regrades_table(told, None)
    grades = list(SEVERITIES)
    names = [word(grade, told.lang) for grade in grades]
    rows = {(row.severity, row.severity_now): row for row in found.itertuples()}
    counts = [[_count(rows.get((a, b))) for b in grades] for a in grades]
    shares = [[_share(rows.get((a, b))) for b in grades] for a in grades]
    hrefs = [[told.rows("regrades", severity=a, severity_now=b) for b in grades] for a in grades]
    table = found.assign(**{f"{name}_name": found[name].map(dict(zip(grades, names, strict=True))) for name in PAIR})
    words = {
        "severity_name": say("计入的等级"), "severity_now_name": say("现在的等级"), "numerator": say("件数"),
        "denominator": say("该级合计"), "share": say("占比"),
    }  # fmt: skip
    titles = (say("计入的等级"), say("现在的等级"))
    figure = grid(counts, shares, (names, names), hrefs, titles, told.theme)
    return Drawn(figure, table, words, {"numerator": "regrades"}, {name: name for name in PAIR})


PAIR = ("severity", "severity_now")


def _count(row: object) -> int | None:
    value = getattr(row, "numerator", 0)
    return None if pd.isna(value) else int(value)


def _share(row: object) -> float | None:
    value = getattr(row, "share", 0.0)
    return None if pd.isna(value) else float(value)
