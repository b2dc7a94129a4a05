"""What is told of rows: facts as the figure saw them, of those alone that row-level security shows the reader."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import select, text

from db.bulk import SQL_FOLDER, frame_of
from db.measures.containment import standing_of
from db.measures.instants import times
from db.measures.question import Question
from db.readmodel.asking import Asked
from db.readmodel.columns import Array
from db.tables import Incident, Officer, Unit
from grids.levels import LEVELS
from grids.steps import ROLES

MATTER = [
    "number", "opened", "channel", "category", "category_name", "severity", "severity_now", "cell", "cell_name", "beat",
    "beat_name", "community", "street", "station", "levels", "state", "lead_level", "lead_unit", "due", "closed",
    "minutes", "reports",
]  # fmt: skip
# What the rows of other tables tell first, of themselves; the rest is that of their matter.
OWN: Mapping[str, list[str]] = {
    "matter": [],
    "report": ["report", "reported", "kind", "report_channel", "report_category", "report_cell", "report_beat"],
    "closing": ["closing", "reopened"],
    "diversion": ["sent", "from_unit", "to_unit", "accepted", "bounced", "done"],
    "charge": ["officer", "role", "began", "own_minutes"],
}
KINDS = ("first", "duplicate", "repeat")
STATES = ("contained", "escaped", "pending")
PLACES = ("cell", "beat", "community", "street", "station")


def columns_of(table: str) -> list[str]:
    """The columns of `told`, in their order."""
    return [*OWN[table], *MATTER]


def matter_rows(found: Asked, table: str) -> Array:
    """The row of each one's matter."""
    return found.rows if table == "matter" else found["matter_row"]


def told(asked: Question, found: Asked, table: str) -> pd.DataFrame:
    """columns_of(table), one row each of `found`, in their order; instants aware, what is unknown None or NaN.

    state: contained, escaped or pending by the question's policy when judged, None for what is not containable; levels:
    those at which the lead was held by then, with ; between. What row-level security does not show stays empty.
    """
    rows = matter_rows(found, table)
    frame = _numbers(asked, rows).join(_facts(asked, rows))
    unseen = frame["number"].isna()
    frame = frame.astype(object).mask(unseen, None) if unseen.any() else frame
    whole = OWNERS[table](asked, found).join(frame)[columns_of(table)]
    texts = whole.select_dtypes(exclude=["number", "datetimetz"])
    return whole.assign(**{str(name): _texts(texts[name]) for name in texts})


def _texts(values: pd.Series) -> pd.Series:
    """As they are, None for what is missing."""
    found = values.to_numpy(object, copy=True)
    found[pd.isna(found)] = None
    return pd.Series(found, index=values.index, dtype=object)


def points(asked: Question, found: Asked, table: str) -> tuple[Array, Array]:
    """Longitude and latitude (WGS-84) of each one's report, or of its matter's first; NaN where none was placed."""
    if table == "report":
        return found["lon"], found["lat"]
    reports, rows = asked.view.rows("report"), matter_rows(found, table)
    first = np.flatnonzero(reports["kind"] == 0)
    lon, lat = (np.full(len(asked.view.rows("matter")), np.nan) for _ in range(2))
    lon[reports["matter_row"][first]], lat[reports["matter_row"][first]] = reports["lon"][first], reports["lat"][first]
    return lon[rows], lat[rows]


def _numbers(asked: Question, rows: Array) -> pd.DataFrame:
    """number, lead_level, lead_unit of these matters, nothing of those that the transaction does not see."""
    ids = asked.view.rows("matter")["id"][rows]
    query = text((SQL_FOLDER / "drill_matters.sql").read_text())
    known = frame_of(asked.conn, query, ids=np.unique(ids).tolist()).set_index("id")
    return known.reindex(ids).reset_index(drop=True)


