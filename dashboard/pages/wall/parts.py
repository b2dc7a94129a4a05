"""The wall's parts, from a snapshot to components: large type, few words, nothing to touch."""

import math
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.notes import MISSING, missing
from dashboard.components.severity import mark
from dashboard.components.shares import bar, percent
from dashboard.figures.load import busiest
from dashboard.language import Say, one_of, speaker
from dashboard.live.snapshot import Snapshot
from dashboard.live.stamp import local
from dashboard.reading.facts import Facts
from dashboard.reading.records import rows
from grids.levels import LEVEL_NAMES
from grids.policies import Policy

TOP_BEATS = 7
SILENT_AFTER = timedelta(days=2)  # without a single report: no city is that quiet
RECENT = timedelta(days=300)  # an older instant is told with its year


def numbers(snapshot: Snapshot, say: Say) -> list[Component]:
    """Today's counts."""
    today = snapshot.today
    beside = [
        _number(say("办结"), today.closed),
        _number(say("在办"), today.open_matters),
        _number(say("超期"), today.overdue, "bad" if today.overdue else ""),
    ]
    return [_number(say("警情"), today.incidents, "large"), html.Div(beside, className="wall-beside")]


def _number(title: str, value: int, look: str = "") -> Component:
    return html.Div([html.Span(title), html.B(f"{value:,}")], className=f"wall-number {look}")


def lacking(facts: Facts, say: Say, *kinds: str) -> list[Component]:
    """The note for the first of `kinds` that the record has nothing of, if any."""
    return [missing(kind, say) for kind in kinds if kind in facts.missing][:1]


def containment(snapshot: Snapshot, policy: Policy, facts: Facts, lang: str) -> list[Component]:
    """The overall share, then each grade against its ceiling."""
    say = speaker(lang)
    note = lacking(facts, say, "cells", "incidents", "catalogue", "steps")
    if note:
        return note
    (total,) = rows(snapshot.overall)
    head = html.Div(
        [
            html.B(percent(total.share), className="wall-share"),
            html.Span([f"{total.contained:,} / {total.decided:,}", html.Br(), f"{say('在办')} {total.pending:,}"]),
        ],
        className="wall-share-head",
    )
    by_key = {int(row.key): row for row in rows(snapshot.severities)}
    return [head, *[_grade(by_key[grade], grade, policy, say, lang) for grade in (1, 2, 3) if grade in by_key]]


def _grade(row: Any, grade: int, policy: Policy, say: Say, lang: str) -> Component:
    name = LEVEL_NAMES[policy.ceiling(grade)]
    ceiling = say("不出{level}", level=one_of(lang, name.zh, name.en))
    line = [mark(grade, lang), html.Span(ceiling, className="quiet"), html.B(percent(row.share))]
    counts = f"{row.contained:,} / {row.decided:,}"
    return html.Div(
        [
            html.Div(line, className="wall-grade-head"),
            bar(row, f"var(--severity-{grade})"),
            html.Div([counts, html.Span(f"{say('在办')} {row.pending:,}")], className="wall-grade-foot quiet"),
        ],
        className="wall-grade",
    )


def work(snapshot: Snapshot, facts: Facts, say: Say) -> list[Component]:
    """The heaviest beats; whoever has nobody posted is said first."""
    note = lacking(facts, say, "cells", "incidents", "postings")
    if note:
        return note
    frame = snapshot.work[snapshot.work["key"].notna()]
    alone = frame[frame["flag"] == "unstaffed"]
    staffed = busiest(frame[frame["flag"] != "unstaffed"], TOP_BEATS)
    top = scale_end(staffed["load"])
    lines = [_load(row, top, facts) for row in rows(staffed)]
    shown = [*lines, _scale(top)] if lines else []
    return [_unstaffed(alone, facts, say), *shown] if len(alone) else shown


