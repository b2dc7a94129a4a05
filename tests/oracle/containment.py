"""Containment of a period, counted matter by matter from raw steps: slow, plain, without grids."""

from tests.oracle.casework import LEADING, grade_at, in_order, replay_rows

POLICIES = {
    "QD": {1: "cell", 2: "beat", 3: "street"},
    "JM": {1: "cell", 2: "community", 3: "street"},
    "ZS": {1: "cell", 2: "street", 3: "district"},
}
RANKS = {"cell": 0, "beat": 1, "community": 2, "street": 3, "district": 4, "city": 5}


def state_at(rows, initial, ceilings, at, ranks=RANKS):
    """('contained' | 'escaped' | 'pending', decided_at or None) of one matter at the instant `at`."""
    state = replay_rows(rows, initial)
    if state["severity_at"] is None:
        severity = state["severity_now"]
    elif at < state["severity_at"]:
        severity = initial
    else:
        severity = grade_at(in_order(rows), initial, state["severity_at"])
    for row in in_order(rows):
        takes_lead = row["kind"] in LEADING
        if takes_lead and row["at"] <= at and ranks[row["level"]] > ranks[ceilings[severity]]:
            return "escaped", row["at"]
    for closed_at, reopened_at in state["closures"]:
        if closed_at <= at and (reopened_at is None or reopened_at > at):
            return "contained", closed_at
    return "pending", None


def containment(matters, ceilings, start, end, as_of=None, key=None):
    """{group: {'contained', 'escaped', 'pending'}} of [start, end), evaluated at `as_of` or else at `end`.

    `matters`: dicts opened_at, containable, initial, steps (list of step dicts) and, if its station has a
    ladder of its own, ranks. `key` names the field that groups them; without it the only group is None.
    """
    at = as_of if as_of is not None else end
    counts = {}
    for matter in matters:
        if not matter["containable"] or matter["opened_at"] >= end:
            continue
        group = counts.setdefault(matter[key] if key else None, {"contained": 0, "escaped": 0, "pending": 0})
        ranks = matter.get("ranks", RANKS)
        outcome, decided_at = state_at(matter["steps"], matter["initial"], ceilings, at, ranks)
        if outcome == "pending" or start <= decided_at < end:
            group[outcome] += 1
    return counts


def wilson_by_roots(k, n):
    """The 95 % interval as the two roots p of (k/n - p)² = z² p (1 - p) / n, found by bisection."""
    z = 1.959963984540054
    share = k / n

    def outside(p):
        return (share - p) ** 2 - z * z * p * (1 - p) / n

    def root(far, near):
        for _ in range(200):
            middle = (far + near) / 2
            if outside(middle) > 0:
                far = middle
            else:
                near = middle
        return (far + near) / 2

    low = 0.0 if k == 0 else root(0.0, share)
    high = 1.0 if k == n else root(1.0, share)
    return low, high