def _facts(asked: Question, rows: Array) -> pd.DataFrame:
    matter, words = asked.view.rows("matter"), asked.view.about.words
    opened, category = _at(asked, matter["opened"][rows]), matter["category"][rows]
    frame = pd.DataFrame({"opened": opened, "channel": _named(words.channels, matter["channel"][rows], 0)})
    frame["category"], frame["category_name"] = (_named(words.categories, category, n) for n in (1, 2))
    frame["severity"], frame["severity_now"] = asked.severity(rows), matter["grades"][rows] >> 4 & 3
    frame = frame.join(_places(asked, matter["spot"][rows]))
    frame["levels"], frame["state"] = _levels(asked.reached(rows) <= asked.looked), _states(asked, rows, category)
    frame["due"] = _at(asked, matter["due"][rows])
    closed = asked.standing()[rows]
    frame["closed"] = _at(asked, np.where(closed <= asked.looked, closed, asked.view.about.ticks.never))
    frame["minutes"], frame["reports"] = matter["minutes"][rows], matter["reports"][rows]
    return frame


def _states(asked: Question, rows: Array, category: Array) -> Array:
    flags, _ = standing_of(asked, rows)
    state = np.select([flags[name] for name in STATES], [0, 1, 2], 2)
    found: Array = np.array([*STATES, None], dtype=object)[np.where(asked.contains(category), state, 3)]
    return found


def _levels(reached: Array) -> list[str]:
    """[row, level] flags as words; told once for each of the few combinations that there are."""
    bits = reached @ (1 << np.arange(len(LEVELS)))
    said = [";".join(level for n, level in enumerate(LEVELS) if bit >> n & 1) for bit in range(1 << len(LEVELS))]
    return [said[bit] for bit in bits.tolist()]


def _places(asked: Question, spot: Array) -> pd.DataFrame:
    """Codes, and names of cell and beat, of these spots."""
    table = asked.view.about.spots.table
    names = {name: name for name in PLACES} | {"cell_name": "cell_label", "beat_name": "beat_label"}
    return pd.DataFrame({name: table[column].to_numpy(object)[spot] for name, column in names.items()})


def _named(listed: Sequence[Sequence[Any]], codes: Array, field: int) -> Array:
    return np.array([row[field] for row in listed], dtype=object)[codes]


def _at(asked: Question, ticks: Array) -> pd.Series:
    """Aware times; NaT for what never comes or always was."""
    kind, limits = asked.view.about.ticks, np.iinfo(ticks.dtype)
    known = (ticks != kind.never) & (ticks != limits.min)
    return times(np.where(known, ticks, 0), kind).where(known)


def _report(asked: Question, found: Asked) -> pd.DataFrame:
    words, ids = asked.view.about.words, found["id"]
    number = (Incident.channel + ":" + Incident.source_no).label("report")
    wanted = select(Incident.id, number).where(Incident.id.in_(np.unique(ids).tolist()))
    known = frame_of(asked.conn, wanted).set_index("id")["report"].reindex(ids)
    places = _places(asked, found["spot"])
    return pd.DataFrame({
        "report": known.to_numpy(object),
        "reported": _at(asked, found["at"]),
        "kind": np.array(KINDS, dtype=object)[found["kind"]],
        "report_channel": _named(words.channels, found["channel"], 0),
        "report_category": _named(words.categories, found["category"], 1),
        "report_cell": places["cell"],
        "report_beat": places["beat"],
    })  # fmt: skip


def _closing(asked: Question, found: Asked) -> pd.DataFrame:
    return pd.DataFrame({"closing": _at(asked, found["closed"]), "reopened": _at(asked, found["reopened"])})


def _diversion(asked: Question, found: Asked) -> pd.DataFrame:
    codes = {row.id: row.code for row in asked.conn.execute(select(Unit.id, Unit.code))}
    units = {name: [codes.get(each) for each in found[name].tolist()] for name in ("from_unit", "to_unit")}
    instants = {name: _at(asked, found[name]) for name in ("sent", "accepted", "bounced", "done")}
    return pd.DataFrame(units | instants)


def _charge(asked: Question, found: Asked) -> pd.DataFrame:
    codes = {row.id: row.code for row in asked.conn.execute(select(Officer.id, Officer.code))}
    return pd.DataFrame({
        "officer": [codes.get(each) for each in found["officer"].tolist()],
        "role": np.array(ROLES, dtype=object)[found["role"]],
        "began": _at(asked, found["began"]),
        "own_minutes": found["minutes"],
    })  # fmt: skip


def _matter(_asked: Question, found: Asked) -> pd.DataFrame:
    return pd.DataFrame(index=range(len(found)))


OWNERS = {"matter": _matter, "report": _report, "closing": _closing, "diversion": _diversion, "charge": _charge}
