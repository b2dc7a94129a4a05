"""Random histories of a case made by several people against the real record, and what must hold of every one."""

import random
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from db import cases
from db.engine import begin
from db.matters import refresh_matters
from geo.errors import Denied, InputError, NotFound, Refused
from grids.levels import LEVELS
from grids.moves import MOVES
from grids.rights import operator
from tests.db.acting import PEOPLE
from tests.oracle import casework as oracle

EVERYBODY = {name: replace(who, places=(*who.places, "street:T1")) for name, who in PEOPLE.items()}
# What changes little is tried less often, so that histories are eventful.
QUIET = ("receive", "respond", "handle", "assist", "mediate", "confirm", "refer", "urge", "meet", "tag", "untag")
# Who acts for a unit.
BEHIND = {
    "S1": ("station", "beat", "cell", "chief"), "ZZ": ("centre",), "COURT": ("court",), "D1": ("housing",),
    "D2": ("fire", "firemen"),
}  # fmt: skip
UNITS = ("S1", "ZZ", "COURT", "D1", "D2")
DERIVED = (
    *(f"reached_{level}" for level in LEVELS),
    *("lead_level", "severity_now", "severity", "severity_at", "closed_at", "last_at", "steps"),
)
TRAVELLED = (
    *("lead_unit", "offered_level", "offered_unit", "grade_asked", "settled_at", "revisit_due_at", "supervised_at"),
    *("satisfaction", "tags"),
)
MATTER = """
    SELECT m.*, l.code AS lead_unit, o.code AS offered_unit FROM matter m
    LEFT JOIN unit l ON l.id = m.lead_unit_id LEFT JOIN unit o ON o.id = m.offered_unit_id WHERE m.id = :matter"""
STEPS = """
    SELECT s.*, u.code AS unit FROM step s LEFT JOIN unit u ON u.id = s.unit_id WHERE s.matter_id = :matter
    ORDER BY s.at, s.no"""
LEDGERS = {
    "closures": "SELECT closed_at, reopened_at FROM closure WHERE matter_id = :matter ORDER BY closed_at",
    "diversions": """
        SELECT d.sent_at, d.step_no, f.code, r.code AS receiver, d.accepted_at, d.bounced_at, d.done_at, d.kept
        FROM diversion d LEFT JOIN unit f ON f.id = d.from_unit_id LEFT JOIN unit r ON r.id = d.to_unit_id
        WHERE d.matter_id = :matter ORDER BY d.sent_at, d.step_no""",
    "whistles": """
        SELECT w.at, w.step_no, u.code, w.report_by, w.attended_at FROM whistle w JOIN unit u ON u.id = w.unit_id
        WHERE w.matter_id = :matter ORDER BY w.at, w.step_no, u.code""",
    "parts": """
        SELECT u.code, p.part FROM matter_unit p JOIN unit u ON u.id = p.unit_id WHERE p.matter_id = :matter
        ORDER BY u.code, p.part""",
}


def told_by(rng, move, at):
    """Fields that a person might give for a move: mostly enough, sometimes wrong."""
    told = {}
    for field in MOVES[move].fields:
        if not field.required and rng.random() < (0.85 if field.kind == "level" else 0.4):
            continue
        choices = list(field.choices) if field.choices else None
        made = {
            "unit": lambda: rng.choice(UNITS),
            "units": lambda: rng.sample(UNITS, rng.randint(1, 3)),
            "officers": lambda: ["P1"],
            "level": lambda: rng.choice(LEVELS),
            "grade": lambda: rng.randint(1, 3),
            "flag": lambda: rng.random() < 0.5,
            "instant": lambda: (at + timedelta(hours=rng.randint(-1, 48))).isoformat(),
            "score": lambda: rng.randint(1, 5),
            "text": lambda choices=choices: rng.choice(choices) if choices else "说明",
        }
        told[field.name] = made[field.kind]()
    return told | ({"minutes": rng.choice([5, 12.5])} if rng.random() < 0.3 else {})


