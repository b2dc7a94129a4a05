"""Writes the demo city as files of the formats that the loaders take; it never touches a database."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import InputError
from loaders.demo.addresses import make_doors
from loaders.demo.answers import with_answers
from loaders.demo.atlas import Atlas, make_atlas
from loaders.demo.backdrop import make_roads
from loaders.demo.casework import Casework
from loaders.demo.catalogue import make_catalogue
from loaders.demo.clock import Span
from loaders.demo.counts import make_households, make_plates, make_registers
from loaders.demo.exports import ZONE, first_numbers, incident_rows, step_rows, visit_rows
from loaders.demo.files import DemoFile, ground_files, incident_files, people_files, step_file
from loaders.demo.matters import make_matters
from loaders.demo.meetings import make_meetings, meeting_rows
from loaders.demo.outcomes import make_outcomes
from loaders.demo.postings import make_exchanges, make_postings
from loaders.demo.reports import make_reports
from loaders.demo.roster import Roster
from loaders.demo.shifts import make_absences, make_shifts
from loaders.demo.staff import make_staff
from loaders.demo.visiting import make_visits
from loaders.demo.work_files import count_files, duty_files, work_files

SEED = 20260101
MATTERS = 106_000  # with the reports that repeat them, about 120,000
DAYS, HIRED_DAYS_BEFORE = 731, 60
BEIJING = timezone(timedelta(hours=8))  # no summer time

__all__ = ["DemoFile", "write_city"]


def write_city(
    folder: Path,
    *,
    until: datetime,
    seed: int = SEED,
    scale: float = 1.0,
    progress: Callable[[str], None] | None = None,
) -> list[DemoFile]:
    """Write every file of the city into the folder and list them in the order in which they must be loaded.

    The two years end at `until` (aware), floored to the hour. The map is always the same; `seed` rolls people and
    events; `scale` multiplies the number of incidents. The same arguments give the same files, byte for byte in the
    text formats. Raises InputError when `until` is naive or `scale` not positive.
    """
    if until.tzinfo is None or scale <= 0:
        raise InputError("Give `until` with a time zone and a `scale` above 0 to write the demo city.")
    say = progress or (lambda _: None)
    folder.mkdir(parents=True, exist_ok=True)
    say("demo city: drawing the map")
    atlas = make_atlas()
    roads = make_roads(atlas)
    doors = make_doors(atlas, roads)
    files = ground_files(folder, atlas, roads, doors)
    say("demo city: two years of people and incidents")
    return files + _events(folder, atlas, doors, _two_years(until), seed, scale)


def _events(folder: Path, atlas: Atlas, doors: pd.DataFrame, span: Span, seed: int, scale: float) -> list[DemoFile]:
    """Everything that the seed rolls; each part has its own stream, so that one may change without the others."""
    rolls = [np.random.default_rng([seed, part]) for part in range(13)]
    hired = Span(span.start - np.timedelta64(HIRED_DAYS_BEFORE, "D"), span.end)
    staff = make_staff(atlas, rolls[0])
    exchanges = make_exchanges(staff, hired, rolls[1])
    catalogue = make_catalogue()
    matters = make_matters(atlas, doors, catalogue, round(MATTERS * scale), span, rolls[2])
    outcomes = make_outcomes(matters, catalogue, rolls[3])
    reports = make_reports(matters, outcomes, span.end, rolls[4])
    roster, codes = Roster(atlas, staff, exchanges), staff.officers["code"].to_numpy()
    casework = Casework(atlas, matters, outcomes, catalogue, roster, rolls[5])
    spoken = make_meetings(atlas, matters, outcomes, span.end, rolls[7])
    steps = casework.steps(span.end, spoken)
    steps = with_answers(steps, outcomes, casework.department, ZONE, rolls[8])
    absences = make_absences(staff, span.end, rolls[9])
    visits = make_visits(atlas, roster, absences, span.end, scale, rolls[10])
    return [
        *people_files(folder, staff.officers, make_postings(staff, exchanges, hired.start, ZONE)),
        *duty_files(folder, make_shifts(staff, absences, span.end), absences, codes),
        *count_files(folder, make_registers(atlas, doors, span.end, rolls[11]), make_households(atlas, rolls[12]),
                     make_plates(atlas, doors)),
        *incident_files(folder, incident_rows(atlas, doors, catalogue, reports, rolls[6])),
        *work_files(folder, visit_rows(atlas, visits, codes),
                    meeting_rows(atlas, spoken, first_numbers(reports), ZONE)),
        step_file(folder, step_rows(steps, reports, codes)),
    ]  # fmt: skip


def _two_years(until: datetime) -> Span:
    """Local times: from a midnight two years back to the full hour."""
    hour = until.astimezone(BEIJING).replace(minute=0, second=0, microsecond=0)
    first = (hour - timedelta(days=DAYS)).replace(hour=0)
    start, end = (np.datetime64(at.strftime("%Y-%m-%dT%H:%M:%S")) for at in (first, hour))
    return Span(start, end)
