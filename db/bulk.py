"""Bulk transport: frames into temporary tables by COPY, result sets into frames."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Executable, text

SQL_FOLDER = Path(__file__).parent / "sql"
NULL = r"\N"


def stage(conn: Connection, name: str, columns: Mapping[str, str], frame: pd.DataFrame) -> None:
    """Put `frame` into a temporary table `name` that lives until the transaction ends.

    columns: column → PostgreSQL type; every one must be in the frame. bytes become bytea, None/NaN/NaT become NULL.
    """
    drawn = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    conn.execute(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))
    conn.execute(text(f"CREATE TEMP TABLE {name} ({drawn}) ON COMMIT DROP"))
    listed = ", ".join(f'"{column}"' for column in columns)
    buffer = io.StringIO(_csv(frame, columns))
    driver: Any = conn.connection.dbapi_connection
    with driver.cursor() as cursor:
        cursor.copy_expert(
            rf"COPY pg_temp.{name} ({listed}) FROM STDIN WITH (FORMAT csv, NULL '{NULL}')", buffer
        )
    conn.execute(text(f"ANALYZE pg_temp.{name}"))


def _csv(frame: pd.DataFrame, columns: Mapping[str, str]) -> str:
    plain = pd.DataFrame({column: _plain(frame[column], kind) for column, kind in columns.items()})
    written: str = plain.to_csv(header=False, index=False, na_rep=NULL)
    return written


def _plain(values: pd.Series, kind: str) -> pd.Series:
    if kind == "bytea":
        return values.map(lambda value: None if value is None else rf"\x{bytes(value).hex()}")
    if kind in ("bigint", "integer", "smallint"):
        return values.astype("Int64")
    if kind == "text[]":
        return values.map(_array)
    return values


def _array(items: list[str]) -> str:
    quoted = ('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items)
    return "{" + ",".join(quoted) + "}"


def run_sql(conn: Connection, name: str, **values: Any) -> int:
    """Run the statements of db/sql/<name>.sql with bound values; the row count of the last one."""
    count = 0
    for statement in (SQL_FOLDER / f"{name}.sql").read_text().split(";\n"):
        if statement.strip():
            count = conn.execute(text(statement), values).rowcount
    return count


def frame_of(conn: Connection, query: Executable | str, **values: Any) -> pd.DataFrame:
    """The rows of a query as a frame; instants come as aware UTC datetimes."""
    result = conn.execute(text(query) if isinstance(query, str) else query, values)
    rows = result.fetchall()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(result.keys()))
    return frame


def next_ids(conn: Connection, table: str, count: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """`count` fresh ids of a table's identity column."""
    query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return np.array(conn.execute(query, {"table": table, "count": count}).scalars().all(), dtype=np.int64)
