"""Writing visits 走访 by source and number: looked up, placed into the cell of their time, notes sealed."""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, run_sql, stage
from db.keys import Keys
from db.matter_locks import hold_matters
from db.meetings import Told, reports_told
from db.outcome import Outcome
from db.people import officer_ids
from db.points import cells_of_codes, cells_of_points, points_of_addresses

COLUMNS = (
    "source", "source_no", "at", "officer", "cell", "lon", "lat", "address", "kind", "count", "records", "minutes",
    "note", "matter",
)  # fmt: skip
STAGED = {
    "line": "bigint", "source": "text", "source_no": "text", "at": "timestamptz", "officer_id": "bigint",
    "cell_id": "bigint", "matter_id": "bigint", "incident_id": "bigint", "kind": "text", "count": "integer",
    "records": "integer", "minutes": "float8", "address": "text", "note": "bytea", "content_hash": "bytea",
}  # fmt: skip


def write_visits(conn: Connection, rows: pd.DataFrame, keys: Keys, run_id: int | None = None) -> Outcome:
    """Insert or update visits by (source, source_no).

    rows: index line; COLUMNS; at aware; lon, lat degrees WGS-84 or NaN; count and records may be missing (1 and 0);
    note is sealed. A cell that is named goes before the point, and that before the address. A visit that is in no cell
    is kept and told as unplaced. An unknown officer, cell or matter is a reject; so is, after its first row, a number
    that comes again with other content.
    """
    outcome = Outcome()
    hold_matters(conn)
    rows = rows.reindex(columns=list(COLUMNS))
    rows = rows.assign(line=rows.index, content_hash=_hashes(rows, keys))
    rows = _without_repeats(rows, outcome)
    rows = _resolved(conn, rows, outcome)
    known = _known(conn, rows)
    same = known["content_hash"].eq(rows["content_hash"]) & known["visit_id"].notna()
    new = rows[~same]
    new = new.assign(note=new["note"].map(lambda note: keys.seal({"note": note}) if isinstance(note, str) else None))
    stage(conn, "visited", STAGED, new.astype({"count": "Int64", "records": "Int64"}))
    run_sql(conn, "write_visits", run=run_id)
    written = set(frame_of(conn, WRITTEN)["line"])
    for line in new.index[~new["line"].isin(written)]:
        outcome.reject(int(line), "the number is taken by a visit outside your places: give another number")
    fresh = known["visit_id"].reindex(new.index).isna() & new["line"].isin(written)
    outcome.label(rows.index[same], "unchanged")
    outcome.label(new.index[fresh], "inserted")
    outcome.label(new.index[~fresh & new["line"].isin(written)], "updated")
    outcome.unplaced = int(rows.loc[rows.index.isin(list(outcome.labels)), "cell_id"].isna().sum())
    return outcome


def _hashes(rows: pd.DataFrame, keys: Keys) -> pd.Series:
    """A keyed hash of what each row says, missing values as nothing, instants in UTC."""
    at = pd.to_datetime(rows["at"], utc=True).astype(str)
    plain = rows.assign(at=at).astype(object).where(rows.notna(), "")
    numbers = {
        name: [_number(value) for value in plain[name]] for name in ("lon", "lat", "count", "records", "minutes")
    }
    columns = [[str(value) for value in numbers.get(name, plain[name])] for name in COLUMNS]
    digests = [keys.digest("visit\x1f" + "\x1f".join(parts)) for parts in zip(*columns, strict=True)]
    return pd.Series(digests, index=rows.index, dtype=object)


def _number(value: Any) -> str:
    return "" if value == "" else repr(float(value))


def _without_repeats(rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """The first row of each number; a later one is unchanged when alike, rejected when it differs."""
    again = rows[rows.duplicated(["source", "source_no"])]
    first = rows.drop_duplicates(["source", "source_no"]).set_index(["source", "source_no"])["content_hash"]
    for line, row in again.iterrows():
        if first[row["source"], row["source_no"]] == row["content_hash"]:
            outcome.label([int(str(line))], "unchanged")
        else:
            number = f"{row['source']}:{row['source_no']}"
            outcome.reject(int(str(line)), f"the number {number} stands in an earlier row with other content")
    return rows.drop(index=again.index)


def _resolved(conn: Connection, rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Rows with officer_id, cell_id, incident_id and matter_id; those that name what is not known are refused."""
    told = _told(conn, rows["matter"])
    matters = rows["matter"].map({number: each.matter for number, each in told.items()}).astype("Int64")
    reports = rows["matter"].map({number: each.incident for number, each in told.items()}).astype("Int64")
    rows = rows.assign(
        officer_id=rows["officer"].map(officer_ids(conn)).astype("Int64"), matter_id=matters, incident_id=reports,
        count=rows["count"].fillna(1), records=rows["records"].fillna(0), cell_id=placed(conn, rows),
    )  # fmt: skip
    named = cells_of_codes(conn, rows["cell"], rows["at"])
    findings = (
        (rows["officer_id"].isna(), "officer", "is not known: load officers first or correct the code"),
        (rows["cell"].notna() & named.isna(), "cell", "is not known: load cells first or correct the code"),
        (rows["matter"].notna() & matters.isna(), "matter", "is not known: load its incident first or leave it empty"),
    )
    for wrong, column, sentence in findings:
        for line, value in rows.loc[wrong, column].items():
            outcome.reject(int(str(line)), f"{column} {value!r} {sentence}")
    return rows.drop(index=[line for line in rows.index if line in outcome.rejects])


def placed(conn: Connection, rows: pd.DataFrame) -> pd.Series:
    """Cell id of each row of COLUMNS: the cell that it names, else the one that holds its point, else its address."""
    named = cells_of_codes(conn, rows["cell"], rows["at"])
    open_ones = named.isna() & rows["cell"].isna()
    bare = rows[open_ones & rows["lon"].isna() & rows["address"].notna()]
    where = rows[["lon", "lat"]].astype(float).where(open_ones).assign(at=rows["at"])
    if len(bare):
        where.loc[bare.index, ["lon", "lat"]] = points_of_addresses(conn, bare["address"])
    return named.where(~open_ones, cells_of_points(conn, where))


def _told(conn: Connection, numbers: pd.Series) -> dict[str, Told]:
    named = sorted({number for number in numbers if isinstance(number, str)})
    return reports_told(conn, named) if named else {}


def _known(conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    stage(conn, "asked", {"line": "bigint", "source": "text", "source_no": "text"}, rows)
    found = frame_of(conn, KNOWN).set_index("line")
    found["content_hash"] = found["content_hash"].map(bytes).astype(object)
    return found.reindex(rows.index)


KNOWN = text("""
    SELECT a.line, v.id AS visit_id, v.content_hash FROM asked a JOIN visit v USING (source, source_no)""")
WRITTEN = text("""
    SELECT n.line FROM visited n JOIN visit v USING (source, source_no) WHERE v.content_hash = n.content_hash""")
