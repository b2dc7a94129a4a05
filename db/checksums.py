"""Checksums of what the tables say, without internal ids, so that two loads can be compared."""

from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER

NAMES = ("incidents", "matters", "closures", "steps")


def checksums(conn: Connection) -> dict[str, tuple[int, str]]:
    """Name → (rows, hex digest) of incidents, matters, closures and steps in the order of their source numbers."""
    found = {}
    for name in NAMES:
        row = conn.execute(text((SQL_FOLDER / f"checksum_{name}.sql").read_text())).one()
        found[name] = (int(row[0]), str(row[1]))
    return found
