"""What travels with the phone page for its script: matters with steps and moves, to be opened without a network."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dashboard.auth.current import visitor
from dashboard.components.severity import word
from dashboard.language import speaker
from dashboard.pages.beat.files import VERSION
from dashboard.pages.beat.script_words import FIRST, moves, script_words, step_names
from dashboard.reading.beat_day import BeatDay
from dashboard.reading.records import plain
from db.city import City
from geo.crs import GCJ02, to_wgs84

KEPT = ("number", "steps", "category_name", "severity", "cell_name", "address", "lon", "lat", "opened_at", "why")


def script_data(day: BeatDay, city: City, lang: str, centre: tuple[float | None, float | None]) -> Markup:
    """The data block's text: JSON that cannot end the block it stands in."""
    say, me = speaker(lang), visitor()
    told = {
        "version": VERSION,
        "person": me.who.name if me else "",
        "beat": day.sheet.code,
        "now": day.now.isoformat(),
        "zone": city.zone,
        "offset": offset(day.now, city.zone),
        "lang": lang,
        "centre": centre if centre[0] is not None else None,
        "shift": shift(*centre),
        "matters": _matters(day, lang),
        "words": script_words(say),
        "moves": moves(lang),
        "first": FIRST,
        "step_names": step_names(lang),
        "units": [[row["code"], row["name"]] for row in plain(day.units)],
    }
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))


def offset(now: datetime, zone: str) -> str:
    """How far the city's clock is from UTC, as ISO writes it: +08:00."""
    return now.astimezone(ZoneInfo(zone)).isoformat()[-6:]


def shift(lon: float | None, lat: float | None) -> list[float] | None:
    """What to add to GCJ-02 degrees near the beat to get WGS-84: within a beat it is the same to less than a metre."""
    if lon is None or lat is None:
        return None
    x, y = to_wgs84(lon, lat, GCJ02)
    return [round(float(x) - lon, 7), round(float(y) - lat, 7)]


def _matters(day: BeatDay, lang: str) -> list[dict[str, Any]]:
    """Every matter of the list; those beyond the first ones without steps, which the phone fetches on opening one."""
    found = []
    for row in day.work.to_dict("records"):
        told = plain({name: row[name] for name in KEPT})
        story = day.told.get(row["id"])
        told["version"], told["grade"] = told.pop("steps"), word(int(row["severity"]), lang)
        told |= {"steps": plain(story["steps"]), "allowed": story["allowed"]} if story else {}
        found.append(told)
    return found
