"""How much work falls on whom: minutes of persons, the minutes they have, and how evenly both are spread."""

from grids.workload.activities import ACTIVITIES, Activity, activity, activity_minutes
from grids.workload.at_hand import minutes_at_hand
from grids.workload.loads import Fairness, fairness, with_ratios
from grids.workload.spread import spread

__all__ = [
    "ACTIVITIES", "Activity", "Fairness", "activity", "activity_minutes", "fairness",
    "minutes_at_hand", "spread", "with_ratios",
]  # fmt: skip
