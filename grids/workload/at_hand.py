"""Minutes at hand: of the roster in the weeks that it covers, else of the hours of the posting; leave taken off."""

import pandas as pd

_WEEK_S = 7 * 24 * 3600


def minutes_at_hand(pieces: pd.DataFrame, rostered: pd.Series) -> pd.Series:
    """Minutes that each piece of a posting makes available, aligned with `pieces` (name "available").

    `pieces`: officer, weekly_minutes, seconds (its length in weeks without a shift of that officer), away (seconds of
    leave inside these), on_roster (seconds in weeks with one); a posting's stay in one place inside the period.
    `rostered`: minutes on a shift and not away, of the officers who have any (index officer). Each piece has
    weekly_minutes × weeks, without those away, and its share of what is rostered: by weekly_minutes × length on the
    roster, by length where that is 0.
    """
    weekly = pieces["weekly_minutes"].astype("float64")
    posted = weekly * (pieces["seconds"] - pieces["away"]).astype("float64") / _WEEK_S
    length = pieces["on_roster"].astype("float64")
    weight = weekly * length
    weight = weight.mask(weight.groupby(pieces["officer"]).transform("sum") == 0, length)
    whole = weight.groupby(pieces["officer"]).transform("sum")
    share = (weight / whole.where(whole > 0)).fillna(0.0)
    total = pieces["officer"].map(rostered).astype("float64").fillna(0.0)
    return (posted + total * share).rename("available")