def scale_end(loads: pd.Series) -> float:
    """Where the bars' scale ends: all the time that there is, or the next half of it that holds every load."""
    return max(1.0, math.ceil(float(loads.max()) * 2) / 2) if len(loads) else 1.0


def _scale(top: float) -> Component:
    """What the bars' length means: nought, half and whole of the scale."""
    marks = html.Div([html.Span(f"{part * top:.0%}") for part in (0, 0.5, 1)], className="wall-scale-marks")
    return html.Div([html.Span(), marks, html.Span()], className="wall-load wall-scale")


def _load(row: Any, top: float, facts: Facts) -> Component:
    width = f"{row.load / top:.1%}"
    colour = "var(--warn)" if row.flag == "over" else "var(--accent)"
    fill = html.Div(className="bar-fill", style={"width": width, "background": colour})
    name = html.Span(facts.name(f"beat:{row.key}"), className="wall-load-name")
    return html.Div([name, html.Div(fill, className="bar"), html.B(percent(row.load))], className="wall-load")


def _unstaffed(alone: pd.DataFrame, facts: Facts, say: Say) -> Component:
    names = "、".join(facts.name(f"beat:{key}") for key in alone["key"].head(3))
    text = say("{n} 个警格无人任职：{names}", n=len(alone), names=names)
    return html.Div(["⚠ ", text, "…" if len(alone) > 3 else ""], className="wall-unstaffed")


def feed(snapshot: Snapshot, facts: Facts, lang: str) -> list[Component]:
    """The last incidents: when, what, where, through which channel; nothing personal."""
    channels = facts.channel_names(lang)
    note = lacking(facts, speaker(lang), "cells", "incidents")
    if not note and snapshot.feed.empty:
        note = [html.P(speaker(lang)("近7天没有警情"), className="quiet")]
    return note or [
        html.Div(
            [
                html.Time(local(row.reported_at, facts.city.zone, "%H:%M")),
                html.B(row.category),
                html.Span(row.cell_name or "–", className="wall-feed-place"),
                html.Span(channels.get(row.channel, row.channel), className="quiet"),
            ],
            className="wall-feed-row",
            key=str(row.id),
        )
        for row in rows(snapshot.feed)
    ]


def freshness(snapshot: Snapshot, facts: Facts, say: Say, lang: str) -> list[Component]:
    """Every channel with its last report; the late ones marked by word and sign, not by colour alone."""
    channels = facts.channel_names(lang)
    head = html.Span(
        say("数据截至 {through}", through=local(snapshot.data_through, facts.city.zone)), className="wall-through"
    )
    return [head, *[_channel(row, channels, facts.city.zone, snapshot.at, say) for row in rows(snapshot.freshness)]]


def _channel(row: Any, channels: dict[str, str], zone: str, now: datetime, say: Say) -> Component:
    when = local(row.last_reported_at, zone, "%m-%d %H:%M" if now - row.last_reported_at < RECENT else "%Y-%m-%d")
    late = html.Span(say("⚠ 未更新"), className="wall-late") if row.stale else None
    return html.Span(
        [html.Span(channels.get(row.channel, row.channel)), html.Time(when), late], className="wall-channel"
    )


def alarm(snapshot: Snapshot, facts: Facts, say: Say) -> str | None:
    """What must be loaded first; or, when every channel is late or silent, since when nothing has come."""
    channels = snapshot.freshness
    first = next((kind for kind in ("cells", "incidents") if kind in facts.missing), None)
    if first:
        return f"{say(MISSING[first][0])} {MISSING[first][1]}"
    if snapshot.data_through and snapshot.at - snapshot.data_through > SILENT_AFTER:
        return say("{last} 之后没有新的警情", last=local(snapshot.data_through, facts.city.zone))
    if len(channels) and not channels["stale"].all():
        return None
    last = local(channels["last_loaded_at"].max() if len(channels) else None, facts.city.zone)
    return say("数据已陈旧：最后一次更新 {last}", last=last)
