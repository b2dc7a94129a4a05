"""Bulk transport: frames into temporary tables by COPY, result sets into frames."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from sqlalchemy import Connection, Executable, text

SQL_FOLDER = Path(__file__).parent / "sql"
ARROW = {
    "bigint": pa.int64(), "integer": pa.int64(), "smallint": pa.int64(), "float8": pa.float64(), "boolean": pa.bool_(),
    "timestamptz": pa.timestamp("us", "UTC"),
}  # fmt: skip


def stage(conn: Connection, name: str, columns: Mapping[str, str], frame: pd.DataFrame) -> None:
    """Put `frame` into a temporary table `name` that lives until the transaction ends.

    columns: column → PostgreSQL type; every one must be in the frame. bytes become bytea, None/NaN/NaT become NULL.
    """
    drawn = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    conn.execute(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))
    conn.execute(text(f"CREATE TEMP TABLE {name} ({drawn}) ON COMMIT DROP"))
    listed = ", ".join(f'"{column}"' for column in columns)
    driver: Any = conn.connection.dbapi_connection
    with driver.cursor() as cursor:
        cursor.copy_expert(f"COPY pg_temp.{name} ({listed}) FROM STDIN WITH (FORMAT csv)", _csv(frame, columns))
    conn.execute(text(f"ANALYZE pg_temp.{name}"))


def _csv(frame: pd.DataFrame, columns: Mapping[str, str]) -> io.BytesIO:
    """CSV in which an unquoted nothing is NULL and "" is an empty text, as COPY reads it."""
    arrays = [_arrow(frame[column], kind) for column, kind in columns.items()]
    buffer = io.BytesIO()
    table = pa.Table.from_arrays(arrays, names=list(columns))
    pa_csv.write_csv(table, buffer, pa_csv.WriteOptions(include_header=False))
    buffer.seek(0)
    return buffer


def _arrow(values: pd.Series, kind: str) -> pa.Array:
    if kind == "bytea":
        values = values.map(lambda value: None if value is None else rf"\x{bytes(value).hex()}")
    elif kind == "text[]":
        values = values.map(_array)
    elif kind in ("bigint", "integer", "smallint"):
        values = values.astype("Int64")
    return pa.array(values, type=ARROW.get(kind, pa.string()), from_pandas=True)


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
    return pd.DataFrame([tuple(row) for row in rows], columns=list(result.keys()))


def next_ids(conn: Connection, table: str, count: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """`count` fresh ids of a table's identity column."""
    query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return np.array(conn.execute(query, {"table": table, "count": count}).scalars().all(), dtype=np.int64)
