"""The ledger of diversions: how each unit's lines stand, as shares, as bars and as a table."""

import pandas as pd
from dash import html

from dashboard.components.proportion import proportion
from dashboard.figures.bars import bars
from dashboard.figures.theme import palette
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.outcomes import diversion_table, outcomes_table
from grids.outcomes.formulas import FORMULAS

RATES = ("accepted", "bounced", "done", "relieved")
SHOWN = 12  # bars that a card of middle height has room for
PARTS = ("done", "kept", "open", "bounced")  # a line is in exactly one
LEADS = {name: f"diversion.{name}" for name in ("sent", "accepted", *PARTS)}


def words(told: Asking) -> dict[str, str]:
    """The ways in which a line stands, as people read them."""
    say = told.say
    return {
        "sent": say("分出"), "accepted": say("接收"), "done": say("已办结"), "kept": say("留办"),
        "open": say("在途"), "bounced": say("退回"),
    }  # fmt: skip


def rates(told: Asking) -> Drawn:
    """The shares of diversion, each with what it is made of."""
    say, found = told.say, outcomes_table(told, None, RATES)
    found = found.assign(label=[one_of(told.lang, *FORMULAS[code].name) for code in found["outcome"]])
    known = found[found["numerator"].notna() & (found["denominator"] != 0)]
    made = [proportion(row.label, int(row.numerator), int(row.denominator), say) for row in rows(known)]
    names = {
        "label": say("指标"), "share": say("率"), "numerator": say("分子"), "denominator": say("分母"),
        "low": say("区间下限"), "high": say("区间上限"),
    }  # fmt: skip
    if known.empty:
        return Drawn(None, found.iloc[:0], names)
    leads = {side: f"{{outcome}}.{side}" for side in ("numerator", "denominator")}
    return Drawn(html.Div(made, className="proportions"), found, names, leads)


def units(told: Asking) -> Drawn:
    """One bar a unit, in the four ways a line can stand; the most lines first."""
    unit, colours, said = told.asked.chosen("unit"), palette(told.theme), words(told)
    found = _of_units(told)
    hrefs = {part: [told.rows(LEADS[part], **{unit: key}) for key in found["key"]] for part in PARTS}
    tints = {"done": colours.ok, "kept": colours.muted, "open": colours.accent, "bounced": colours.severity_2}
    figure = bars(found, {part: said[part] for part in PARTS}, hrefs, told.theme, tints, shown=SHOWN)
    return Drawn(figure, found, {"label": told.say("单位"), **said}, LEADS, {unit: "key"})


def ledger(told: Asking) -> Drawn:
    """The same with shares, and how long lines waited to be accepted."""
    say, unit = told.say, told.asked.chosen("unit")
    waited = told.measure("acceptance", by=unit, as_of=told.as_of, boundaries=told.boundaries)
    found = _of_units(told).merge(waited[["key", "median_h", "slow_h"]], on="key", how="left")
    hidden = found["sent"].isna()
    found = found.assign(**{name: found[name].mask(hidden) for name in ("median_h", "slow_h")})
    names = {
        "label": say("单位"), **words(told), "share_accepted": say("接收率"), "share_bounced": say("退回率"),
        "share_done": say("办结率"), "median_h": say("等待中位数（小时）"), "slow_h": say("九成等待不超过（小时）"),
    }  # fmt: skip
    return Drawn(None, found, names, LEADS, {unit: "key"})


def categories(told: Asking) -> Drawn:
    """What is diverted: the categories with the most lines."""
    found = told.named(diversion_table(told, "category"), "category")
    found = found[found["sent"].fillna(0) > 0].sort_values("sent", ascending=False, ignore_index=True)
    hrefs = {"sent": [told.rows(LEADS["sent"], category=key) for key in found["key"]]}
    figure = bars(found, {"sent": told.say("分出（条）")}, hrefs, told.theme, shown=SHOWN)
    return Drawn(figure, found, {"label": told.say("类别"), **words(told)}, LEADS, {"category": "key"})


def _of_units(told: Asking) -> pd.DataFrame:
    found = diversion_table(told, told.asked.chosen("unit"))
    found = found.assign(label=found["label"].astype(object).mask(found["key"].isna(), told.say("未写明单位")))
    return found.sort_values("sent", ascending=False, ignore_index=True)
