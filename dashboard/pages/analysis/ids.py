"""Names of the parts that all analysis pages share."""

from dashboard.components.filter_ids import filter_ids

ADDRESS = "analysis-address"
FILTERS = filter_ids("asked")
BESIDE = "asked-beside"
BESIDE_PLACE = "asked-beside-place"
BOUNDARIES = "asked-boundaries"
AS_OF = "asked-as-of"
THROUGH = "asked-through"
BANNER = "asked-banner"
SHARE = "asked-share"
FOLLOWED = "followed-mark"


def panel(page: str, name: str) -> dict[str, str]:
    """The body of a panel."""
    return {"part": "panel", "page": page, "name": name}


def graph(page: str, name: str, n: int) -> dict[str, str | int]:
    """The n-th picture of a panel."""
    return {"part": "graph", "page": page, "name": name, "n": n}
