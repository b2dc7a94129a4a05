"""Matters and incidents as facts: the filter that every figure obeys, and the joins that a grouping needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, Select, SQLColumnExpression, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from db.tables import Area, Beat, BeatCell, Category, Cell, Channel, Incident, IncidentCandidate, Matter, Unit
from geo.errors import InputError

By = Literal["cell", "beat", "community", "street", "district", "station", "severity", "channel", "category"]
PLACE_KINDS = ("district", "street", "community", "station", "beat", "cell")

Community = aliased(Area, name="community")
Street = aliased(Area, name="street")
District = aliased(Area, name="district")


@dataclass(frozen=True)
class Filter:
    """Which facts count: instants in [start, end), in a place, of categories (codes or groups), by channels.

    place: "station:CODE", "district:", "street:", "community:", "beat:" or "cell:"; None: everywhere.
    Empty tuples: all. shares: a matter in doubt between cells counts in each by its probability (else whole in the
    likeliest).
    """

    start: datetime
    end: datetime
    place: str | None = None
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    shares: bool = False

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise InputError("Give both ends of the period a time zone.")
        if self.end <= self.start:
            raise InputError("The period must end after it starts.")
        if self.place is not None and self.place.partition(":")[0] not in PLACE_KINDS:
            raise InputError(f"Name a place as KIND:CODE with one of {', '.join(PLACE_KINDS)}, not {self.place!r}.")


@dataclass
class Facts:
    """A fact table with its instant and cell; tables are joined only when a filter or grouping asks for them.

    The beat is the one that held the cell at the fact's own instant: figures follow boundaries as they were.
    """

    table: Any
    at: SQLColumnExpression[datetime]
    cell_id: SQLColumnExpression[Any]
    severity: SQLColumnExpression[int]
    weight: ColumnElement[Any] = field(default_factory=lambda: literal(1))
    _joined: list[str] = field(default_factory=list)

    def key(self, by: By) -> tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]:
        """The columns (key, label) to group by."""
        self._need(by)
        if by == "severity":
            return self.severity, self.severity
        columns: dict[str, tuple[Any, Any]] = {
            "cell": (Cell.code, Cell.name),
            "beat": (Beat.code, Beat.name),
            "community": (Community.code, Community.name),
            "street": (Street.code, Street.name),
            "district": (District.code, District.name),
            "station": (Unit.code, Unit.name),
            "channel": (Channel.code, Channel.name_zh),
            "category": (Category.code, Category.name),
        }
        if by not in columns:
            raise InputError(f"Group by one of {', '.join([*columns, 'severity'])}, not {by!r}.")
        return columns[by]

    def conditions(self, flt: Filter) -> list[ColumnElement[bool]]:
        """Place, categories and channels of a filter (its period is the measure's own business)."""
        found: list[ColumnElement[bool]] = []
        if flt.place is not None:
            kind, _, code = flt.place.partition(":")
            found.append(self.key(kind)[0] == code)  # type: ignore[arg-type]
        if flt.categories:
            self._need("category")
            found.append(or_(Category.code.in_(flt.categories), Category.group.in_(flt.categories)))
        if flt.channels:
            found.append(self.table.channel.in_(flt.channels))
        return found

    def within(self, flt: Filter) -> list[ColumnElement[bool]]:
        """The conditions of a filter, its period included."""
        return [self.at >= flt.start, self.at < flt.end, *self.conditions(flt)]

    def category(self) -> type[Category]:
        """The joined category."""
        self._need("category")
        return Category

    def select(self, columns: Iterable[SQLColumnExpression[Any]]) -> Select[Any]:
        """A select of `columns` over the fact table and whatever was joined; call it after the others."""
        source: FromClause = self.table.__table__
        for name in self._joined:
            source = _join(source, name, self)
        return select(*columns).select_from(source)

    def _need(self, name: str) -> None:
        for part in (*BEFORE.get(name, ()), name):
            if part in JOINS and part not in self._joined:
                self._joined.append(part)


BEFORE = {
    "community": ("cell",),
    "street": ("cell", "community"),
    "district": ("cell", "community", "street"),
    "beat": ("held",),
    "station": ("held", "beat"),
}
JOINS = ("doubt", "cell", "held", "beat", "station", "community", "street", "district", "category", "channel")


def _join(source: FromClause, name: str, facts: Facts) -> FromClause:
    targets: dict[str, tuple[Any, ColumnElement[bool]]] = {
        "doubt": (IncidentCandidate, IncidentCandidate.incident_id == Matter.incident_id),
        "cell": (Cell, Cell.id == facts.cell_id),
        "held": (BeatCell, and_(BeatCell.cell_id == facts.cell_id, contains(BeatCell.valid, facts.at))),
        "beat": (Beat, Beat.id == BeatCell.beat_id),
        "station": (Unit, Unit.id == Beat.station_id),
        "community": (Community, Community.id == Cell.community_id),
        "street": (Street, and_(Street.id == Community.parent_id, Street.level == "street")),
        # A community may hang under its district directly.
        "district": (
            District,
            and_(District.id == func.coalesce(Street.parent_id, Community.parent_id), District.level == "district"),
        ),
        "category": (Category, Category.id == facts.table.category_id),
        "channel": (Channel, Channel.code == facts.table.channel),
    }
    target, condition = targets[name]
    return source.outerjoin(target, condition)


def contains(valid: Any, at: SQLColumnExpression[datetime]) -> ColumnElement[bool]:
    """valid @> at, for a tstzrange and an instant."""
    held: ColumnElement[bool] = valid.op("@>", is_comparison=True, precedence=5)(at)
    return held


def matters(severity: ColumnElement[int] | None = None, shares: bool = False) -> Facts:
    """Matters, dated by their opening; with shares those in doubt come once a candidate cell, weighted."""
    grade = Matter.severity if severity is None else severity
    if not shares:
        return Facts(Matter, Matter.opened_at, Matter.cell_id, grade)
    cell_id = func.coalesce(IncidentCandidate.cell_id, Matter.cell_id)
    weight = func.coalesce(IncidentCandidate.probability, 1.0)
    return Facts(Matter, Matter.opened_at, cell_id, grade, weight, ["doubt"])


def incidents() -> Facts:
    """Incidents, dated by their report."""
    return Facts(Incident, Incident.reported_at, Incident.cell_then, literal(None))
