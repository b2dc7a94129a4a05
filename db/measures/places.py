"""Where a station's calls come from: the community that sends most of them."""

import numpy as np
import pandas as pd

from db.measures.counted import Counted, every
from db.measures.question import Question
from db.readmodel.asking import Asked, one_name_a_key, places_of
from db.readmodel.columns import Array
from db.readmodel.spots import Names
from grids.outcomes.communities import largest_community


def one_community(asked: Question) -> pd.DataFrame:
    """key, label (a station), community, community_label, community_calls, calls: reports of the period."""
    _, stations, communities = _placed(asked)
    pair = stations[0] * len(communities[1]) + communities[0]
    counted = np.bincount(pair, minlength=len(stations[1]) * len(communities[1]))
    found = np.flatnonzero(counted)
    names = [[key for key, _ in each[1]] for each in (stations, communities)]
    calls = pd.DataFrame({
        "station": [names[0][code] for code in found // len(names[1])],
        "community": [names[1][code] for code in found % len(names[1])],
        "calls": counted[found],
    })  # fmt: skip
    told = largest_community(calls.dropna(subset="station")).reset_index()
    told["key"] = told["station"]
    labels = [dict(each[1]) for each in (stations, communities)]
    told["label"] = told["station"].map(labels[0])
    told["community_label"] = told["community"].map(labels[1])
    columns = ["key", "label", "community", "community_label", "community_calls", "calls"]
    return told[columns].astype({"community_calls": "int64", "calls": "int64"})


def calls_of_communities(asked: Question) -> Counted:
    """The reports of the stations that `one_community` names, by station: calls, and those of its community."""
    reports, stations, communities = _placed(asked)
    told = one_community(asked)
    named, largest = ([key for key, _ in each[1]] for each in (stations, communities))
    own = {named.index(row.key): largest.index(row.community) for row in told.itertuples()}
    community = np.array([own.get(code, -1) for code in range(len(named))], np.int64)[stations[0]]
    calls, of_station = community >= 0, reports.keyed(*stations)
    return Counted(of_station.where(calls), {"calls": every(of_station.where(calls)),
                                             "community_calls": (communities[0] == community)[calls]})  # fmt: skip


def _placed(asked: Question) -> tuple[Asked, tuple[Array, Names], tuple[Array, Names]]:
    """The reports of the period, and of each its station and its community: codes and what they are called."""
    reports = asked.ask("report")
    places, column = places_of(asked.view, asked.flt, asked.boundaries, asked.flt.end)
    of_station, of_community = (one_name_a_key(*places.named(kind)) for kind in ("station", "community"))
    where = reports[column]
    return reports, (of_station[0][where], of_station[1]), (of_community[0][where], of_community[1])
