"""Everything that an officer's page shows of one beat today, read in one transaction as whoever looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard.reading.desk import Desk
from db.beat_sheets import BeatSheet
from db.beat_work import beat_work, stories, unit_names
from db.my_beats import covered_beats, my_beats
from db.personal import masked_name, masked_phone
from db.planning.told import told_of
from db.roster import team
from grids.rights import Who

TOLD = 40  # matters whose steps travel with the page; those of the others are fetched when they are opened


@dataclass(frozen=True)
class BeatDay:
    """One beat today.

    sheet: cells and contacts. work: db.beat_work's rows, all of them. told: matter id → steps and allowed moves of the
    first TOLD. team: db.roster's rows with name and phone, masked without the right. covered: beats
    that the reader stands in for, as `beats_of` has them. units: code and name of those that a move may name.
    notices: db.planning.told's rows, what the beat was told of cells that it gives or takes.
    """

    sheet: BeatSheet
    work: pd.DataFrame
    told: dict[int, dict[str, Any]]
    team: pd.DataFrame
    covered: pd.DataFrame
    units: pd.DataFrame
    notices: pd.DataFrame
    now: datetime


def beat_day(desk: Desk, code: str) -> BeatDay:
    """The day of a beat. Raises NotFound for one that is not there or not the reader's to see."""
    sheet, me, now = desk.sheet(code), desk.who(), desk.now()
    with desk.connection() as conn:
        work = beat_work(conn, code, now)
        told = stories(conn, me, work.head(TOLD))
        people = team(conn, f"beat:{code}", now)
        covered = covered_beats(conn, me.officer, now) if me.officer else NOBODY
        units, notices = unit_names(conn), told_of(conn, code, now)
    covered = _with_holder(desk, me, covered) if me.officer else covered
    return BeatDay(sheet, work, told, told_team(desk, me, people), covered, units, notices, now)


def told_team(desk: Desk, who: Who, people: pd.DataFrame) -> pd.DataFrame:
    """db.roster's rows with name and phone in place of what is sealed, masked for who has no right to them."""
    opened = [desk.keys.open(token) if token is not None else {} for token in people["personal"]]
    names, phones = (pd.Series([each.get(part) for each in opened], people.index, object) for part in ("name", "phone"))
    if not who.may("people"):
        names, phones = names.map(masked_name), phones.map(masked_phone)
    return people.drop(columns="personal").assign(name=names, phone=phones)


def beats_of(desk: Desk) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The reader's own beats (db.my_beats), and those they cover today; both empty for who is no officer."""
    me = desk.who()
    if me.officer is None:
        return NOBODY, NOBODY
    with desk.connection() as conn:
        mine, covered = my_beats(conn, me.officer, desk.now()), covered_beats(conn, me.officer, desk.now())
    return mine, _with_holder(desk, me, covered)


def _with_holder(desk: Desk, who: Who, covered: pd.DataFrame) -> pd.DataFrame:
    """Covered beats with holder_name, whose they are, in place of what is sealed."""
    told = told_team(desk, who, covered[["personal"]])
    return covered.drop(columns="personal").assign(holder_name=told["name"])


NOBODY = pd.DataFrame({"code": [], "name": [], "role": [], "holder": [], "until": [], "holder_name": []})
