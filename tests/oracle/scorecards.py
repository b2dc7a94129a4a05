"""Scorecards judged line by line, and small counts hidden row by row: slow, plain, without grids."""

import math


def line(counts, above, below, bound, threshold, points, fewest):
    """(met or None, points, of) of one rule over one unit's counts."""
    top, bottom = sum(counts[name] for name in above), sum(counts[name] for name in below)
    if math.isnan(top) or math.isnan(bottom) or (below and (bottom < fewest or bottom == 0)):
        return None, 0, 0
    value = top / bottom if below else top
    met = value <= threshold if bound == "at_most" else value >= threshold
    return met, points if met else 0, points


def hidden(rows, k, by_group):
    """Positions of the rows (numerator, denominator, group) that must not be shown."""
    found = [n for n, (part, whole, _) in enumerate(rows) if any(0 < c < k for c in (part, whole, whole - part))]
    if not by_group:
        return set(found)
    more = []
    for group in {row[2] for row in rows}:
        members = [n for n, row in enumerate(rows) if row[2] == group]
        left = [n for n in members if n not in found and rows[n][0] > 0]
        if sum(n in found for n in members) == 1 and left:
            more.append(min(left, key=lambda n: (rows[n][0], n)))
    return {*found, *more}
