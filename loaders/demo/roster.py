"""Who answers where and when: the officer that a step names, taken from the places that people held."""

import numpy as np

from loaders.demo.atlas import Atlas
from loaders.demo.postings import Exchanges
from loaders.demo.staff import Staff

NOBODY = -1
ACTORS = {  # actor of a step -> (role of the posting, kind of place)
    "lead": ("beat_lead", "beat"), "aux": ("auxiliary", "beat"), "glead": ("grid_lead", "beat"),
    "worker": ("grid_worker", "cell"), "case": ("police", "unit"),
}  # fmt: skip


class Roster:
    """Answers with officer positions; NOBODY where no one holds the place."""

    def __init__(self, atlas: Atlas, staff: Staff, exchanges: Exchanges) -> None:
        self._staff, self._exchanges = staff, exchanges
        sizes = {"beat": len(atlas.beats), "cell": len(atlas.cells), "unit": len(atlas.stations)}
        self._held = {actor: self._table(*key, sizes[key[1]]) for actor, key in ACTORS.items()}
        rooms = staff.slots[
            staff.slots["place"].eq("unit") & staff.slots["role"].isin(["mediator", "lawyer", "counsellor"])
        ]
        small = rooms["code"].str.startswith("SQ")
        self._held["mediator"] = _padded(
            rooms[small]["no"].to_numpy(), rooms[small]["officer"].to_numpy(), len(atlas.communities)
        )
        self._held["joint"] = _padded(
            rooms[~small]["no"].to_numpy(), rooms[~small]["officer"].to_numpy(), len(atlas.streets)
        )

    def who(self, actor: str, place: np.ndarray, at: np.ndarray, roll: np.ndarray) -> np.ndarray:
        """Officer of each (place position, local time); `roll` in [0, 1) chooses among several. Arrays align."""
        table = self._held[actor]
        count = (table >= 0).sum(axis=1)[place]
        officer = table[place, (roll * np.maximum(count, 1)).astype(int)]
        known = np.maximum(officer, 0)
        moved = (officer >= 0) & (self._exchanges.partner[known] >= 0) & (at >= self._exchanges.at[known])
        return np.asarray(np.where(moved, self._exchanges.partner[known], officer))

    def _table(self, role: str, place: str, size: int) -> np.ndarray:
        mine = self._staff.slots[(self._staff.slots["role"] == role) & (self._staff.slots["place"] == place)]
        return _padded(mine["no"].to_numpy(), mine["officer"].to_numpy(), size)


def _padded(place: np.ndarray, officer: np.ndarray, size: int) -> np.ndarray:
    """Officers of each place as rows of one table, filled up with NOBODY."""
    rows: list[list[int]] = [[] for _ in range(size)]
    for p, o in zip(place.tolist(), officer.tolist(), strict=True):
        rows[p].append(o)
    width = max(1, *(len(row) for row in rows))
    return np.array([row + [NOBODY] * (width - len(row)) for row in rows])
