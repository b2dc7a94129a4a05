"""Names of the filter bar's parts: every page with filters has its own set, so that no callback waits for another's."""

from typing import NamedTuple


class FilterIds(NamedTuple):
    """The parts of one page's bar."""

    period: str
    dates: str
    place_button: str
    place_search: str
    place_tree: str
    place_asked: str
    groups_button: str
    groups: str
    channels_button: str
    channels: str
    policy: str
    clear: str
    period_text: str


def filter_ids(prefix: str) -> FilterIds:
    """The names of a bar whose parts all begin with `prefix`."""
    return FilterIds(*(f"{prefix}-{part.replace('_', '-')}" for part in FilterIds._fields))
