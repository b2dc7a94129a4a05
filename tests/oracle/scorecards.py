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

    def is_small(counts):
        part, whole = sum(count[0] for count in counts), sum(count[1] for count in counts)
        return any(0 < count < k for count in (part, whole, whole - part))

    found = {n for n, row in enumerate(rows) if is_small([row])}
    for group in {row[2] for row in rows} if by_group else ():
        members = [n for n, row in enumerate(rows) if row[2] == group]
        while True:
            gone = [n for n in members if n in found]
            left = [n for n in members if n not in found and rows[n][1] > 0]
            if not gone or not left or (len(gone) > 1 and not is_small([rows[n] for n in gone])):
                break
            found.add(min(left, key=lambda n: (rows[n][0] == 0, rows[n][0], rows[n][1], n)))
    return found
