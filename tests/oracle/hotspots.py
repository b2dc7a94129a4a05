"""Hot spots by definition: every pair, every cell, every incident on its own; slow, plain, without geo."""

import math
from datetime import timedelta
from zoneinfo import ZoneInfo


def gi_star(values, beside):
    """z of Gi* of each cell, each sum of Ord and Getis (1995) written out, with an explicit weight for every pair."""
    n = len(values)
    mean = sum(values) / n
    s = math.sqrt(sum(value**2 for value in values) / n - mean**2)
    found = []
    for i in range(n):
        weights = [1 if j == i or j in beside.get(i, {}) else 0 for j in range(n)]
        own = sum(weight * value for weight, value in zip(weights, values, strict=True))
        spread = s * math.sqrt(max(n * sum(w * w for w in weights) - sum(weights) ** 2, 0) / (n - 1))
        found.append((own - sum(weights) * mean) / spread if spread > 1e-9 else 0.0)
    return found


def discoveries(p, alpha):
    """Positions that Benjamini and Hochberg's step-up rule finds: up to the last p(k) <= k/n alpha."""
    order = sorted(range(len(p)), key=lambda position: p[position])
    last = max((k for k, position in enumerate(order, 1) if p[position] <= k / len(p) * alpha), default=0)
    return set(order[:last])


def knox(points, seconds, space_m, time_days):
    """Table of all pairs by space and time band, {(row, column): pairs}."""
    table = {}
    for i in range(len(points)):
        for j in range(i):
            apart = math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1])
            gap = abs(seconds[i] - seconds[j])
            row = next((k for k, edge in enumerate(space_m) if apart <= edge), None)
            column = next((k for k, edge in enumerate(time_days) if gap <= edge * 86_400), None)
            if row is not None and column is not None:
                table[row, column] = table.get((row, column), 0) + 1
    return table


def clock(times, start, end, zone):
    """({(weekday, hour): incidents}, {(weekday, hour): hours}), minute by minute through [start, end)."""
    here, counts, hours = ZoneInfo(zone), {}, {}
    for at in times:
        if start <= at < end:
            local = at.astimezone(here)
            counts[local.weekday(), local.hour] = counts.get((local.weekday(), local.hour), 0) + 1
    at = start
    while at < end:
        local = at.astimezone(here)
        hours[local.weekday(), local.hour] = hours.get((local.weekday(), local.hour), 0) + 1 / 60
        at += timedelta(minutes=1)
    return counts, hours
