"""Outcomes counted matter by matter and step by step: slow, plain, and written without grids."""

import itertools
from datetime import timedelta

LEVELS = ["cell", "beat", "community", "street", "district", "city"]


def held(closing, troubles, at, days=30):
    """(counted, held) of one closing: dict matter, closed_at, reopened_at or None, contained; troubles likewise."""
    term = closing["closed_at"] + timedelta(days=days)
    if term > at:
        return False, False
    own = [each["at"] for each in troubles if each["matter"] == closing["matter"]]
    own += [closing["reopened_at"]] if closing["reopened_at"] is not None else []
    late = closing["closed_at"]
    inside = [each for each in own if each <= term and (each > late or each == closing["reopened_at"])]
    return True, closing["contained"] and not inside


def revisited(closing, revisits, at, days=14):
    """(due, done) of one closing."""
    term = closing["closed_at"] + timedelta(days=days)
    own = [each["at"] for each in revisits if each["matter"] == closing["matter"]]
    return term <= at, term <= at and any(closing["closed_at"] < each <= term for each in own)


def settlement(kinds):
    """{settled, on_spot, mediated, mediated_settled} of the kinds of one matter's steps in order."""
    settled_at = next((n for n, kind in enumerate(kinds) if kind in ("settle", "close")), None)
    before = kinds[:settled_at] if settled_at is not None else []
    passed_on = any(kind in ("transfer", "escalate", "divert", "whistle", "mediate") for kind in before)
    after = kinds[kinds.index("mediate") + 1 :] if "mediate" in kinds else []
    return {
        "settled": settled_at is not None,
        "settled_on_spot": settled_at is not None and not passed_on,
        "mediated": "mediate" in kinds,
        "mediated_settled": "settle" in after,
    }


def flow(matters, at):
    """{(source, target): matters}; a matter is a dict reached {level: time} and closed_at or None."""
    counts = {}
    for matter in matters:
        held_at = {level: since for level, since in matter["reached"].items() if since <= at}
        path = sorted(held_at, key=lambda level: (held_at[level], LEVELS.index(level)))
        if path:
            closed = matter["closed_at"] is not None and matter["closed_at"] <= at
            path.append("closed" if closed else "open")
        for pair in itertools.pairwise(path):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def closing(matter, start, end, at):
    """{registered, closed, due, closed_on_time} of one matter: dict opened_at, closed_at, deadline_at (or None)."""
    registered = start <= matter["opened_at"] < end
    closed, deadline = matter["closed_at"], matter["deadline_at"]
    due = deadline is not None and start <= deadline < end and deadline <= at
    return {
        "registered": registered,
        "closed": registered and closed is not None and closed <= at,
        "due": due,
        "closed_on_time": due and closed is not None and closed <= deadline,
    }
