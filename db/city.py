"""The one row that says which city this is."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import Connection, select, update

from db.keys import Keys
from db.tables import City as CityRow
from geo.errors import InputError, Unavailable


@dataclass(frozen=True)
class City:
    """Name, IANA time zone, whether the data is made up, and the versions that caches go by."""

    name: str
    zone: str
    synthetic: bool
    boundary_version: int
    data_version: int


def city(conn: Connection) -> City:
    """The city of this record."""
    columns = (CityRow.name, CityRow.zone, CityRow.synthetic, CityRow.boundary_version, CityRow.data_version)
    return City(*conn.execute(select(*columns)).one())


def describe_city(conn: Connection, name: str | None, zone: str | None, synthetic: bool | None) -> None:
    """Change what is said of the city; None leaves a value as it is. Raises InputError for an unknown time zone."""
    if zone is not None and zone not in available_timezones():
        raise InputError(f"There is no time zone {zone!r}: give an IANA name such as Asia/Shanghai.")
    values = {"name": name, "zone": zone, "synthetic": synthetic}
    known = {key: value for key, value in values.items() if value is not None}
    if known:
        conn.execute(update(CityRow).values(**known))


def check_keys(conn: Connection, keys: Keys) -> None:
    """Tie a database to its keys on first use; raise Unavailable when these are not the ones it was written with."""
    held = conn.execute(select(CityRow.key_fingerprint)).scalar()
    if held is None:
        conn.execute(update(CityRow).where(CityRow.key_fingerprint.is_(None)).values(key_fingerprint=keys.fingerprint))
    elif held != keys.fingerprint:
        raise Unavailable(
            "These keys are not the ones this database was written with: set BEATGRID_KEYS to the right file."
        )
