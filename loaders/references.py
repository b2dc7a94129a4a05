"""Codes that rows refer to: what a row that is refused already would also have been refused for."""

from collections.abc import Callable, Collection, Mapping

import pandas as pd
from sqlalchemy import Connection

from db.areas import area_ids
from db.beats import beat_ids
from db.bulk import frame_of
from db.people import officer_ids, unit_ids

Known = Callable[[Connection], Collection[str]]


def _communities(conn: Connection) -> Collection[str]:
    return area_ids(conn, "community")


def _areas(conn: Connection) -> Collection[str]:
    return set(frame_of(conn, "SELECT code FROM area")["code"])


def _cells(conn: Connection) -> Collection[str]:
    return set(frame_of(conn, "SELECT code FROM cell WHERE upper_inf(valid)")["code"])


REFERENCES: Mapping[str, Mapping[str, tuple[str, Known]]] = {
    "units": {"area": ("areas", _areas)},
    "beats": {"station": ("units", unit_ids), "community": ("areas", _communities)},
    "cells": {"community": ("areas", _communities)},
    "officers": {"unit": ("units", unit_ids)},
    "postings": {
        "officer": ("officers", officer_ids), "beat": ("beats", beat_ids), "cell": ("cells", _cells),
        "unit": ("units", unit_ids),
    },
    "steps": {"unit": ("units", unit_ids), "to_unit": ("units", unit_ids), "officer": ("officers", officer_ids)},
    "roster": {"officer": ("officers", officer_ids)},
    "absences": {"officer": ("officers", officer_ids), "cover": ("officers", officer_ids)},
    "visits": {"officer": ("officers", officer_ids), "cell": ("cells", _cells)},
    "registers": {"cell": ("cells", _cells)}, "households": {"cell": ("cells", _cells)},
    "plates": {"cell": ("cells", _cells)}, "meetings": {"beat": ("beats", beat_ids)},
}  # fmt: skip


def unknown_references(conn: Connection, kind: str, rows: pd.DataFrame) -> dict[int, list[str]]:
    """Line → a reason for each code in checked `rows` (index: line) that nothing in the record has.

    Good rows are looked up by the writers; this is for the others, so that a row says all its faults at once.
    """
    reasons: dict[int, list[str]] = {}
    for field, (source, known) in REFERENCES.get(kind, {}).items():
        named = rows[field].dropna()
        if named.empty:
            continue
        for line, code in named[~named.isin(list(known(conn)))].items():
            said = f"{field} {code!r} is not known: load {source} first or correct the code"
            reasons.setdefault(int(str(line)), []).append(said)
    return reasons
