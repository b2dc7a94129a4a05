"""Workload counted step by step: slow, plain, and written without grids."""

ROLE_OF = {
    "take_lead": "lead",
    "handle": "lead",
    "settle": "lead",
    "divert_accept": "lead",
    "keep": "lead",
    "assist": "assist",
    "attend": "assist",
    "refer": "assist",
    "mediate": "mediate",
    "respond": "respond",
    "verify": "respond",
    "dismiss": "respond",
}


def handler_rows(matters):
    """One dict (matter, role, officer, at, recorded_minutes, catalogue_minutes) for each handling step.

    `matters`: dicts matter, minutes (of its category, or None), steps; a step has kind, at, officer, role,
    minutes, each of the last three None when the source does not say.
    """
    rows = []
    for matter in matters:
        for step in matter["steps"]:
            if step["kind"] not in ROLE_OF:
                continue
            row = {"matter": matter["matter"], "officer": step["officer"], "at": step["at"]}
            row["role"] = step["role"] or ROLE_OF[step["kind"]]
            row["recorded_minutes"] = step["minutes"]
            row["catalogue_minutes"] = matter["minutes"]
            rows.append(row)
    return rows


def pairs_of(rows):
    """{(matter, role): its rows that name an officer}."""
    pairs = {}
    for row in rows:
        if row["officer"] is not None:
            pairs.setdefault((row["matter"], row["role"]), []).append(row)
    return pairs


def pair_minutes(rows):
    """The minutes of one (matter, role): those recorded if any are, else its category's."""
    recorded = [row["recorded_minutes"] for row in rows if row["recorded_minutes"] is not None]
    return sum(recorded) if recorded else rows[0]["catalogue_minutes"] or 0


def loads(rows):
    """{officer: minutes} of handler rows."""
    minutes = {}
    for pair in pairs_of(rows).values():
        officers = {row["officer"] for row in pair}
        is_recorded = any(row["recorded_minutes"] is not None for row in pair)
        for officer in officers:
            own = sum(row["recorded_minutes"] or 0 for row in pair if row["officer"] == officer)
            part = own if is_recorded else (pair[0]["catalogue_minutes"] or 0) / len(officers)
            minutes[officer] = minutes.get(officer, 0) + part
    return minutes


def loads_in(rows, start, end):
    """{officer: minutes} of the (matter, role) pairs whose first handling step lies in [start, end)."""
    first = {}
    for row in rows:
        pair = (row["matter"], row["role"])
        first[pair] = min(first.get(pair, row["at"]), row["at"])
    return loads([row for row in rows if start <= first[row["matter"], row["role"]] < end])


def demand(matters, start, end):
    """{cell: minutes} of the matters opened in [start, end): those recorded if any, else the category's."""
    minutes = {}
    for matter in matters:
        if start <= matter["opened_at"] < end:
            handling = [step for step in matter["steps"] if step["kind"] in ROLE_OF]
            recorded = [step["minutes"] for step in handling if step["minutes"] is not None]
            own = sum(recorded) if recorded else matter["minutes"] or 0
            minutes[matter["cell"]] = minutes.get(matter["cell"], 0) + own
    return minutes


def available(postings, start, end):
    """Minutes of postings (dicts weekly_hours, valid_from, valid_to or None) in [start, end), or None."""
    total = None
    for posting in postings:
        since = max(posting["valid_from"], start)
        until = end if posting["valid_to"] is None else min(posting["valid_to"], end)
        if since < until and posting["weekly_hours"] is not None:
            weeks = (until - since).total_seconds() / (7 * 24 * 3600)
            total = (total or 0) + posting["weekly_hours"] * 60 * weeks
    return total


def at_hand(pieces, roster):
    """Minutes of each piece (officer, weekly_minutes, seconds, away, on_roster); roster: {officer: minutes}."""
    found = []
    for piece in pieces:
        own = [each for each in pieces if each.officer == piece.officer]
        whole, length = sum(each.weekly_minutes * each.on_roster for each in own), sum(each.on_roster for each in own)
        share = piece.weekly_minutes * piece.on_roster / whole if whole else piece.on_roster / length if length else 0
        found.append(
            piece.weekly_minutes * (piece.seconds - piece.away) / (7 * 24 * 3600) + roster.get(piece.officer, 0) * share
        )
    return found
