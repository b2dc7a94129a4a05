"""Ladders of levels: the default one and those of single stations, each with the time it was in force."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db.tables import LadderRung
from geo.errors import Unavailable
from grids.levels import LEVELS, Ladder, Level


@dataclass(frozen=True)
class DatedLadder:
    """A station's ladder (None: everyone else's) from `since` until `until` (None: open)."""

    station_id: int | None
    since: datetime | None
    until: datetime | None
    ladder: Ladder


def ladders(conn: Connection) -> list[DatedLadder]:
    """Every ladder, those of stations first, so that the first that fits a matter is its own."""
    columns = (func.lower(LadderRung.valid).label("since"), func.upper(LadderRung.valid).label("until"))
    rows = conn.execute(select(LadderRung.station_id, LadderRung.level, LadderRung.rank, *columns)).all()
    stations = {row.station_id for row in rows}
    found = [
        dated for station in stations for dated in _of_station(station, [r for r in rows if r.station_id == station])
    ]
    if None not in stations:
        raise Unavailable("The default ladder of levels is missing: restore the ladder_rung rows without a station.")
    return sorted(found, key=lambda dated: dated.station_id is None)


def _of_station(station: int | None, rows: list) -> list[DatedLadder]:  # type: ignore[type-arg]
    """Split a station's rungs at every instant at which one of them changes; only whole ladders count."""
    cuts = {row.since for row in rows} | {row.until for row in rows}
    starts = [None, *sorted(cut for cut in cuts if cut is not None)]
    found = []
    for since, until in zip(starts, [*starts[1:], None], strict=True):
        ranks: dict[Level, int] = {row.level: row.rank for row in rows if _holds(row, since)}
        if len(ranks) == len(LEVELS):
            found.append(DatedLadder(station, since, until, Ladder(ranks)))
    return found


def _holds(row: object, since: datetime | None) -> bool:
    start: datetime | None = row.since  # type: ignore[attr-defined]
    end: datetime | None = row.until  # type: ignore[attr-defined]
    if since is None:
        return start is None
    return (start is None or start <= since) and (end is None or end > since)
