"""The recount: the read model and its sums held against the rows of the record, and mended where they differ."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.readmodel.building import patch, truth
from db.readmodel.columns import EVENTS, Array, Part
from db.readmodel.merging import MATTER, Merged, merged
from db.readmodel.model import Model, open_model
from db.readmodel.reading import Progress
from db.readmodel.scope import Reach, scoped
from db.sums import SUMS, count_in_sql, sums, write_sums

EVERYTHING = Reach(figures=True, everywhere=True)
MATTER_COLUMNS = ["matter", "column", "model", "record"]
EVENT_COLUMNS = ["table", "matter", "only_in", "row"]


@dataclass(frozen=True)
class Recount:
    """What was compared and what differed before mending.

    compared: rows of each table. matters: matter (id), column, model, record; column "there" where only one of the two
    has the matter, "more" for its second and later closings. events: table, matter, only_in (model or record), row, one
    for each row of closings, reports, diversions, followups and charges that only one of the two has. sums: table,
    place, time, column, kept, record. Instants are ticks of the model.
    """

    compared: dict[str, int]
    matters: pd.DataFrame
    events: pd.DataFrame
    sums: pd.DataFrame

    @property
    def differing(self) -> int:
        """How many values and rows differed."""
        return len(self.matters) + len(self.events) + len(self.sums)


def recount(conn: Connection, home: Path, mend: bool = True, progress: Progress | None = None) -> Recount:
    """Hold the present model under `home` and its sums against all rows of the record; mend what differs.

    Hold `db.readmodel.keeping.held` while another process might build. Raises NotFound without a model, Denied for
    actors who do not see everything.
    """
    model = open_model(home)
    part, events = truth(conn, model, progress)
    record = merged((part,), (events,), (np.empty(0, np.bool_),))
    matters = pd.concat([_matters(model._tables["matter"], record["matter"]), _later(model, part)], ignore_index=True)
    ids = (model._tables["matter"].columns["id"], part.id)
    told = [_events(table, model._tables[table], record[table], ids) for table in EVENTS]
    differing = pd.concat([_sums(conn, model, name) for name in SUMS], ignore_index=True)
    compared = {table: len(next(iter(record[table].columns.values()))) for table in record}
    found = Recount(compared, matters, pd.concat(told, ignore_index=True), differing)
    if mend and found.differing:
        wrong = set(found.matters["matter"]) | set(found.events["matter"])
        write_sums(patch(conn, home, wrong, progress) if wrong else model)
    return found


def _matters(model: Merged, record: Merged) -> pd.DataFrame:
    """matter, column, model, record of every value that differs."""
    here, there = model.columns["id"], record.columns["id"]
    lonely = [(matter, "there", True, False) for matter in np.setdiff1d(here, there).tolist()]
    lonely += [(matter, "there", False, True) for matter in np.setdiff1d(there, here).tolist()]
    ids, one, other = np.intersect1d(here, there, return_indices=True)
    found = [pd.DataFrame(lonely, columns=MATTER_COLUMNS, dtype=object)]
    for name in MATTER:
        values, truths = model.columns[name][one], record.columns[name][other]
        differs = ~_equal(values, truths)
        told = {"matter": ids[differs], "column": name, "model": values[differs], "record": truths[differs]}
        found.append(pd.DataFrame(told, columns=MATTER_COLUMNS, dtype=object))
    return pd.concat(found, ignore_index=True)


def _later(model: Model, record: Part) -> pd.DataFrame:
    """Second and later closings, which stand beside the first ones for the scans."""
    one, other = pd.Series(dtype=object), _more(record)
    for part, alive in zip(model._parts, model._alive, strict=True):
        more = _more(part)
        one = pd.concat([one, more[more.index.isin(part.id[alive])] if len(alive) else more])
    both = pd.concat([one, other], axis=1, keys=["model", "record"])
    differs = both[both["model"].fillna("") != both["record"].fillna("")]
    told = {"matter": differs.index, "column": "more", "model": differs["model"], "record": differs["record"]}
    return pd.DataFrame(told, columns=MATTER_COLUMNS, dtype=object)


def _more(part: Part) -> pd.Series:
    pairs = [f"{closed}–{again}" for closed, again in zip(part.more_closed, part.more_reopened, strict=True)]
    return pd.Series(pairs, part.id[part.more_row], dtype=object).groupby(level=0).agg(" ".join)


def _events(table: str, model: Merged, record: Merged, ids: tuple[Array, Array]) -> pd.DataFrame:
    """Rows that only one of the two has."""
    sides = [
        pd.DataFrame(
            {name: side.columns[name] for name in side.columns} | {"matter_row": own[side.columns["matter_row"]]}
        )
        for side, own in zip((model, record), ids, strict=True)
    ]
    one, other = sides
    if len(one) == len(other) and all(_equal(one[n].to_numpy(), other[n].to_numpy()).all() for n in one):
        return pd.DataFrame(columns=EVENT_COLUMNS)
    names = list(one)
    for side in sides:
        side["copy"] = side.groupby(names, dropna=False).cumcount()
    met = one.merge(other, how="outer", indicator=True)
    lonely = met[met["_merge"] != "both"]
    only = np.where(lonely["_merge"] == "left_only", "model", "record")
    rows = [repr(row) for row in lonely[names].astype(object).to_dict("records")]
    told = {"table": table, "matter": lonely["matter_row"].to_numpy(np.int64), "only_in": only, "row": rows}
    return pd.DataFrame(told, columns=EVENT_COLUMNS)


def _equal(one: Array, other: Array) -> Array:
    same: Array = one == other
    return same | (np.isnan(one) & np.isnan(other)) if one.dtype.kind == "f" else same


def _sums(conn: Connection, model: Model, name: str) -> pd.DataFrame:
    """table, place, time, column, kept, record of every sum that differs."""
    keys = list(SUMS[name])
    kept, record = sums(scoped(model, EVERYTHING), name), count_in_sql(conn, name)
    long = [_long(frame, keys) for frame in (kept, record)]
    joined = pd.concat(long, axis=1, keys=["kept", "record"]).fillna(0).astype("int64")
    differing = joined[joined["kept"] != joined["record"]].reset_index()
    told = dict(zip(("place", "time", "column", "kept", "record"), differing.to_numpy().T.tolist(), strict=True))
    return pd.DataFrame({"table": [name] * len(differing)} | told)


def _long(frame: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Counts indexed by place ("" for none), time and column."""
    plain = frame.assign(**{keys[0]: frame[keys[0]].astype(object).where(frame[keys[0]].notna(), "")})
    melted = plain.melt(id_vars=keys, value_vars=["opened", "closed"], var_name="column", value_name="count")
    melted[keys[1]] = melted[keys[1]].astype(str)
    return melted.set_index([*keys, "column"])["count"]
