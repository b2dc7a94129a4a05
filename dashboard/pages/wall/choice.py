"""What a wall's address chooses: scenes, how long each stays, place, period, policy. No typing error darkens it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.live.looking import PERIODS, Wanted
from dashboard.reading.facts import Facts
from grids.policies import POLICIES

SCENES = ("situation", "containment", "load", "hotspots", "supervision")
DWELL_S, SHORTEST_S, LONGEST_S = 20, 5, 3600
ALSO_CALLED = {"week": "7d", "month": "30d", "day": "today"}


@dataclass(frozen=True)
class Choice:
    """The scenes in their order (one alone is pinned), seconds of each, and what they show."""

    scenes: tuple[str, ...] = SCENES
    dwell_s: int = DWELL_S
    wanted: Wanted = field(default_factory=Wanted)

    @classmethod
    def of(cls, query: Mapping[str, str], facts: Facts) -> "Choice":
        """Read scene, dwell, place, period and policy; what cannot be read, or is not there, is as if not said."""
        named = [name.strip() for name in query.get("scene", "").lower().split(",")]
        scenes = tuple(dict.fromkeys(name for name in named if name in SCENES)) or SCENES
        return cls(scenes, _dwell(query.get("dwell", "")), _wanted(query, facts))


def _dwell(text: str) -> int:
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else DWELL_S
    return min(max(seconds, SHORTEST_S), LONGEST_S)


def _wanted(query: Mapping[str, str], facts: Facts) -> Wanted:
    period = query.get("period", "").lower()
    period = ALSO_CALLED.get(period, period)
    policy, place = query.get("policy", "").upper(), query.get("place") or None
    return Wanted(
        policy=policy if policy in POLICIES else Wanted.policy,
        place=place if facts.knows(place) else None,
        period=period if period in PERIODS else Wanted.period,
    )
