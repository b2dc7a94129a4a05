"""What single pages let their readers choose, each under its own name in the address; the first is the default."""

from collections.abc import Mapping
from types import MappingProxyType

from db.measures.figures import COUNTS, SHARES

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dating": ("decided", "cohort"),  # matters of a period: decided in it, or opened in it
        "code": (*COUNTS, *SHARES),  # which figure a trend is of
        "grain": ("auto", "month", "week", "day"),
        "among": ("station", "district", "community", "beat"),  # of which places small pictures are drawn
        "unit": ("to_unit", "from_unit"),  # who should take a diversion, or who sent it
        "over": ("beat", "officer"),  # over what load is spread fairly or not
        "shape": ("any", "1+1+N", "4+N", "1+2"),  # of grids.teams.SHAPES
        "through": ("channel", "category"),
        "card": ("four_types", "four_goals", "monthly_star"),
        "unit_of_card": ("card", "cell", "beat"),  # card: what the card is for
        "first": ("best", "worst"),  # which cards come first
        "per": ("km2", "residents"),  # what hot cells are measured by
        "frames": ("month", "week"),
    }
)
