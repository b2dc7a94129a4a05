"""Blocks: reports that share a phone or a room, side by side in order of time, and the loops over them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from grids.repeats import kernels
from grids.repeats.reports import Longs, Reals, Reports
from grids.repeats.rules import Rule, Rules

Flags = npt.NDArray[np.bool_]


class Block(NamedTuple):
    """One rule laid out: rows (positions of reports) by block and time; farthest two linked points may lie apart."""

    rule: Rule
    rows: Longs
    block: Longs
    limit_m: float
    needs_points: bool
    district: Longs


class Pairs(NamedTuple):
    """Linked pairs of positions (first < second) with the metres between them (NaN: unknown)."""

    first: Longs
    second: Longs
    metres: Reals


def blocks_of(reports: Reports, rules: Rules, shared: Flags) -> list[Block]:
    """The blocks of both rules; `shared` flags phone codes that link nothing."""
    usable = (reports.phone >= 0) & (reports.group >= 0) & np.isfinite(reports.lon)
    usable[usable] = ~shared[reports.phone[usable]]
    by_phone = np.where(usable, reports.phone * (reports.group.max(initial=0) + 1) + reports.group, -1)
    anywhere = np.full(len(reports), -1, np.int64)
    return [
        Block("room", *_laid(reports.room), rules.room_apart_m, False, reports.district),
        Block("reporter", *_laid(by_phone), rules.within_m, True, anywhere),
    ]


def buildings_of(reports: Reports) -> tuple[Longs, Longs]:
    """Rows and blocks of the buildings."""
    return _laid(reports.building)


def shared_phones(reports: Reports, rules: Rules) -> Flags:
    """Which phone codes are shared: named so, or used at too many places or for too many things inside some window."""
    found = np.array([phone in rules.shared_phones for phone in reports.phones], dtype=np.bool_)
    rows, phone = _laid(reports.phone)
    kernels.shared(
        phone, reports.at[rows], reports.group[rows], reports.place[rows], rules.window_us,
        rules.shared_groups, rules.shared_places, found,
    )  # fmt: skip
    return found


def unite(parent: Longs, reports: Reports, blocks: list[Block], window_us: int) -> None:
    """Bring every linked report under the earliest of its component, in place."""
    for block in blocks:
        kernels.unite(parent, *_read(block, reports), window_us, block.limit_m, block.needs_points)


def pairs(
    reports: Reports, blocks: list[Block], matter: Longs, wanted: Flags, window_us: int, reduced: bool
) -> Iterator[tuple[Rule, Pairs]]:
    """Linked pairs within the wanted matters, rule by rule; reduced: only those that no report between explains."""
    for block in blocks:
        found = kernels.pairs(
            *_read(block, reports), matter, wanted, window_us, block.limit_m, block.needs_points, reduced
        )
        yield block.rule, Pairs(*found)


def _read(block: Block, reports: Reports) -> tuple[Any, ...]:
    return block.rows, block.block, reports.at, reports.lon, reports.lat, block.district


def _laid(code: Longs) -> tuple[Longs, Longs]:
    """Positions of the codes from 0 that occur more than once, by code and position, and their codes."""
    rows = np.argsort(code, kind="stable")
    rows = rows[np.searchsorted(code[rows], 0) :].astype(np.int64)
    laid = code[rows]
    again = np.zeros(len(laid), np.bool_)
    if len(laid):
        again[1:] = laid[1:] == laid[:-1]
        again[:-1] |= again[1:].copy()
    return np.ascontiguousarray(rows[again]), np.ascontiguousarray(laid[again])
