"""Why reports are one matter."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.engine import acting_everywhere
from db.linking.closed_set import grown
from db.linking.linking import settled
from db.linking.reading import by_index, ends_of, number_of, read_reports
from db.tables.catalogue import NO_CATEGORY
from geo.errors import NotFound
from grids.repeats.matters import described
from grids.repeats.rules import RULES
from grids.rights import Who

REPORT = text("""
    SELECT i.id, i.matter_id FROM source_key k JOIN incident i ON i.id = k.incident_id
    WHERE k.channel = :channel AND k.source_no = :source_no""")
OF_MATTER = text("SELECT id FROM incident WHERE matter_id = :matter")
IN_BUILDING = text("""
    SELECT DISTINCT o.id FROM incident i JOIN category c ON c.id = i.category_id
    JOIN incident o ON o.building = i.building
     AND o.reported_at BETWEEN i.reported_at - CAST(:window AS interval) AND i.reported_at + CAST(:window AS interval)
    JOIN category k ON k.id = o.category_id AND k.group_name = c.group_name
    WHERE i.matter_id = :matter AND c.group_name <> :none""")
SEEN = text("SELECT id FROM incident WHERE id = ANY(CAST(:ids AS bigint[]))")
WORDS = """
    SELECT a.channel || ':' || a.source_no AS a, b.channel || ':' || b.source_no AS b, d.same, d.source, d.actor, d.at,
           d.reason
    FROM matter_decision d JOIN incident a ON a.id = d.a_incident JOIN incident b ON b.id = d.b_incident
    WHERE d.a_incident = ANY(CAST(:ids AS bigint[])) OR d.b_incident = ANY(CAST(:ids AS bigint[])) ORDER BY d.id"""
WINDOW = f"{RULES.window_us} microseconds"


@dataclass(frozen=True)
class Why:
    """What makes a matter one: its reports (number, at, kind), and in plain rows the links between them (a, b, rule,
    metres, days, kind), suggestions (a, b, metres, days), conflicts (a, b: joins that a split forbids), and decisions
    (a, b, same, source, actor, at, reason) that speak of its reports, the last of a pair being the one that counts."""

    number: str
    reports: list[dict[str, Any]]
    links: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    decisions: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values; instants stay datetimes."""
        return asdict(self)


def explain(conn: Connection, who: Who, number: str) -> Why:
    """Why the reports of a matter ("channel:source_no" of any) are one. Raises Denied without the right to cases,
    NotFound. What others see of other places is left out."""
    who.demand("cases")
    channel, _, source_no = number.partition(":")
    found = conn.execute(REPORT, {"channel": channel, "source_no": source_no}).first()
    if found is None:
        raise NotFound(f"There is no report {number!r} that you may see: give it as CHANNEL:NUMBER.")
    own = set(conn.execute(OF_MATTER, {"matter": found.matter_id}).scalars())
    with acting_everywhere(conn, who), by_index(conn):
        around = conn.execute(IN_BUILDING, {"matter": found.matter_id, "window": WINDOW, "none": NO_CATEGORY}).scalars()
        frame = read_reports(conn, grown(conn, own | set(around)))
        told = described(settled(conn, frame, ends_of(conn, frame)), RULES)
    seen = set(conn.execute(SEEN, {"ids": frame["id"].tolist()}).scalars())
    return _why(conn, frame, told, own, seen)


def _why(conn: Connection, frame: pd.DataFrame, told: Any, own: set[int], seen: set[int]) -> Why:
    keys = frame["channel"] + "\0" + frame["source_no"]
    shown = dict(zip(keys[frame["id"].isin(seen)], frame.loc[frame["id"].isin(seen), "at"], strict=True))
    mine = set(keys[frame["id"].isin(own)])
    reports = [
        {"number": number_of(key), "at": shown[key].to_pydatetime(), "kind": kind}
        for key, _, kind in told.matters.itertuples(index=False)
        if key in mine and key in shown
    ]
    parts = {}
    for name in ("links", "suggestions", "conflicts"):
        table = getattr(told, name)
        inside = table["a"].isin(mine) & table["b"].isin(mine) if name == "links" else _touches(table, mine)
        rows = table[inside & table["a"].isin(shown) & table["b"].isin(shown)]
        parts[name] = [_plain(row) for row in rows.to_dict("records")]
    words = frame_of(conn, WORDS, ids=sorted(own)).astype(object)
    spoken = words.where(words.notna(), None).to_dict("records")
    first = next(number_of(key) for key in keys if key in mine)
    return Why(
        first, reports, **parts, decisions=[{str(name): _instant(v) for name, v in row.items()} for row in spoken]
    )


def _touches(table: pd.DataFrame, mine: Iterable[str]) -> pd.Series:
    return table["a"].isin(mine) | table["b"].isin(mine)


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    told = {str(name): value for name, value in row.items()}
    told |= {name: number_of(told[name]) for name in ("a", "b")}
    for name, digits in (("metres", 1), ("days", 2)):
        if name in told:
            told[name] = None if pd.isna(told[name]) else round(float(told[name]), digits)
    return told


def _instant(value: Any) -> Any:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
