"""One case as somebody may see it: its reports masked, every step, its ledgers, its deadlines, what may come next."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER
from db.cases.places import find, situation
from db.keys import Keys
from db.personal import masked, masked_text
from grids.loops import LOOPS, PHASES, loop_of, phase, stage
from grids.moves import allowed
from grids.rights import Who


@dataclass(frozen=True)
class Case:
    """A matter and its whole story.

    number: "channel:source_no" of its first report. version: count of its steps. facts: what is known of it (place,
    category, grade, lead, offer, deadlines, tags …). reports: personal fields masked. steps: who, when, level, unit and
    note of each. diversions, whistles: its ledgers. allowed: codes of the moves that the reader may make next.
    """

    number: str
    version: int
    facts: dict[str, Any]
    reports: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    diversions: list[dict[str, Any]]
    whistles: list[dict[str, Any]]
    allowed: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The case as plain values; instants stay datetimes."""
        return asdict(self)


def read(conn: Connection, keys: Keys, who: Who, number: str) -> Case:
    """The case of a report ("channel:source_no"). Raises Denied without the right "cases", NotFound."""
    who.demand("cases")
    return compose(conn, keys, who, number)


def compose(conn: Connection, keys: Keys, who: Who, number: str) -> Case:
    """The case as the transaction sees it, masked for `who`."""
    found = find(conn, number)
    seen = situation(conn, who, found)
    values = {"matter": found.id}
    facts = dict(conn.execute(_query("case_facts"), values).mappings().one())
    case_number, version = facts.pop("number"), facts.pop("steps")
    now_in = phase(found.steps)
    named = PHASES["registered" if now_in == "found" else now_in]
    facts |= {
        "phase": "registered" if now_in == "found" else now_in, "phase_zh": named.zh, "phase_en": named.en,
        "stage": stage(loop_of(facts["channel"]), "registered" if now_in == "found" else now_in).zh,
        "loop": loop_of(facts["channel"]).zh,
        "loops": {code: stage(loop, "registered" if now_in == "found" else now_in).zh for code, loop in LOOPS.items()},
        "overdue": facts["closed_at"] is None and facts["due_at"] is not None and facts["due_at"] < datetime.now(UTC),
        "height": _height(seen),
    }  # fmt: skip
    return Case(
        number=case_number,
        version=version,
        facts=facts,
        reports=[_report(keys, dict(row)) for row in conn.execute(_query("case_reports"), values).mappings()],
        steps=[_step(keys, who, dict(row)) for row in conn.execute(_query("case_steps"), values).mappings()],
        diversions=[dict(row) for row in conn.execute(_query("case_diversions"), values).mappings()],
        whistles=[dict(row) for row in conn.execute(_query("case_whistles"), values).mappings()],
        allowed=allowed(seen) if who.may("cases") else [],
    )


def _height(seen: Any) -> str | None:
    reached = seen.state.reached
    return max(reached, key=lambda level: (seen.ladder.ranks[level], -reached[level].timestamp()), default=None)


def _report(keys: Keys, row: dict[str, Any]) -> dict[str, Any]:
    token = row.pop("token")
    told = keys.open(token) if token is not None else {}
    return row | masked({name: told.get(name) for name in ("reporter", "phone", "narrative")})


def _step(keys: Keys, who: Who, row: dict[str, Any]) -> dict[str, Any]:
    note = row.pop("note")
    told = keys.open(note).get("note") if note is not None else None
    shown = told if who.may("work") or who.may("unmask") else masked_text(told)
    return row | {"note": shown, "detail": row["detail"] or {}}


def _query(name: str) -> Any:
    return text((SQL_FOLDER / f"{name}.sql").read_text())
