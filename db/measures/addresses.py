"""Repeat addresses: the doors from which most reports come, and how few of them give half of all."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.facts import Filter
from db.measures.question import Question
from db.readmodel.asking import Asked, Draft, ask
from db.readmodel.columns import Array
from db.readmodel.scope import View
from geo.errors import InputError
from grids.repeats.rooms import rooms_of

COLUMNS = ["rank", "key", "door", "cell", "beat", "calls", "all_calls", "share", "running_calls", "running_share"]


def repeat_addresses(
    conn: Connection, view: View, flt: Filter, *, most: int = 20, boundaries: str | Draft = "then"
) -> pd.DataFrame:
    """COLUMNS of the `most` doors with most reports, most first, equal ones by their first report.

    A door is a building (grids.repeats.rooms), never a room: `key` is its number, `door` says it in words. all_calls:
    all reports of the filter, also those without an address. cell, beat: those of its last report. InputError for
    most below 1.
    """
    if most < 1:
        raise InputError(f"The number of addresses is {most}: give 1 or more.")
    whole, known, code, calls = _counted(ask(view, "report", flt, boundaries=boundaries))
    top = np.argsort(-calls, kind="stable")[:most]
    table = pd.DataFrame({"rank": np.arange(1, len(top) + 1), "calls": calls[top], "all_calls": whole})
    running = calls[top].cumsum()
    table = table.assign(share=calls[top] / max(whole, 1), running_calls=running, running_share=running / max(whole, 1))
    return table.join(_told(conn, view, known, _last_of(code, top)))[COLUMNS]


def pareto(_conn: Connection, view: View, flt: Filter, *, boundaries: str | Draft = "then") -> pd.DataFrame:
    """One row: calls (reports with an address), all_calls, doors (how many addresses), fewest (how few of them give at
    least half of all calls; 0: even all do not), fewest_calls (how many those give)."""
    whole, known, _, calls = _counted(ask(view, "report", flt, boundaries=boundaries))
    running = -np.sort(-calls)
    running = running.cumsum()
    reached = 2 * running >= whole
    fewest = int(reached.argmax()) + 1 if reached.any() else 0
    told = {"calls": len(known), "all_calls": whole, "doors": len(calls), "fewest": fewest}
    return pd.DataFrame([told | {"fewest_calls": int(running[fewest - 1]) if fewest else 0}])


def by_door(asked: Question) -> Asked:
    """The reports of the period that have an address, keyed by the number of its door as in `repeat_addresses`."""
    reports = asked.ask("report")
    known = reports.where(reports["door"] != 0)
    code, doors = pd.factorize(known["door"])
    return known.keyed(code, [(str(door), str(door)) for door in doors])


def doors_of(conn: Connection, ids: Iterable[int]) -> pd.Series:
    """The doors of these reports (ids, the index) in words; "" where the reader sees no address."""
    listed = [int(number) for number in ids]
    found = frame_of(conn, ADDRESS, ids=listed).set_index("id")["address"]
    keys = [rooms.building for rooms in rooms_of(found.get(number) for number in listed)]
    return pd.Series([" ".join(part for part in key.split("|") if part) for key in keys], listed, dtype=object)


def _counted(asked: Asked) -> tuple[int, Asked, Array, Array]:
    """How many reports, those with an address, the code of each one's door in order of first reports, calls by code."""
    known = asked.where(asked["door"] != 0)
    code, doors = pd.factorize(known["door"])
    return len(asked), known, code, np.bincount(code, minlength=len(doors))


def _last_of(code: Array, top: Array) -> Array:
    """Position of the last report of each of these doors."""
    last = np.zeros(int(code.max(initial=-1)) + 1, np.int64)
    last[code] = np.arange(len(code))  # of repeated places the last wins
    return last[top]


def _told(conn: Connection, view: View, known: Asked, at: Array) -> pd.DataFrame:
    """key, door, cell, beat of these reports."""
    places = view.about.spots.table.iloc[known["spot"][at]][["cell", "beat"]].reset_index(drop=True)
    key = known["door"][at].astype(str).astype(object)
    door = doors_of(conn, known["id"][at].tolist()).reset_index(drop=True)
    return pd.DataFrame({"key": pd.Series(key, dtype=object), "door": door}).join(places)


ADDRESS = text("SELECT id, address FROM incident WHERE id = ANY(CAST(:ids AS bigint[]))")
