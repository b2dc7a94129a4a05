"""Scorecards of cells and beats: 四型八零, 四目标 and the monthly star, from the counts of a period."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.card_counts import card_counts
from db.measures.live import live_places
from db.measures.question import Boundaries, Question
from db.readmodel import View
from geo.errors import InputError
from grids.policies import POLICIES, Policy
from grids.scorecards.rules import Scorecard, scorecard
from grids.scorecards.scoring import earned, score, stars, totals

UNITS = ("cell", "beat")
COLUMNS = ["key", "label", "station", "points", "of", "percent", "met", "judged", "rules", "earned", "rank", "star"]
LINES = [
    "key", "label", "rule", "name", "group", "numerator", "denominator", "value", "bound", "threshold", "met", "points",
    "of", "why_zh", "why_en",
]  # fmt: skip


def scorecards(
    conn: Connection, view: View, flt: Filter, *, card: str = "four_types", by: str | None = None,
    policy: Policy = POLICIES["QD"], as_of: datetime | None = None, boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """COLUMNS, one row a cell or beat (default: what the card is for), by code.

    points of the lines judged, `of` them at most; percent NaN when nothing was judged. met, judged, rules: lines.
    earned: codes of the groups (types, goals) all of whose lines were judged and met, joined by ";". rank, star: inside
    the station. NotFound for an unknown card, InputError for another `by`.
    """
    chosen, asked, live = _asked(conn, view, flt, card, by, policy, as_of, boundaries)
    scored = score(_counts(asked, chosen, live), chosen, why=False)
    if scored.empty:
        return pd.DataFrame(columns=COLUMNS)
    ranked = stars(totals(scored), live.set_index("key")["station"])
    got = earned(scored).reset_index()
    groups = got[got["earned"]].groupby("unit")["group"].agg(";".join)
    table = ranked.join(groups.rename("earned")).rename_axis("key").reset_index()
    table = table.assign(earned=table["earned"].fillna(""), label=table["key"].map(live.set_index("key")["label"]))
    return table[COLUMNS]


def scorecard_lines(
    conn: Connection, view: View, flt: Filter, *, card: str = "four_types", by: str | None = None,
    policy: Policy = POLICIES["QD"], as_of: datetime | None = None, boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """LINES, one row a place and rule: what was counted, what was wanted, what came of it, and why."""
    chosen, asked, live = _asked(conn, view, flt, card, by, policy, as_of, boundaries)
    scored = score(_counts(asked, chosen, live), chosen)
    names = {rule.code: rule.name.zh for rule in chosen.rules}
    labels = live.set_index("key")["label"]
    told = scored.assign(label=scored["unit"].map(labels), name=scored["rule"].map(names))
    return told.rename(columns={"unit": "key"})[LINES]


def _asked(
    conn: Connection, view: View, flt: Filter, card: str, by: str | None, policy: Policy, as_of: datetime | None,
    boundaries: Boundaries,
) -> tuple[Scorecard, Question, pd.DataFrame]:  # fmt: skip
    chosen = scorecard(card)
    unit = by or chosen.unit
    if unit not in UNITS:
        raise InputError(f"A scorecard is for a cell or a beat, not for a {unit}.")
    live = live_places(view, flt, unit, boundaries=boundaries, redrawn=flt.end)
    return chosen, Question(conn, view, flt, unit, as_of, policy, boundaries), live


def _counts(asked: Question, card: Scorecard, live: pd.DataFrame) -> pd.DataFrame:
    names = {name for rule in card.rules for name in (*rule.above, *rule.below)}
    return card_counts(asked, names, pd.Index(live["key"], dtype=object))
