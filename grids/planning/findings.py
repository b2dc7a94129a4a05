"""What is wrong with a plan, rule by rule: each finding named, explained, and tied to the cells it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from geo.datums import FloatArray
from grids.districting.graph import Graph, Ints
from grids.districting.rules import pieces_by_beat
from grids.levels import Name

Weight = Literal["error", "warning"]

RULES: Mapping[str, Name] = MappingProxyType(
    {
        "split": Name("警格不连片", "beat in pieces"),
        "empty": Name("警格无网格", "beat without a cell"),
        "outside": Name("跨越社区或派出所", "outside its community or station"),
        "leaderless": Name("警格无警格长", "beat without a lead"),
        "locked_cell": Name("已锁定网格被调整", "locked cell moved"),
        "locked_beat": Name("已锁定警格被调整", "locked beat changed"),
        "unstaffed": Name("警格无人", "beat without staff"),
        "overloaded": Name("负荷超限", "overloaded beat"),
    }
)
ERRORS = ("split", "empty", "outside", "leaderless", "locked_cell", "locked_beat")


@dataclass(frozen=True)
class Finding:
    """A rule that a plan breaks, with the beat and the cells (positions) that it is about."""

    rule: str
    beat: int
    cells: tuple[int, ...]
    zh: str
    en: str

    @property
    def weight(self) -> Weight:
        """An error keeps a plan from being submitted; a warning is shown to whoever decides."""
        return "error" if self.rule in ERRORS else "warning"


@dataclass(frozen=True)
class Ground:
    """What rules are judged on: n cells and k beats by position.

    cells, beats: codes. graph: neighbours, with declared links over water. cell_group (n), beat_group (k): community
    or station, -1 for anywhere. led, staffed (k): whether a lead, and anybody, is posted there. locked_cells (n),
    locked_beats (k). waiting: beats that no one walks, where cells only wait to be drawn: they may be emptied and torn.
    """

    cells: Sequence[str]
    beats: Sequence[str]
    graph: Graph
    cell_group: Ints
    beat_group: Ints
    led: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    staffed: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    locked_cells: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    locked_beats: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    waiting: frozenset[int] = frozenset()


def findings(ground: Ground, before: Ints, after: Ints, allow_outside: bool = False) -> list[Finding]:
    """Every rule that the plan breaks which the plan in force does not break already, errors first.

    before, after (n): beat of each cell. allow_outside: the station lets beats cross communities.
    """
    found = _locked(ground, before, after) + _pieces(ground, before, after) + _people(ground, before, after)
    if not allow_outside:
        found += _outside(ground, before, after)
    return sorted(found, key=lambda each: (each.weight, list(RULES).index(each.rule), each.beat, each.cells))


def overloads(ground: Ground, before: FloatArray, after: FloatArray) -> list[Finding]:
    """Beats whose load (k; NaN: unstaffed) a plan lifts past all the minutes that they have."""
    found = []
    for beat in np.flatnonzero((after > 1) & ~(before >= after)).tolist():
        code, zh, en = ground.beats[beat], f"{after[beat]:.0%}", f"{after[beat]:.0%} of the minutes that it has"
        found.append(Finding("overloaded", beat, (), f"警格{code}负荷将达{zh}", f"Beat {code} would need {en}."))
    return found


def _locked(ground: Ground, before: Ints, after: Ints) -> list[Finding]:
    moved = np.flatnonzero(before != after)
    found = []
    for cell in moved[ground.locked_cells[moved]].tolist():
        code, beat = ground.cells[cell], int(after[cell])
        found.append(Finding("locked_cell", beat, (cell,), f"网格{code}已锁定，不能调整", f"Cell {code} is locked."))
    for beat in np.union1d(before[moved], after[moved]).tolist():
        if ground.locked_beats[beat]:
            cells = tuple(moved[(before[moved] == beat) | (after[moved] == beat)].tolist())
            code = ground.beats[beat]
            found.append(Finding("locked_beat", beat, cells, f"警格{code}已锁定，不能调整", f"Beat {code} is locked."))
    return found


def _pieces(ground: Ground, before: Ints, after: Ints) -> list[Finding]:
    now, then = (pieces_by_beat(ground.graph, held, len(ground.beats)) for held in (before, after))
    parts, found = ground.graph.parts(after), []
    for beat in sorted({*np.flatnonzero((then == 0) & (now > 0)).tolist()} - ground.waiting):
        code = ground.beats[beat]
        found.append(Finding("empty", beat, (), f"警格{code}将没有网格", f"Beat {code} would hold no cell."))
    for beat in sorted({*np.flatnonzero(then > np.maximum(now, 1)).tolist()} - ground.waiting):
        cells = np.flatnonzero(after == beat)
        names, sizes = np.unique(parts[cells], return_counts=True)
        loose = cells[parts[cells] != names[np.lexsort((names, -sizes))[0]]]
        code, named = ground.beats[beat], "、".join(ground.cells[cell] for cell in loose[:5].tolist())
        zh = f"警格{code}将分成{then[beat]}片，请看{named}"
        en = f"Beat {code} would fall into {then[beat]} pieces: look at {named.replace('、', ', ')}."
        found.append(Finding("split", beat, tuple(loose.tolist()), zh, en))
    return found


def _people(ground: Ground, before: Ints, after: Ints) -> list[Finding]:
    size = len(ground.beats)
    taking = np.bincount(after[before != after], minlength=size) > 0
    holds, held = np.bincount(after, minlength=size) > 0, np.bincount(before, minlength=size) > 0
    fresh = taking | (holds & ~held)
    found = []
    for beat in np.flatnonzero(holds & fresh & ~ground.led).tolist():
        code = ground.beats[beat]
        found.append(Finding("leaderless", beat, (), f"警格{code}没有警格长", f"Beat {code} has no lead."))
    for beat in np.flatnonzero(holds & fresh & ~ground.staffed).tolist():
        code = ground.beats[beat]
        found.append(Finding("unstaffed", beat, (), f"警格{code}无人任职", f"Nobody is posted to beat {code}."))
    return found


def _outside(ground: Ground, before: Ints, after: Ints) -> list[Finding]:
    groups = ground.cell_group, ground.beat_group[after]
    strays = (before != after) & (groups[0] != groups[1]) & (groups[0] >= 0) & (groups[1] >= 0)
    found = []
    for cell in np.flatnonzero(strays).tolist():
        code, beat = ground.cells[cell], ground.beats[after[cell]]
        zh, en = f"网格{code}不在警格{beat}的社区内", f"Cell {code} lies outside the community of beat {beat}."
        found.append(Finding("outside", int(after[cell]), (cell,), zh, en))
    return found
