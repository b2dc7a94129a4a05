"""Finding a case by its number, holding it, and seeing the situation that somebody would act in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from db.catalogue import NO_CATEGORY
from db.ladders import DatedLadder, ladders
from db.ledgers import histories
from geo.errors import NotFound
from grids.casework import replay
from grids.levels import Ladder
from grids.rights import EVERYWHERE, Who
from grids.situations import Situation, UnitFact
from grids.steps import Step

FOUND = """
    SELECT m.id, m.steps, m.incident_id, m.channel, m.opened_at, m.cell_id, m.severity_initial,
           c.code AS category, c.police, i.address
    FROM source_key k JOIN incident r ON r.id = k.incident_id JOIN matter m ON m.id = r.matter_id
    JOIN category c ON c.id = m.category_id JOIN incident i ON i.id = m.incident_id
    WHERE k.channel = :channel AND k.source_no = :source_no"""
SEEN, HELD = text(FOUND), text(FOUND + " FOR UPDATE OF m")
STATION = text("""
    SELECT b.station_id FROM beat_cell h JOIN beat b ON b.id = h.beat_id
    WHERE h.cell_id = :cell AND h.valid @> CAST(:at AS timestamptz)""")
# Units that a person acts for: named ones, those of their areas, the stations of their beats and cells.
ACTS_FOR = text("""
    WITH RECURSIVE place AS (
        SELECT split_part(p, ':', 1) AS kind, substr(p, strpos(p, ':') + 1) AS code
        FROM unnest(CAST(:places AS text[])) AS p),
    inside AS (
        SELECT a.id FROM area a JOIN place p ON p.kind = a.level AND p.code = a.code
        UNION SELECT a.id FROM area a JOIN inside i ON a.parent_id = i.id)
    SELECT u.code FROM unit u JOIN place p ON p.kind IN ('unit', 'station') AND p.code = u.code
    UNION SELECT u.code FROM unit u JOIN inside i ON u.area_id = i.id
    UNION SELECT u.code FROM beat b JOIN place p ON p.kind = 'beat' AND p.code = b.code
        JOIN unit u ON u.id = b.station_id
    UNION SELECT u.code FROM cell c JOIN place p ON p.kind = 'cell' AND p.code = c.code
        JOIN beat_cell h ON h.cell_id = c.id AND h.valid @> now() JOIN beat b ON b.id = h.beat_id
        JOIN unit u ON u.id = b.station_id""")
HOME = text("SELECT u.code FROM officer o JOIN unit u ON u.id = o.unit_id WHERE o.code = :officer")


@dataclass(frozen=True)
class Found:
    """A matter: its row (id, steps, incident_id, channel, opened_at, cell_id, category, police, …) and its steps."""

    row: Mapping[Any, Any]
    steps: tuple[Step, ...]

    @property
    def id(self) -> int:
        """The matter's id."""
        return int(self.row["id"])


def find(conn: Connection, number: str, *, hold: bool = False) -> Found:
    """The matter of a report ("channel:source_no"), as far as the transaction sees it.

    hold: lock it until the transaction ends, so that one person after the other adds a step. Raises NotFound.
    """
    channel, _, source_no = number.partition(":")
    asked = {"channel": channel, "source_no": source_no}
    row = conn.execute(HELD if hold else SEEN, asked).mappings().first()
    while hold:
        # While we waited the report may have gone into another matter: then that one is the case.
        now = conn.execute(SEEN, asked).mappings().first()
        if now is None or (row is not None and row["id"] == now["id"]):
            break
        row = conn.execute(HELD, asked).mappings().first()
    if row is None:
        raise NotFound(f"There is no case {number!r} that you may see: give it as CHANNEL:NUMBER.")
    # Read after the lock was granted, so that what others have added meanwhile is there.
    return Found(row, tuple(histories(conn, [row["id"]]).get(row["id"], ())))


def units(conn: Connection) -> dict[str, UnitFact]:
    """Code → level and kind of every unit."""
    return {row.code: UnitFact(row.level, row.kind) for row in conn.execute(text("SELECT code, level, kind FROM unit"))}


def acts_for(conn: Connection, who: Who) -> frozenset[str] | None:
    """Codes of the units that `who` acts for; None: every unit, for whoever is bound to no place."""
    if EVERYWHERE in who.places and who.officer is None:
        return None
    named = set(conn.execute(ACTS_FOR, {"places": list(who.places)}).scalars())
    home = home_of(conn, who)
    if EVERYWHERE in who.places and home is None:
        return None
    return frozenset(named | ({home} if home else set()))


def home_of(conn: Connection, who: Who) -> str | None:
    """Code of the unit that `who` belongs to as a member of staff."""
    if who.officer is None:
        return None
    return conn.execute(HOME, {"officer": who.officer}).scalar()


@dataclass(frozen=True)
class Standpoint:
    """What is the same in every case that one person looks at: units, those they act for, their own, all ladders."""

    units: dict[str, UnitFact]
    acts_for: frozenset[str] | None
    home: str | None
    ladders: list[DatedLadder]


def standpoint(conn: Connection, who: Who) -> Standpoint:
    """From where `who` looks at cases; read once for many of them."""
    return Standpoint(units(conn), acts_for(conn, who), home_of(conn, who), ladders(conn))


def situation(
    conn: Connection, who: Who, found: Found, at: datetime | None = None, of: Standpoint | None = None
) -> Situation:
    """What `who` would act in; at: when (default now, or the last step when that is later)."""
    of = of or standpoint(conn, who)
    state = replay(found.steps, found.row["severity_initial"])
    now = datetime.now(UTC)
    when = at or (max(now, state.last_at) if state.last_at else now)
    return Situation(
        state=state,
        steps=found.steps,
        who=who,
        at=when,
        now=max(now, when) if at is None else now,
        channel=found.row["channel"],
        units=of.units,
        ladder=ladder_of(conn, found.row, of.ladders),
        acts_for=of.acts_for,
        home=of.home,
        police=found.row["police"],
        missing=_missing(found.row),
    )


def ladder_of(conn: Connection, row: Mapping[Any, Any], known: list[DatedLadder]) -> Ladder:
    """Of the known ladders that of the matter's station at the time it was opened."""
    if all(dated.station_id is None for dated in known):
        return _in_force(known, None, row["opened_at"])
    station = conn.execute(STATION, {"cell": row["cell_id"], "at": row["opened_at"]}).scalar()
    return _in_force(known, station, row["opened_at"])


def _in_force(known: list[DatedLadder], station: int | None, at: datetime) -> Ladder:
    for dated in known:
        fits = dated.station_id in (None, station)
        begun = dated.since is None or dated.since <= at
        if fits and begun and (dated.until is None or at < dated.until):
            return dated.ladder
    return Ladder.default()


def _missing(row: Any) -> tuple[str, ...]:
    """Basic facts that are not recorded (B4)."""
    facts = {
        "the category": row["category"] != NO_CATEGORY,
        "the place": row["cell_id"] is not None or row["address"] is not None,
    }
    return tuple(name for name, known in facts.items() if not known)