def attempt(record, number, seed, at=None):
    """One person looks at the case and makes a move; (code of the move or None, the case then or the refusal)."""
    rng = random.Random(seed)
    with begin(record.engine, "test") as conn:
        facts = cases.read(conn, record.keys, operator("test"), number).facts
    # Most of the time somebody acts who has a part in it, or else nothing would ever travel.
    units = [unit for unit in (facts["offered_unit"], facts["lead_unit"]) if unit and rng.random() < 0.6]
    who = EVERYBODY[rng.choice(BEHIND[units[0]] if units else sorted(EVERYBODY))]
    with begin(record.engine, who) as conn:
        seen = cases.read(conn, record.keys, who, number)
    likely = [move for move in seen.allowed if move not in QUIET]
    some = rng.random()
    move = rng.choice(likely or seen.allowed or ["reopen"]) if some < 0.75 else rng.choice([*MOVES][1:])
    told = told_by(rng, move, at or seen.facts["last_at"])
    try:
        with begin(record.engine, who) as conn:
            return move, cases.USE_CASES[move](conn, record.keys, who, number, version=seen.version, at=at, **told)
    except (Refused, InputError, Denied, NotFound) as refusal:
        return None, refusal


def stored(conn, matter):
    """Everything that is derived of a matter, as the oracle tells it."""
    row = dict(conn.execute(text(MATTER), {"matter": matter}).mappings().one())
    told = {name: row[name] for name in (*DERIVED, *TRAVELLED)}
    return told | {
        name: [list(line) for line in conn.execute(text(query), {"matter": matter})] for name, query in LEDGERS.items()
    }


def by_oracle(conn, matter):
    """The same, replayed from scratch from the raw steps."""
    initial = conn.execute(text("SELECT severity_initial FROM matter WHERE id = :m"), {"m": matter}).scalar_one()
    rows = [dict(row) for row in conn.execute(text(STEPS), {"matter": matter}).mappings()]
    told = oracle.replay_rows(rows, initial) | oracle.travel_rows(rows)
    last = {closed: [closed, again] for closed, again in told["closures"]}
    kept = {name: told[name] for name in (*DERIVED, *TRAVELLED)}
    return kept | {
        "closures": list(last.values()),
        "diversions": told["diversions"],
        "whistles": sorted(told["whistles"], key=lambda call: call[:3]),
        "parts": sorted(list(part) for part in told["parts"]),
    }


def check_leads(rows):
    """Nobody leads but whom the lead was free for or offered to, and only the lead passes it on or settles."""
    lead, offer = None, None
    for row in rows:
        detail, kind = row["detail"] or {}, row["kind"]
        if kind in ("transfer", "escalate", "divert", "settle", "handle", "whistle"):
            assert lead is not None, kind
            assert row["unit"] == lead, kind
        if kind in ("transfer", "escalate", "divert", "dispatch"):
            offer = (kind, detail.get("to"), row["level"])
        if kind == "take_lead":
            assert lead is None or (offer is not None and offer[0] != "divert")
            if offer is not None:
                assert offer[1] in (None, row["unit"])
                assert offer[2] in (None, row["level"])
        if kind in ("divert_accept", "divert_bounce"):
            assert offer is not None
            assert offer[:2] == ("divert", row["unit"])
        if kind in oracle.LEADING:
            lead = row["unit"]
        if kind in (*oracle.LEADING, "divert_bounce", "close"):
            offer = None


def check(record, number, before=()):
    """All that must hold of a case; `before`: rows of its steps seen earlier, which must be there unchanged."""
    with begin(record.engine, "test") as conn:
        matter = cases.places.find(conn, number).id
        rows = [dict(row) for row in conn.execute(text(STEPS), {"matter": matter}).mappings()]
        now = stored(conn, matter)
        assert now == by_oracle(conn, matter)
        refresh_matters(conn, [matter])
        assert stored(conn, matter) == now, "the bulk refresh tells another state than the single one"
    there = {row["id"]: row for row in rows}
    assert all(there[row["id"]] == row for row in before)
    assert [row["no"] for row in rows] == list(range(100_000, 100_000 + len(rows)))
    check_leads(rows)
    heights = [top for n in range(len(rows) + 1) if (top := height_of(rows[:n])) is not None]
    assert heights == sorted(heights)
    return rows


def height_of(rows):
    """Rank of the highest level at which the lead was held, or None."""
    held = [LEVELS.index(row["level"]) for row in rows if row["kind"] in oracle.LEADING]
    return max(held, default=None)
