"""Where a station's calls come from: the community that sends most of them."""

import numpy as np
import pandas as pd

from db.measures.question import Question
from db.readmodel.asking import one_name_a_key, places_of
from grids.outcomes.communities import largest_community


def one_community(asked: Question) -> pd.DataFrame:
    """key, label (a station), community, community_label, community_calls, calls: reports of the period."""
    reports = asked.ask("report")
    places, column = places_of(asked.view, asked.flt, asked.boundaries, asked.flt.end)
    stations, communities = (one_name_a_key(*places.named(kind)) for kind in ("station", "community"))
    where = reports[column]
    pair = stations[0][where] * len(communities[1]) + communities[0][where]
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
