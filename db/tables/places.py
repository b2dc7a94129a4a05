"""Places: areas, beats, cells with their lineage, and which beat holds which cell when."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Id, Validity, link, one_of, shape
from grids.levels import LEVELS

AREA_LEVELS = ("city", "district", "street", "community")
CELL_KINDS = ("basic", "dedicated")
HOLDING_BEAT = "unassigned"


class City(Base):
    """The one row that says which city this is, in which time zone, and whether its data is made up."""

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(server_default="Asia/Shanghai")
    synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    boundary_version: Mapped[int] = mapped_column(server_default=text("0"))
    data_version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    key_fingerprint: Mapped[str | None]


class Area(Base):
    """A city, district, street or community, in force during `valid`."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint(one_of("level", AREA_LEVELS), name="level"),
        ExcludeConstraint(("level", "="), ("code", "="), ("valid", "&&"), using="gist", name="ex_area_code"),
        Index("ix_area_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    level: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = link("area.id", index=True)
    valid: Mapped[Validity]
    geom: Mapped[Any] = shape("MULTIPOLYGON", nullable=False)


class Beat(Base):
    """A police beat 警格 of one station, usually inside one community."""

    __tablename__ = "beat"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    station_id: Mapped[int | None] = link("unit.id", index=True)
    community_id: Mapped[int | None] = link("area.id", index=True)
    valid: Mapped[Validity]


class Cell(Base):
    """A grid cell 网格; a redrawn cell is a new row with a lineage row."""

    __tablename__ = "cell"
    __table_args__ = (
        CheckConstraint(one_of("kind", CELL_KINDS), name="kind"),
        ExcludeConstraint(("code", "="), ("valid", "&&"), using="gist", name="ex_cell_code"),
        Index("ix_cell_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="basic")
    community_id: Mapped[int | None] = link("area.id", index=True)
    households: Mapped[int | None]
    residents: Mapped[int | None]
    valid: Mapped[Validity]
    geom: Mapped[Any] = shape("MULTIPOLYGON", nullable=False)


class CellLineage(Base):
    """`child_id` was drawn from `parent_id`; `share` is the part of the parent's area that went there."""

    __tablename__ = "cell_lineage"

    parent_id: Mapped[int] = link("cell.id", primary_key=True)
    child_id: Mapped[int] = link("cell.id", primary_key=True)
    share: Mapped[float]


class BeatCell(Base):
    """Beat `beat_id` holds cell `cell_id` during `valid`: never two beats at one instant."""

    __tablename__ = "beat_cell"
    __table_args__ = (ExcludeConstraint(("cell_id", "="), ("valid", "&&"), using="gist", name="ex_beat_cell_one_beat"),)

    id: Mapped[Id]
    cell_id: Mapped[int] = link("cell.id")
    beat_id: Mapped[int] = link("beat.id", index=True)
    valid: Mapped[Validity]
    reason: Mapped[str | None]


class Backdrop(Base):
    """A drawn feature (sea, road, park …) of the base map that needs no outside tiles."""

    __tablename__ = "backdrop"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("sea", "water", "road", "park", "building")), name="kind"),
        Index("ix_backdrop_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str | None]
    rank: Mapped[int] = mapped_column(server_default=text("2"))
    key: Mapped[str] = mapped_column(unique=True)
    geom: Mapped[Any] = shape("GEOMETRY", nullable=False)


class LadderRung(Base):
    """Rank of a level in a station's dated ladder; no station: the ladder of everyone without one. Ties allowed."""

    __tablename__ = "ladder_rung"
    __table_args__ = (
        CheckConstraint(one_of("level", LEVELS), name="level"),
        ExcludeConstraint(
            (text("coalesce(station_id, 0)"), "="),
            ("level", "="),
            ("valid", "&&"),
            using="gist",
            name="ex_ladder_rung",
        ),
    )

    id: Mapped[Id]
    station_id: Mapped[int | None] = link("unit.id")
    level: Mapped[str]
    rank: Mapped[int]
    valid: Mapped[Validity]
