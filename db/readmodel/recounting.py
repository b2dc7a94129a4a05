"""The recount: the read model and its sums held against the rows of the record, and mended where they differ."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.readmodel.building import part_of, patch
from db.readmodel.columns import Array, Part
from db.readmodel.model import Model, open_model
from db.readmodel.scope import Reach, scoped
from db.sums import SUMS, count_in_sql, sums, write_sums
from grids.levels import LEVELS

PLAIN = ("opened", "spot", "now", "category", "channel", "grades", "severity_at", "due", "closed", "reopened")
EVERYTHING = Reach(figures=True, everywhere=True)


@dataclass(frozen=True)
class Recount:
    """What was compared and what differed before mending.

    matters: matter (id), column, model, record; column "there" where only one of the two has the matter. sums: table,
    place, time, column, kept, record. Instants are ticks of the model.
    """

    compared: int
    matters: pd.DataFrame
    sums: pd.DataFrame

    @property
    def differing(self) -> int:
        """How many values differed."""
        return len(self.matters) + len(self.sums)


def recount(conn: Connection, home: Path, mend: bool = True) -> Recount:
    """Hold the current model under `home` and its sums against all rows of the record; mend what differs.

    Raises NotFound without a model, Denied for actors who do not see everything.
    """
    model = open_model(home)
    truth, _ = part_of(conn, model)
    matters = _compare(_live(model), _table(truth))
    differing = pd.concat([_compare_sums(conn, model, name) for name in SUMS], ignore_index=True)
    told = Recount(len(truth), matters, differing)
    if mend and told.differing:
        mended = patch(conn, home, matters["matter"].unique().tolist()) if len(matters) else model
        write_sums(mended)
    return told


def _live(model: Model) -> pd.DataFrame:
    parts = scoped(model, EVERYTHING).parts()
    return pd.concat([_table(part, alive) for part, alive, _, _ in parts])


def _table(part: Part, alive: Array | None = None) -> pd.DataFrame:
    """One row a matter by id: every column, later closures as one text."""
    columns = {name: getattr(part, name).astype(np.int64) for name in PLAIN}
    columns |= {f"reached_{level}": part.reached[n].astype(np.int64) for n, level in enumerate(LEVELS)}
    more = np.zeros(len(part), dtype=object)
    for row, closed, reopened in zip(part.more_row, part.more_closed, part.more_reopened, strict=True):
        more[row] = f"{more[row] or ''}{closed}–{reopened} "
    frame = pd.DataFrame(columns | {"more": more}, index=pd.Index(part.id, name="matter"))
    return frame if alive is None or not len(alive) else frame[alive]


def _compare(model: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """matter, column, model, record of every value that differs."""
    lonely = model.index.symmetric_difference(record.index)
    found = [(matter, "there", matter in model.index, matter in record.index) for matter in lonely]
    both = record.index.intersection(model.index)
    one, other = model.loc[both], record.loc[both]
    for column in record.columns:
        differs = (one[column] != other[column]).to_numpy()
        pairs = zip(both[differs], one.loc[differs, column], other.loc[differs, column], strict=True)
        found += [(matter, column, held, true) for matter, held, true in pairs]
    return pd.DataFrame(found, columns=["matter", "column", "model", "record"])


def _compare_sums(conn: Connection, model: Model, name: str) -> pd.DataFrame:
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
