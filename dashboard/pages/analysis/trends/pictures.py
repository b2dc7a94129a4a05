"""One figure over time, everywhere or in several places side by side."""

import pandas as pd

from dashboard.figures.course import course
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.courses import course_of, course_words, hrefs_of, year_before
from dashboard.pages.analysis.cutoff import cut_off_note
from dashboard.pages.analysis.panel import Drawn
from db.measures.figures import COUNTS, name_of
from grids.outcomes.formulas import FORMULAS

MOST_DAYS = {"day": 45, "week": 190}  # of a period that is cut so by itself
MOST_SEEN, MOST_PLACES = 100, 16


def behind(code: str) -> str:
    """The figure whose rows stand behind a code of db.measures.figures."""
    if code == "containment":
        return "containment.decided"
    return f"{code}.denominator" if code in FORMULAS else code


def grain_of(told: Asking) -> str:
    """The grain asked for; left alone, one that gives ten to fifty steps. Days only while few enough to see."""
    grain, days = told.asked.chosen("grain"), (told.flt.end - told.flt.start).days
    if grain == "auto":
        return next((each for each, most in MOST_DAYS.items() if days <= most), "month")
    return "week" if grain == "day" and days > MOST_SEEN else grain


def one(told: Asking) -> Drawn:
    """The course of the chosen figure, with that of a year before."""
    code, grain = told.asked.chosen("code"), grain_of(told)
    found = course_of(told, code, grain)
    columns = course_words(told.say, shares=code not in COUNTS)
    if found.empty:
        return Drawn(None, found, columns)
    before = year_before(told, code, grain, list(found["at"]))
    figure = course(found, hrefs_of(told, found, behind(code), grain), told.say, told.theme, before)
    return Drawn(figure, found, columns, notes=(_named(told, code), *_coarser(told, grain), *cut_off_note(told)))


def several(told: Asking) -> Drawn:
    """A small picture a place on one scale; the places that count most first."""
    code, grain, kind = told.asked.chosen("code"), grain_of(told), told.asked.chosen("among")
    columns = {"label": told.say("地点"), **course_words(told.say, shares=code not in COUNTS)}
    found = told.named(course_of(told, code, grain, kind), kind)
    weight = found.groupby("label", sort=False)["numerator" if code in COUNTS else "denominator"].sum()
    shown = list(weight.sort_values(ascending=False, kind="stable").index[:MOST_PLACES])
    top = found.loc[found["label"].isin(shown), "high"].max()
    parts = {label: found[found["label"] == label] for label in shown}
    pictures = {
        label: course(part, hrefs_of(told, part, behind(code), grain, **{kind: part["key"].iloc[0]}), told.say,
                      told.theme, top=None if pd.isna(top) else float(top))
        for label, part in parts.items()
    }  # fmt: skip
    more = len(weight) - len(shown)
    notes = (told.say("另有 {n} 个地点未画，见数据表与导出。", n=more),) if more else ()
    return Drawn(pictures, found, columns, notes=(_named(told, code), *notes))


def _named(told: Asking, code: str) -> str:
    return told.say("指标：{name}", name=one_of(told.lang, *name_of(code)))


def _coarser(told: Asking, grain: str) -> tuple[str, ...]:
    cut = told.asked.chosen("grain") == "day" and grain != "day"
    return (told.say("超过 {n} 天的期间按周画。", n=MOST_SEEN),) if cut else ()
