"""The counts that scorecards judge, by cell or beat; what the record cannot say is NaN, never 0."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from sqlalchemy import text

from db.bulk import frame_of
from db.measures.containment import containment
from db.measures.counted import Counted
from db.measures.outcomes import COUNTERS
from db.measures.question import Question
from db.readmodel.asking import one_name_a_key, places_of
from db.readmodel.columns import BAD_REVISIT, GOOD_REVISIT, Array
from grids.scorecards.counted import counted_categories

Counts = dict[str, pd.Series]
TURNED = "civil_to_criminal"  # the tag 民转刑风险


def card_counts(asked: Question, names: set[str], keys: pd.Index) -> pd.DataFrame:
    """The counts called `names` of the places `keys` (index), grouped as `asked.by` says.

    A place without rows has 0; a count that the record cannot say is NaN everywhere: crimes, fires and complaints
    where the catalogue has no such category, overdue without any deadline, revisits_missed without any revisit,
    turned_to_crime where no matter of the period was ever tagged, residents where one of a place's cells has none.
    """
    found: Counts = {}
    for name in sorted(names):
        if name not in found:
            found |= SOURCES[name](asked)
    table = pd.DataFrame({name: found[name].reindex(keys) for name in sorted(names)}, index=keys)
    unknown = {name for name in names if found[name].isna().all() and len(found[name])} | {"residents"}
    return table.fillna(dict.fromkeys(names - unknown, 0)).astype("float64")


def _by_key(frame: pd.DataFrame) -> Counts:
    told = frame.dropna(subset="key").set_index("key")
    return {name: told[name] for name in told.columns if name != "label"}


def _unknown(asked: Question, name: str) -> Counts:
    """NaN for every place there is."""
    places, _ = places_of(asked.view, asked.flt, asked.boundaries, asked.flt.end)
    keys = [key for key, _ in one_name_a_key(*places.named(asked.by or "cell"))[1] if key is not None]
    return {name: pd.Series(np.nan, index=pd.Index(keys, dtype=object))}


def _share(code: str) -> Callable[[Question], Counts]:
    return lambda asked: _by_key(COUNTERS[code](asked))


def _of_categories(kind: str) -> Callable[[Question], Counts]:
    def count(asked: Question) -> Counts:
        if not _categories(asked, kind).any():
            return _unknown(asked, kind)
        return _by_key(matters_of(asked, kind).table())

    return count


def _categories(asked: Question, kind: str) -> Array:
    words = asked.view.about.words
    catalogue = pd.DataFrame({name: words.category(name) for name in ("code", "name", "group")})
    return counted_categories(kind, catalogue).to_numpy(np.bool_)


def matters_of(asked: Question, kind: str) -> Counted:
    """The matters opened in the period, flagged where their category is one of crimes, fires or complaints."""
    matters = asked.ask("matter")
    return Counted(matters, {kind: _categories(asked, kind)[matters["category"]]})


def _decided(asked: Question) -> Counts:
    told = containment(
        asked.conn, asked.view, asked.flt, by=asked.by, policy=asked.policy, as_of=asked.as_of,
        boundaries=asked.boundaries,
    )  # fmt: skip
    return _by_key(told.assign(decided=told["contained"] + told["escaped"]))


def _overdue(asked: Question) -> Counts:
    if not (asked.view.rows("matter")["due"] != asked.view.about.ticks.never).any():
        return _unknown(asked, "overdue")
    told = _by_key(COUNTERS["on_time"](asked))
    return {"overdue": told["due"] - told["closed_on_time"]}


def _missed(asked: Question) -> Counts:
    if not np.isin(asked.view.rows("followup")["kind"], (GOOD_REVISIT, BAD_REVISIT)).any():
        return _unknown(asked, "revisits_missed")
    told = _by_key(COUNTERS["revisit"](asked))
    return {"revisits_missed": told["revisit_due"] - told["revisited"]}


def _reopened(asked: Question) -> Counts:
    return _by_key(reopened_of(asked).table())


def reopened_of(asked: Question) -> Counted:
    """Closings undone in the period."""
    again = asked.ask("closing", at="reopened")
    return Counted(again, {"reopened": again["reopened"] <= asked.looked})


def _turned(asked: Question) -> Counts:
    found = turned_of(asked)
    return _unknown(asked, "turned_to_crime") if found is None else _by_key(found.table())


def turned_of(asked: Question) -> Counted | None:
    """The matters of the period, flagged where somebody saw a risk of crime; None where none was ever tagged."""
    tagged = frame_of(asked.conn, TAGGED, start=asked.flt.start, end=asked.flt.end, tag=TURNED)
    if tagged.empty:
        return None
    matters = asked.ask("matter")
    turned = tagged.loc[tagged["turned"].astype(bool), "id"].to_numpy(np.int64)
    return Counted(matters, {"turned_to_crime": np.isin(matters["id"], turned)})


def _residents(asked: Question) -> Counts:
    """Residents of the cells that each place holds at the end of the period."""
    told = frame_of(asked.conn, RESIDENTS).set_index("id")["residents"].astype("float64")
    spots = asked.view.about.spots
    places = (
        spots.as_of(asked.flt.end)
        if isinstance(asked.boundaries, str)
        else places_of(asked.view, asked.flt, asked.boundaries, asked.flt.end)[0]
    )
    table = places.spots.table.iloc[places.rows]
    held = table[table["beat"].notna().to_numpy()]
    own = held["cell_id"].map(told)
    summed = own.groupby(held[asked.by or "cell"]).agg(lambda values: values.sum(skipna=False))
    return {"residents": summed}


TAGGED = text("""
    SELECT id, CAST(:tag AS text) = ANY (tags) AS turned FROM matter
    WHERE opened_at >= :start AND opened_at < :end AND tags <> '{}'""")
RESIDENTS = text("SELECT id, residents FROM cell")
SOURCES: Mapping[str, Callable[[Question], Counts]] = MappingProxyType(
    {
        **{kind: _of_categories(kind) for kind in ("crimes", "fires", "complaints")},
        **dict.fromkeys(("escaped", "contained", "decided"), _decided),
        **dict.fromkeys(("closed", "registered"), _share("closing")),
        **dict.fromkeys(("closed_on_time", "due"), _share("on_time")),
        **dict.fromkeys(("satisfied", "answered"), _share("satisfaction")),
        **dict.fromkeys(("revisited", "revisit_due"), _share("revisit")),
        **dict.fromkeys(("held", "closed_long_ago"), _share("held")),
        **dict.fromkeys(("repeats", "reports"), _share("repeat")),
        "overdue": _overdue,
        "revisits_missed": _missed,
        "reopened": _reopened,
        "turned_to_crime": _turned,
        "residents": _residents,
    }
)
