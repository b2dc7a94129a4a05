"""The courses that matters take: which steps follow one another, at which level, by whom, and how far along."""

from typing import NamedTuple


class Turn(NamedTuple):
    """One step of a course.

    `phase` and `part` place it in time: phase 0 runs from the report to the first answer, 1 to settling, 2 to closing,
    3 the fortnight after closing, 4 from reopening on; `part` is the share of the phase gone by. `when` says for which
    matters: a probability, or police, other, sensor, graded, regraded, late, bounced, reopened.
    """

    kind: str
    level: str
    actor: str
    phase: int
    part: float
    when: float | str = 1.0


def _opening(responder_level: str) -> list[Turn]:
    return [
        Turn("register", "street", "centre", 0, 0.02, "other"),
        Turn("dispatch", "street", "station", 0, 0.08, "police"),
        Turn("receive", responder_level, "first", 0, 0.25, 0.08),
        Turn("respond", responder_level, "first", 0, 1.0),
        Turn("verify", responder_level, "first", 0, 1.0, "sensor"),
        Turn("assist", responder_level, "aux", 1, 0.02, 0.10),
    ]


def _ending(level: str, actor: str, revisited: float) -> list[Turn]:
    return [
        Turn("supervise", "street", "centre", 1, 0.9, "late"),
        Turn("settle", level, actor, 1, 1.0),
        Turn("close", "street" if level in ("district", "city") else level, actor, 2, 1.0),
        Turn("revisit", level, "glead", 3, 0.5, revisited),
        Turn("reopen", "street", "centre", 4, 0.0, "reopened"),
        Turn("tag", "street", "centre", 4, 0.01, "reopened"),
        Turn("handle", level, actor, 4, 0.4, "reopened"),
        Turn("close", level, actor, 4, 1.0, "reopened"),
    ]


def _rising(*turns: Turn) -> list[Turn]:
    """The lead is taken in the cell and the grade approved before it leaves."""
    return [
        *_opening("cell"),
        Turn("take_lead", "cell", "worker", 1, 0.04, 0.7),
        Turn("grade", "street", "centre", 1, 0.06, "graded"),
        *turns,
    ]


BEAT = Turn("take_lead", "beat", "lead", 1, 0.12)
SENT = Turn("divert", "district", "centre", 1, 0.22)  # the level that is asked
FLOWS: dict[str, list[Turn]] = {
    "void": [Turn("register", "street", "station", 0, 0.02), Turn("close", "street", "station", 1, 1.0)],
    "case": [
        Turn("dispatch", "street", "station", 0, 0.08), Turn("respond", "beat", "first", 0, 1.0),
        Turn("take_lead", "street", "case", 1, 0.05), Turn("handle", "street", "case", 1, 0.6, 0.35),
        Turn("close", "street", "case", 2, 1.0),
    ],
    "spot_cell": [
        *_opening("cell"), Turn("take_lead", "cell", "worker", 1, 0.1, 0.22),
        Turn("grade", "street", "centre", 1, 0.5, "regraded"), *_ending("cell", "first", 0.03),
    ],
    "spot_beat": [
        *_opening("beat"), Turn("grade", "street", "centre", 1, 0.2, "graded"),
        Turn("take_lead", "beat", "lead", 1, 0.25),
        *_ending("beat", "lead", 0.06),
    ],
    "long_cell": [
        *_rising(Turn("handle", "cell", "worker", 1, 0.4, 0.45), Turn("mediate", "cell", "glead", 1, 0.7, 0.35)),
        *_ending("cell", "worker", 0.22),
    ],
    "long_beat": [
        *_rising(BEAT, Turn("handle", "beat", "lead", 1, 0.4, 0.4), Turn("mediate", "beat", "glead", 1, 0.7, 0.55)),
        *_ending("beat", "lead", 0.3),
    ],
    "long_community": [
        *_rising(BEAT._replace(when=0.5), Turn("take_lead", "community", "mediator", 1, 0.3),
                 Turn("assist", "beat", "lead", 1, 0.5, 0.6), Turn("mediate", "community", "mediator", 1, 0.8)),
        *_ending("community", "mediator", 0.4),
    ],
    "long_street": [
        *_rising(BEAT._replace(when=0.6), Turn("whistle", "beat", "lead", 1, 0.25),
                 Turn("attend", "district", "department", 1, 0.35), Turn("attend", "street", "joint", 1, 0.36, 0.5),
                 Turn("take_lead", "street", "joint", 1, 0.45), Turn("mediate", "street", "joint", 1, 0.8)),
        *_ending("street", "joint", 0.5),
    ],
    "long_district": [
        *_rising(BEAT._replace(when=0.4), SENT, Turn("divert_bounce", "district", "police_bureau", 1, 0.3, "bounced"),
                 SENT._replace(part=0.34, when="bounced"), Turn("divert_accept", "district", "department", 1, 0.42),
                 Turn("handle", "district", "department", 1, 0.7),
                 Turn("divert_done", "district", "department", 1, 0.95)),
        *_ending("district", "department", 0.5),
    ],
    "long_city": [
        *_rising(SENT, Turn("divert_accept", "district", "department", 1, 0.35),
                 Turn("supervise", "city", "city", 1, 0.5), Turn("divert_accept", "city", "city", 1, 0.55),
                 Turn("handle", "city", "city", 1, 0.8)),
        *_ending("city", "city", 0.6),
    ],
}  # fmt: skip
MINUTES_SHARE = {  # of the usual minutes of the type, for the steps that are work
    "respond": 0.55, "take_lead": 0.2, "handle": 0.45, "settle": 0.4, "assist": 0.35, "attend": 0.5, "mediate": 0.8,
    "divert_accept": 0.3,
}  # fmt: skip
ROLES = {"respond": "respond", "take_lead": "lead", "handle": "lead", "settle": "lead", "divert_accept": "lead",
         "assist": "assist", "attend": "assist", "mediate": "mediate"}  # fmt: skip
RESULTS = {
    "settle": "双方达成一致",
    "close": "办结",
    "divert_bounce": "非本部门职责，退回",
    "revisit": "回访满意",
    "respond": "已到场核实",
}
