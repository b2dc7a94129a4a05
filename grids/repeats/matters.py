"""Linking from scratch: all reports and decisions at once → matters, why, and what a person might look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import InputError
from grids.repeats import kernels
from grids.repeats.blocks import Block, Flags, blocks_of, pairs, shared_phones, unite
from grids.repeats.reports import Longs, Reports, reports_of
from grids.repeats.rules import RULES, Rules
from grids.repeats.tables import conflict_table, link_table, matter_table, suggestion_table

Decisions = Mapping[tuple[Any, Any], bool]


@dataclass(frozen=True)
class Linked:
    """matters: key, matter (key of its first report), kind (first, duplicate, repeat), by instant and key.

    links: a, b (earlier, later report), rule, metres (NaN: unknown), days, kind: why reports are in one matter, without
    pairs of a rule that a report between them explains. suggestions: a, b, metres, days: same building and group in
    different matters, nobody having decided, the closest pair of each two matters. conflicts: a, b of joins that a
    split forbids. shared_phones: hashes found to be shared.
    """

    matters: pd.DataFrame
    links: pd.DataFrame
    suggestions: pd.DataFrame
    conflicts: pd.DataFrame
    shared_phones: frozenset[bytes]


@dataclass(frozen=True)
class Settled:
    """Reports with the position of the first report of their cluster (rules and joins alone) and of their matter."""

    reports: Reports
    blocks: list[Block]
    shared: Flags
    cluster: Longs
    matter: Longs
    joins: Longs
    splits: Longs
    refused: Longs


def link(frame: pd.DataFrame, decisions: Decisions | None = None, rules: Rules = RULES) -> Linked:
    """Link reports (`grids.repeats.reports.COLUMNS`) by the definition of `grids.repeats`.

    decisions: (key, key) → True (join) or False (split); those about unknown reports are passed over. InputError for
    a pair decided both ways and for frames that cannot be read.
    """
    settled = settle(reports_of(frame), decisions or {}, rules)
    return described(settled, rules)


def described(settled: Settled, rules: Rules) -> Linked:
    """The tables of what was settled."""
    matters = matter_table(settled.reports, settled.matter)
    return Linked(
        matters=matters,
        links=link_table(settled, matters["kind"].to_numpy(dtype=object), rules),
        suggestions=suggestion_table(settled, rules),
        conflicts=conflict_table(settled),
        shared_phones=frozenset(settled.reports.phones[code] for code in np.flatnonzero(settled.shared)),
    )


def settle(reports: Reports, decisions: Decisions, rules: Rules, shared: Flags | None = None) -> Settled:
    """Clusters and matters of reports; `shared` (a flag a phone code) is found here unless told."""
    shared = shared_phones(reports, rules) if shared is None else shared
    blocks = blocks_of(reports, rules, shared)
    joins, splits = _positions(reports, decisions)
    cluster: Longs = np.arange(len(reports), dtype=np.int64)
    unite(cluster, reports, blocks, rules.window_us)
    kernels.merge(cluster, *_columns(joins), *_columns(joins[:0]), np.empty(len(joins), np.bool_))
    cluster = _flat(cluster)
    torn = splits[cluster[splits[:, 0]] == cluster[splits[:, 1]]]
    matter, refused = cluster, joins[:0]
    if len(torn):
        matter, refused = _apart(reports, blocks, cluster, joins, torn, rules)
    return Settled(reports, blocks, shared, cluster, matter, joins, splits, refused)


def _apart(
    reports: Reports, blocks: list[Block], cluster: Longs, joins: Longs, splits: Longs, rules: Rules
) -> tuple[Longs, Longs]:
    """Clusters that hold a split built up anew, strongest link first; and the joins that had to be left out."""
    is_torn = np.zeros(len(reports), np.bool_)
    is_torn[cluster[splits[:, 0]]] = True
    wanted = is_torn[cluster]
    found = [pair for _, pair in pairs(reports, blocks, cluster, wanted, rules.window_us, reduced=False)]
    joined = joins[wanted[joins[:, 0]]]
    first = np.concatenate([joined[:, 0], *(pair.first for pair in found)])
    second = np.concatenate([joined[:, 1], *(pair.second for pair in found)])
    strength = np.repeat(np.arange(len(found) + 1), [len(joined), *(len(pair.first) for pair in found)])
    order = np.lexsort((second, first, reports.at[second] - reports.at[first], strength))
    parent: Longs = np.where(wanted, np.arange(len(reports)), cluster).astype(np.int64)
    kept = np.zeros(len(order), np.bool_)
    kernels.merge(parent, first[order], second[order], *_columns(splits), kept)
    left_out = order[~kept & (strength[order] == 0)]
    return _flat(parent), np.column_stack([first[left_out], second[left_out]])


def _flat(parent: Longs) -> Longs:
    """Every position's root; roots are the earliest of their component, parents stand before their children."""
    while not np.array_equal(shorter := parent[parent], parent):
        parent = shorter
    return parent


def _positions(reports: Reports, decisions: Decisions) -> tuple[Longs, Longs]:
    """Joins and splits as pairs of positions (earlier first), by position."""
    known = pd.Index(reports.key)
    said: dict[tuple[int, int], bool] = {}
    firsts = known.get_indexer(pd.Index([a for a, _ in decisions], dtype=known.dtype))
    seconds = known.get_indexer(pd.Index([b for _, b in decisions], dtype=known.dtype))
    for a, b, same in zip(firsts.tolist(), seconds.tolist(), decisions.values(), strict=True):
        if a < 0 or b < 0:
            continue
        if a == b or said.setdefault((min(a, b), max(a, b)), same) != same:
            raise InputError("Decide about two different reports, and one way only: same matter or not.")
    return _pairs_of(said, True), _pairs_of(said, False)


def _pairs_of(said: Mapping[tuple[int, int], bool], same: bool) -> Longs:
    found: Iterable[tuple[int, int]] = sorted(pair for pair, kind in said.items() if kind is same)
    return np.array(list(found), dtype=np.int64).reshape(-1, 2)


def _columns(pairs_of: Longs) -> tuple[Longs, Longs]:
    return np.ascontiguousarray(pairs_of[:, 0]), np.ascontiguousarray(pairs_of[:, 1])
