"""The declarative base that owns naming, types and conventions of every table."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SRID = 4326
ALWAYS = func.tstzrange(None, None)
ACTOR = text("coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')")

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Validity = Annotated[Range[datetime], mapped_column(TSTZRANGE, server_default=ALWAYS)]


class Base(DeclarativeBase):
    """Text is TEXT, instants are timestamptz, whole numbers in tables are bigint unless a column says otherwise."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text(), datetime: DateTime(timezone=True)}


def link(target: str, **options: Any) -> Any:
    """A bigint column that refers to `target` ("table.column")."""
    return mapped_column(BigInteger, ForeignKey(target), **options)


def shape(kind: str, **options: Any) -> Any:
    """A geometry column in EPSG:4326 with a GiST index."""
    return mapped_column(Geometry(kind, srid=SRID, spatial_index=False), **options)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The text of a CHECK that allows only `values`."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
