"""What the commands of people at work print: tables with people's names and telephones, gaps, agendas, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # a command that prints help must not wait for them
    import pandas as pd

    from db.keys import Keys
    from db.meetings import Agenda
    from db.roster import Gaps

SHOWN = ["name", "phone", "role", "post_name", "duty", "until", "stands_in_for"]
AGENDA_SHOWN = ["no", "category", "severity", "cell_name", "opened_at", "due_at", "reports", "lead_level"]
TITLES = {
    "overdue": "Overdue 超期",
    "repeated": "Repeated 重复",
    "revisit": "Due for a revisit 待回访",
    "open": "Open 在办",
}


def as_json(value: Any) -> str:
    """One JSON text; instants and days in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=_iso)


def table(found: pd.DataFrame, zone: ZoneInfo, json_wanted: bool, nothing: str) -> None:
    """Print rows as JSON or as a table with times in the city's zone."""
    if json_wanted:
        print(as_json(_records(found)))
    else:
        print(nothing if found.empty else _local(found, zone).to_string(index=False, na_rep=""))


def people_in_words(
    found: pd.DataFrame, keys: Keys, zone: ZoneInfo, json_wanted: bool, about: Mapping[str, Any] | None = None
) -> None:
    """Print people with name and telephone (opened here, on the host); `about` goes around them in JSON."""
    from pandas import Series

    sealed: list[Any] = list(found.get("personal", []))
    told = [keys.open(bytes(token)) if token is not None else {} for token in sealed]
    names = {name: Series([person.get(name) for person in told], found.index, object) for name in ("name", "phone")}
    people = found.drop(columns="personal", errors="ignore").assign(**names)
    if json_wanted:
        print(as_json({**about, "people": _records(people)} if about is not None else _records(people)))
    elif people.empty:
        print("Nobody.")
    else:
        stands = people["holder"].where(people["officer"] != people["holder"])
        shown = _local(people.assign(stands_in_for=stands), zone)[SHOWN]
        print(shown.to_string(index=False, na_rep=""))


def gaps_in_words(told: Gaps) -> str:
    """The gaps of a station as lines of text."""
    lines = [f"Station {told.station}: {told.on_duty} people on duty."]
    for shape, teams in told.teams.groupby("shape", sort=False):
        short = [row for row in teams.to_dict("records") if row["lacking"]]
        lines.append(f"{shape}: {len(teams) - len(short)} of {len(teams)} complete")
        lines += [f"  {row['place']} {row['name']}: {', '.join(row['lacking'])}" for row in short]
    named = {
        "Beats without a lead": told.beats_without_lead, "Cells without a worker": told.cells_without_worker,
        "Beats with nobody on": told.beats_with_nobody_on, "Away without cover": told.away_without_cover,
    }  # fmt: skip
    lines += [f"{title}: {len(codes)} ({', '.join(codes[:10])}{' …' if len(codes) > 10 else ''})"
              for title, codes in named.items() if codes]  # fmt: skip
    return "\n".join(lines)


def agenda_in_words(listed: Agenda, zone: ZoneInfo, json_wanted: bool) -> None:
    """Print the lists of an agenda."""
    lists = listed.lists()
    if json_wanted:
        parts = {name: _records(frame) for name, frame in lists.items()}
        print(as_json({"beat": listed.beat, "at": listed.at, **parts}))
        return
    for name, frame in lists.items():
        print(f"{TITLES[name]}: {len(frame)}")
        if len(frame):
            print(_local(frame, zone)[AGENDA_SHOWN].to_string(index=False, na_rep=""))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _local(frame: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    shown = frame.copy()
    for name in frame.columns:
        if any(isinstance(value, datetime) for value in frame[name].dropna().head(1)):
            shown[name] = [
                value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
                if isinstance(value, datetime) and value == value
                else ""
                for value in frame[name]
            ]
    return shown


def _iso(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else str(value)
