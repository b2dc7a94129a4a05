"""Where do a station's calls come from: the community that sends most of them."""

import pandas as pd


def largest_community(calls: pd.DataFrame) -> pd.DataFrame:
    """community, community_calls, calls of each station (index, sorted): the community with most of its calls.

    `calls`: station, community, calls; rows of one pair add up. Of equal ones the lowest code. A call that lies in
    no community counts in the denominator alone; a station whose calls all do has no row.
    """
    named = calls.groupby(["station", "community"], observed=True)["calls"].sum().reset_index()
    largest = named.sort_values(["station", "calls", "community"], ascending=[True, False, True])
    largest = largest.drop_duplicates("station").rename(columns={"calls": "community_calls"}).set_index("station")
    return largest.assign(calls=calls.groupby("station", observed=True)["calls"].sum().reindex(largest.index))
