"""The state of one matter, told row by row: slow, plain, and written without looking at grids."""

KINDS = [
    "register", "grade", "dispatch", "receive", "respond", "take_lead", "handle", "assist", "whistle",
    "attend", "mediate", "divert", "divert_accept", "divert_bounce", "supervise", "urge", "settle", "close",
    "revisit", "reopen",
]  # fmt: skip
LEVELS = ["cell", "beat", "community", "street", "district", "city"]


def in_order(rows):
    """Rows by time, then number, then kind, level and grade in the order of the lists above."""

    def key(row):
        level = LEVELS.index(row["level"]) if row["level"] else -1
        return (row["at"], row["no"], KINDS.index(row["kind"]), level, row["severity"] or 0)

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
        if row["kind"] == "take_lead" or row["kind"] == "divert_accept":
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
        if row["kind"] in ("take_lead", "divert_accept") and row["level"] != "cell":
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
