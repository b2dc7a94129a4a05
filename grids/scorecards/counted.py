"""Which categories count as crimes, fires and complaints: data, because every catalogue has words of its own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from geo.errors import NotFound
from grids.levels import Name


class Counted(NamedTuple):
    """A count of matters of the categories whose code, name or group is one of `words`."""

    name: Name
    words: frozenset[str]


# The shipped words; a place adds its own. A complaint is one about the service, not a neighbour's noise.
COUNTED: Mapping[str, Counted] = MappingProxyType(
    {
        "crimes": Counted(Name("刑事案件", "crimes"), frozenset({"刑事案件", "刑事警情", "刑事", "crimes", "crime"})),
        "fires": Counted(Name("火灾", "fires"), frozenset({"火灾", "火灾警情", "火警", "火情协助", "fires", "fire"})),
        "complaints": Counted(
            Name("对服务的投诉", "complaints about the service"),
            frozenset({"服务投诉", "队伍投诉", "涉警投诉", "投诉网格员", "complaints", "complaint"}),
        ),
    }
)


def counted_categories(kind: str, categories: pd.DataFrame) -> pd.Series:
    """Whether each category counts as that kind (bool, aligned with `categories`: code, name, group).

    None does where the catalogue has no such category: then nothing can be said, not even 0. NotFound for a kind that
    is not in COUNTED.
    """
    found = COUNTED.get(kind)
    if found is None:
        raise NotFound(f"There is no count {kind!r} of categories: choose one of {', '.join(COUNTED)}.")
    flags: pd.Series = categories[["code", "name", "group"]].isin(found.words).any(axis=1)
    return flags
