"""The state of one matter, told row by row: slow, plain, and written without looking at grids."""

from datetime import datetime, timedelta

KINDS = [
    "register", "verify", "dismiss", "grade_ask", "grade", "grade_refuse", "dispatch", "receive", "respond",
    "transfer", "escalate", "take_lead", "handle", "assist", "whistle", "attend", "mediate", "divert",
    "divert_accept", "divert_bounce", "divert_done", "keep", "refer", "supervise", "urge", "meet", "tag", "untag",
    "settle", "confirm", "close", "revisit", "reopen",
]  # fmt: skip
LEADING = ["take_lead", "divert_accept", "keep"]
LEVELS = ["cell", "beat", "community", "street", "district", "city"]


def in_order(rows):
    """Rows by time, then number, then kind, level and grade in the order of the lists above."""

    def key(row):
        level = LEVELS.index(row["level"]) if row["level"] else -1
        detail = row.get("detail") or {}
        last = (row.get("unit") or "", detail.get("to") or "", detail.get("satisfaction") or 0)
        rest = repr(sorted(detail.items()))
        return (row["at"], row["no"], KINDS.index(row["kind"]), level, row["severity"] or 0, *last, rest)

    return sorted(rows, key=key)


def replay_rows(rows, initial):
    """A dict of everything that is derived from the steps `rows` (dicts at, no, kind, level, severity)."""
    rows = in_order(rows)
    state = {f"reached_{level}": None for level in LEVELS}
    state.update(lead_level=None, severity_now=initial, last_at=None, steps=0, closures=[])
    is_closed = False
    for row in rows:
        state["steps"] += 1
        state["last_at"] = row["at"]
        if row["kind"] in LEADING:
            state["lead_level"] = row["level"]
            if state["reached_" + row["level"]] is None:
                state["reached_" + row["level"]] = row["at"]
        if row["kind"] == "grade":
            state["severity_now"] = row["severity"]
        if row["kind"] == "close" and not is_closed:
            is_closed = True
            state["closures"].append([row["at"], None])
        if row["kind"] == "reopen" and is_closed:
            is_closed = False
            state["closures"][-1][1] = row["at"]
    state["closed_at"] = state["closures"][-1][0] if is_closed else None
    state["severity_initial"] = initial
    state["severity_at"] = fixed_at(rows)
    state["severity"] = grade_at(rows, initial, state["severity_at"])
    return state


def fixed_at(rows):
    """The instant at which the grade was fixed, or None: ordered rows."""
    moments = []
    for row in rows:
        if row["kind"] == "close":
            moments.append(row["at"])
            break
    for row in rows:
        if row["kind"] in LEADING and row["level"] != "cell":
            for other in rows:
                if other["kind"] == "grade" and other["at"] <= row["at"]:
                    moments.append(row["at"])
                    break
            break
    return min(moments) if moments else None


def grade_at(rows, initial, at):
    """The last grade approved at or before `at` (None: ever), else the initial one: ordered rows."""
    grade = initial
    for row in rows:
        if row["kind"] == "grade" and (at is None or row["at"] <= at):
            grade = row["severity"]
    return grade


def travel_rows(rows):
    """A dict of how the matter travelled: lead and offer, settling, satisfaction, tags, ledgers, parts of units.

    rows: dicts with unit (code or None) and detail (dict or None) too.
    """
    told = dict.fromkeys(
        ("lead_unit", "offered_level", "offered_unit", "grade_asked", "settled_at", "revisit_due_at", "supervised_at")
    )
    told.update(satisfaction=None, tags=[], diversions=[], whistles=[])
    followers = []
    for row in in_order(rows):
        kind, unit, detail = row["kind"], row.get("unit"), row.get("detail") or {}
        if kind in LEADING:
            told["lead_unit"] = unit
        if kind in (*LEADING, "divert", "transfer", "escalate") and unit and unit not in followers:
            followers.append(unit)
        if kind in ("dispatch", "transfer", "escalate", "divert"):
            told["offered_level"], told["offered_unit"] = row["level"], detail.get("to")
        if kind in (*LEADING, "divert_bounce", "close", "dismiss"):
            told["offered_level"] = told["offered_unit"] = None
        if kind == "grade_ask":
            told["grade_asked"] = row["severity"]
        if kind in ("grade", "grade_refuse"):
            told["grade_asked"] = None
        if kind == "settle":
            told["settled_at"], told["revisit_due_at"] = row["at"], row["at"] + timedelta(days=14)
        if kind == "reopen":
            told["settled_at"] = told["revisit_due_at"] = None
        if kind == "revisit":
            told["revisit_due_at"] = None
        if kind == "supervise":
            told["supervised_at"] = row["at"]
        if detail.get("satisfaction"):
            told["satisfaction"] = detail["satisfaction"]
        tag_row(told["tags"], kind, detail)
        divert_row(told["diversions"], row, kind, unit, detail)
        whistle_row(told["whistles"], row, kind, unit, detail)
    told["tags"].sort()
    told["parts"] = parts_of(told, followers)
    return told


def tag_row(tags, kind, detail):
    if kind == "tag" and detail.get("tag") and detail["tag"] not in tags:
        tags.append(detail["tag"])
    if kind == "untag" and detail.get("tag") in tags:
        tags.remove(detail["tag"])


def divert_row(lines, row, kind, unit, detail):
    """Lines are lists [sent_at, no, from, to, accepted_at, bounced_at, done_at, kept]."""
    if kind == "divert":
        lines.append([row["at"], row["no"], unit, detail.get("to"), None, None, None, False])
    if kind in ("divert_accept", "divert_bounce", "divert_done"):
        who = detail.get("unit") or unit
        place = {"divert_accept": 4, "divert_bounce": 5, "divert_done": 6}[kind]
        for wanted in ([who] if who else ["anybody"]) + [None]:
            fitting = [
                line for line in lines
                if (wanted == "anybody" or line[3] == wanted)
                and (line[4] and not line[6] if place == 6 else not line[4] and not line[5] and not line[7])
            ]  # fmt: skip
            if fitting:
                fitting[-1][place] = row["at"]
                fitting[-1][3] = fitting[-1][3] or who
                break
    if kind == "keep":
        for line in reversed(lines):
            if not line[4] and not line[7]:
                line[7] = True
                break
    if kind == "close":
        for line in lines:
            if line[4] and not line[6]:
                line[6] = row["at"]


def whistle_row(calls, row, kind, unit, detail):
    """Calls are lists [at, no, unit, report_by, attended_at]."""
    if kind == "whistle":
        for called in detail.get("departments") or []:
            by = detail.get("report_by")
            calls.append([row["at"], row["no"], called, datetime.fromisoformat(by) if by else None, None])
    if kind == "attend":
        for call in calls:
            if call[2] == (detail.get("unit") or unit) and call[4] is None:
                call[4] = row["at"]


def parts_of(told, followers):
    parts = {(unit, "kept") for unit in followers if unit != told["lead_unit"]}
    parts |= {(line[3], "diverted") for line in told["diversions"] if line[3]}
    parts |= {(call[2], "whistled") for call in told["whistles"]}
    parts |= {(told["lead_unit"], "lead")} if told["lead_unit"] else set()
    parts |= {(told["offered_unit"], "offered")} if told["offered_unit"] else set()
    return parts
