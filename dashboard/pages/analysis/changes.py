"""The strip of changes: a page's key figures of two periods or places, named as changed only past z = ±3."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.changes import Better, change
from dashboard.language import one_of
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.beside import PLACE, columns
from dashboard.pages.analysis.cutoff import cut_off, cut_off_note
from dashboard.pages.analysis.panel import Drawn, Panel
from dashboard.reading.records import rows
from dashboard.reading.view import View
from db.measures.exposure import residents
from db.measures.figures import COUNTS, figure, name_of
from db.measures.periods import AGAINST, length, reaches_back_to
from db.measures.question import Question
from grids.suppression import suppress
from grids.trends import direction, with_changes, with_share_changes

# Which way a figure should go; of those that are not named neither way is better.
BETTER: Mapping[str, Better] = {
    **dict.fromkeys(("reports", "repeats", "escaped", "bounced", "repeat"), "down"),
    **dict.fromkeys(
        ("containment", "closing", "on_time", "on_spot", "mediation", "satisfaction", "revisit", "held", "accepted",
         "done", "relieved", "stayed_in_street"), "up",
    ),
}  # fmt: skip

HEADS = 10_000
HIDDEN_WITH = ("share_now", "share_before", "head_now", "head_before", "z")


class Figure(NamedTuple):
    """A figure of one column: a count k over `per` (days, or residents and days), or a share k of n."""

    k: float
    n: float
    per: float


def changes_panel(codes: tuple[str, ...]) -> Panel:
    """The panel for a page whose key figures are `codes`; it stands there only while two of a kind are compared."""
    return Panel(
        "changes",
        "对比结论",
        "变化超过 z = ±3 才点名；计数按天数（地点之间另按居民数）折算后检验，率以两比例检验",
        lambda told: changed(told, codes),
        width=12,
        height="own",
        alone=True,
        only=compares_two,
    )


def compares_two(view: View) -> bool:
    """Whether two periods or two places are held against each other."""
    against = view.against or ""
    return against in AGAINST or (against.startswith(PLACE) and against.removeprefix(PLACE) != view.place)


def changed(told: Asking, codes: tuple[str, ...]) -> Drawn:
    """code, label, k_now, n_now, share_now, k_before, n_before, share_before, z, direction; one row a figure."""
    now, before = columns(told.desk, told.asked)
    pair = [replace(told, asked=each.view, flt=told.desk.filter(each.view), label=each.label) for each in (now, before)]
    # The record ends alike for two places: only of two periods one is the poorer for it.
    cut = cut_off(told) is not None and not (told.asked.against or "").startswith(PLACE)
    parts = [_changed(code, [_figure(each, code, ends_early=cut) for each in pair], told) for code in codes]
    frame = pd.concat(parts, ignore_index=True)
    words = {
        "label": told.say("指标"), "k_now": f"{now.label} {told.say('分子或计数')}", "n_now": told.say("分母"),
        "share_now": told.say("率"), "k_before": f"{before.label} {told.say('分子或计数')}",
        "n_before": f"{before.label} {told.say('分母')}", "share_before": f"{before.label} {told.say('率')}", "z": "z",
    }  # fmt: skip
    notes = cut_off_note(told) if cut else ()
    return Drawn(_strip(told, frame, now.label, before.label), frame, words, notes=notes)


def _figure(told: Asking, code: str, *, ends_early: bool) -> Figure:
    asked = Question(told.conn, told.view, told.flt, None, told.as_of, told.policy, told.boundaries)
    found = figure(asked, code).iloc[0]
    if code not in COUNTS:
        return Figure(float(found["numerator"]), float(found["denominator"]), 1.0)
    known = told.flt.start >= reaches_back_to(told.view) and not ends_early
    return Figure(float(found["count"]), float("nan"), length(told.flt) if known else 0.0)


def _changed(code: str, pair: Sequence[Figure], told: Asking) -> pd.DataFrame:
    now, before = pair
    frame = pd.DataFrame({"code": [code], "label": [one_of(told.lang, *name_of(code))]})
    if code in COUNTS:
        between = _residents(told) if (told.asked.against or "").startswith(PLACE) else (1.0, 1.0)
        counts = frame.assign(
            now=now.k, before=before.k, per_now=now.per * between[0], per_before=before.per * between[1]
        )
        found = with_changes(counts).rename(columns={"now": "k_now", "before": "k_before"})
        pairs = zip((now.k, before.k), between, strict=True)
        by_head = [k / heads * HEADS if heads > 1 else float("nan") for k, heads in pairs]
        found = found.assign(
            n_now=float("nan"), n_before=float("nan"), share_now=float("nan"), share_before=float("nan"),
            head_now=by_head[0], head_before=by_head[1],
        )  # fmt: skip
    else:
        found = with_share_changes(frame.assign(k_now=now.k, n_now=now.n, k_before=before.k, n_before=before.n))
        found = found.assign(head_now=float("nan"), head_before=float("nan"))
    return _hidden(found, told.fewest, code in COUNTS)


def _residents(told: Asking) -> tuple[float, float]:
    """Residents of both places: their counts are compared per head; 0, and so unknown, where the record has none."""
    both = columns(told.desk, told.asked)
    now, before = (residents(told.conn, told.desk.filter(each.view)) for each in both)
    return now, before


def _hidden(found: pd.DataFrame, fewest: int | None, is_count: bool) -> pd.DataFrame:
    """Nothing of fewer than `fewest` people; a verdict that rests on them is unknown too."""
    if fewest is None:
        return found
    for k, n in (("k_now", "n_now"), ("k_before", "n_before")):
        pair = (k, k) if is_count else (k, n)
        found = suppress(found, fewest, pair, HIDDEN_WITH).drop(columns="suppressed")
    return found.assign(direction=direction(found["z"].astype("float64")))


def _strip(told: Asking, frame: pd.DataFrame, now: str, before: str) -> list[Component]:
    tiles = [_tile(told, row, before) for row in rows(frame)]
    heads = html.P([html.B(now), told.say(" 对 "), html.B(before)], className="panel-note")
    return [heads, html.Div(tiles, className="change-tiles")]


def _tile(told: Asking, row: Any, before: str) -> Component:
    names = {"previous": "", "last_year": told.say("去年同期")}
    z = float("nan") if pd.isna(row.z) else float(row.z)
    share, counts = _value(row.k_before, row.n_before, row.head_before, told)
    was = f"{share} ({counts})" if counts else share
    whose = names.get(told.asked.against or "", before)
    word = change(z, was, told.say, better=BETTER.get(row.code), whose=whose)
    share, counts = _value(row.k_now, row.n_now, row.head_now, told)
    value = html.Div([html.B(share), html.Small(counts)], className="number-value")
    return html.Div([html.Div(row.label, className="number-title"), value, word], className="number")


def _value(k: Any, n: Any, by_head: Any, told: Asking) -> tuple[str, str]:
    """A count, between places with what it is for 10,000 residents; or a share and what it is made of."""
    if pd.isna(k):
        return "–", ""
    if pd.isna(n):
        return f"{k:,.0f}", "" if pd.isna(by_head) else told.say("每万居民 {n}", n=f"{by_head:,.1f}")
    return (f"{k / n:.1%}" if n else "–"), f"{k:,.0f}/{n:,.0f}"
