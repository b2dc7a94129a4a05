"""Personal data on the way out: masked unless somebody with the right gives a reason, which the audit keeps."""

from sqlalchemy import Connection, select

from db import audit
from db.keys import Keys
from db.tables import Incident, IncidentPersonal, SourceKey
from geo.errors import InputError, NotFound
from grids.rights import Who

FIELDS = ("reporter", "phone", "narrative")
SHORTEST_REASON = 4
MASKED_TEXT = "（已遮盖）"


def masked_name(name: str | None) -> str | None:
    """First and last character of a name, a star for each between: 王*明; of two characters the first: 王*."""
    told = (name or "").strip()
    if len(told) < 2:
        return "*" if told else None
    return told[0] + "*" * (len(told) - 2) + told[-1] if len(told) > 2 else told[0] + "*"


def masked_phone(phone: str | None) -> str | None:
    """First three and last four digits of a phone number: 138****1234; of a short one only the last two."""
    digits = "".join(character for character in phone or "" if character.isdigit())
    if not digits:
        return None
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "*" * max(4, len(digits) - 2) + digits[-2:]


def masked_text(text: str | None) -> str | None:
    """That there is a text, and nothing of what it says."""
    return MASKED_TEXT if (text or "").strip() else None


MASKS = {"name": masked_name, "reporter": masked_name, "phone": masked_phone}


def masked(fields: dict[str, str | None]) -> dict[str, str | None]:
    """Every field as who may not see it gets it: names and phones shortened, all else redacted."""
    return {name: MASKS.get(name, masked_text)(value) for name, value in fields.items()}


def unmask(conn: Connection, keys: Keys, who: Who, number: str, reason: str) -> dict[str, str | None]:
    """Reporter, phone and narrative of a report ("channel:number"), for a reason that the audit keeps.

    Raises Denied without the right "unmask", InputError for a reason shorter than four characters, NotFound for a
    report that is not there or lies outside who's places.
    """
    who.demand("unmask")
    told = reason.strip()
    if len(told) < SHORTEST_REASON:
        raise InputError("Say why you need this, in at least four characters (请填写查看理由，至少四个字).")
    channel, _, source_no = number.partition(":")
    query = (
        select(IncidentPersonal.token)
        .join(SourceKey, SourceKey.incident_id == IncidentPersonal.incident_id)
        .join(Incident, Incident.id == IncidentPersonal.incident_id)
        .where(SourceKey.channel == channel, SourceKey.source_no == source_no)
    )
    token = conn.execute(query).scalar()
    if token is None:
        raise NotFound(f"There is no report {number!r} that you may see: give it as CHANNEL:NUMBER.")
    opened = keys.open(token)
    audit.note(conn, keys, who, "unmask", number, reason=told)
    return {name: opened.get(name) for name in FIELDS}
