"""Officers of the demo city and the places that they hold."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from loaders.demo.atlas import Atlas
from loaders.demo.names import people_names, phone_numbers

POLICE_OF_STATION = [22, 26, 16, 26]  # the first station has 36 staff: 22 police and 14 auxiliaries
AUXILIARIES_OF_STATION = [14, 23, 10, 23]
AUXILIARIES_OF_COMMUNITY = [2, 3, 2, 3]  # by station: one team for the few beats of a community
UNSTAFFED_BEAT = 25  # nobody holds this beat or its cells, on purpose
MATTER_HOURS = {"beat_lead": 16.0, "police": 24.0, "auxiliary": 12.0, "grid_lead": 8.0, "grid_worker": 8.0}
# … a week: what duty, patrols, visits and forms leave for matters
JOINT_TEAM = [("mediator", 40.0), ("mediator", 40.0), ("lawyer", 20.0), ("lawyer", 12.0), ("counsellor", 15.0)]
TWO_CELLS_UP_TO = 1_250  # residents of a cell that shares its grid worker with another
FIXED = ""  # the group of people who never change places


@dataclass
class Crew:
    """Everybody hired so far, and the places given out; an officer is known by position."""

    people: list[tuple[str, str, str]] = field(default_factory=list)  # kind, unit, group inside which exchanges happen
    slots: list[tuple[int, str, str, str, float, int]] = field(default_factory=list)

    def hire(self, kind: str, unit: str, group: str = FIXED) -> None:
        """One more person; places given out next are theirs."""
        self.people.append((kind, unit, group))

    def give(self, role: str, place: str, code: str, hours: float, no: int) -> None:
        """A place (beat, cell or unit) to the person hired last; `no` is its position in its frame."""
        self.slots.append((len(self.people) - 1, role, place, code, hours, no))


@dataclass(frozen=True)
class Staff:
    """officers: code, name, kind, unit, phone, group. slots: officer (position), role, place (beat, cell or unit),
    code, weekly_hours, no (position of the beat, cell, …): who holds what before any exchange of places."""

    officers: pd.DataFrame
    slots: pd.DataFrame


def make_staff(atlas: Atlas, rng: np.random.Generator) -> Staff:
    """Hire everybody and give out the places."""
    crew = Crew()
    for station in range(len(atlas.stations)):
        _station(atlas, station, crew)
    for community in range(len(atlas.communities)):
        _grid(atlas, community, crew)
    _rooms(atlas, crew)
    officers = pd.DataFrame(crew.people, columns=["kind", "unit", "group"])
    officers.insert(0, "code", [f"P{i:04d}" for i in range(1, len(officers) + 1)])
    officers.insert(1, "name", people_names(len(officers), rng))
    officers["phone"] = phone_numbers(len(officers), rng)
    return Staff(officers, pd.DataFrame(crew.slots, columns=["officer", "role", "place", "code", "weekly_hours", "no"]))


def _station(atlas: Atlas, station: int, crew: Crew) -> None:
    """A lead for each beat, two or three auxiliaries for the beats of a community, the rest at the station."""
    unit, communities = atlas.stations["code"][station], atlas.communities["station_no"] == station
    leads = [beat for community in np.flatnonzero(communities).tolist() for beat in _beats(atlas, community)]
    for beat in leads:
        crew.hire("police", unit, f"leads {unit}")
        crew.give("beat_lead", "beat", atlas.beats["code"][beat], MATTER_HOURS["beat_lead"], beat)
    for _ in range(POLICE_OF_STATION[station] - len(leads)):
        crew.hire("police", unit)
        crew.give("police", "unit", unit, MATTER_HOURS["police"], station)
    homes = np.repeat(np.flatnonzero(communities), AUXILIARIES_OF_COMMUNITY[station]).tolist()
    for community in homes[: AUXILIARIES_OF_STATION[station]]:
        crew.hire("auxiliary", unit, f"auxiliaries {unit}")
        _share(atlas, "auxiliary", _beats(atlas, community), crew)
    for _ in range(AUXILIARIES_OF_STATION[station] - len(homes)):
        crew.hire("auxiliary", unit)
        crew.give("auxiliary", "unit", unit, MATTER_HOURS["auxiliary"], station)


def _grid(atlas: Atlas, community: int, crew: Crew) -> None:
    """A grid lead for the beats of each community; a grid worker for a large cell or two small ones of one beat."""
    street = atlas.communities["street_no"][community] + 1
    crew.hire("grid_lead", f"ZX{street}", f"grid leads {street}")
    _share(atlas, "grid_lead", _beats(atlas, community), crew)
    for patch in (patch for beat in _beats(atlas, community) for patch in _patches(atlas, beat)):
        crew.hire("grid_worker", f"ZX{street}", f"grid workers {street}")
        for cell in patch:
            hours = MATTER_HOURS["grid_worker"] / len(patch)
            crew.give("grid_worker", "cell", atlas.cells["code"][cell], hours, cell)


def _rooms(atlas: Atlas, crew: Crew) -> None:
    """Mediators of the community rooms, volunteers of their beats, and the team of each joint room."""
    for community in range(len(atlas.communities)):
        room = f"SQ{community + 1:02d}"
        crew.hire("mediator", room)
        crew.give("mediator", "unit", room, 30.0, community)
        for beat in _beats(atlas, community)[:2]:
            crew.hire("volunteer", room)
            crew.give("volunteer", "beat", atlas.beats["code"][beat], 6.0, beat)
    for street in range(len(atlas.streets)):
        for kind, hours in JOINT_TEAM:
            crew.hire(kind, f"TJ{street + 1}")
            crew.give(kind, "unit", f"TJ{street + 1}", hours, street)


def _beats(atlas: Atlas, community: int) -> list[int]:
    inside = np.flatnonzero(atlas.beats["community_no"] == community).tolist()
    return [beat for beat in inside if beat != UNSTAFFED_BEAT]


def _share(atlas: Atlas, role: str, beats: list[int], crew: Crew) -> None:
    for beat in beats:
        crew.give(role, "beat", atlas.beats["code"][beat], MATTER_HOURS[role] / len(beats), beat)


def _patches(atlas: Atlas, beat: int) -> list[list[int]]:
    """Cells of a beat, one or two a worker."""
    cells = np.flatnonzero(atlas.cells["beat_no"] == beat)
    small = atlas.cells["residents"].to_numpy()[cells] < TWO_CELLS_UP_TO
    pairs = [part.tolist() for part in np.split(cells[small], np.arange(2, small.sum(), 2))]
    return [[cell] for cell in cells[~small].tolist()] + [pair for pair in pairs if pair]
