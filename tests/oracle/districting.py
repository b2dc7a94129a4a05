"""The best plan of a small graph by trying every assignment: slow, plain, without grids."""

import itertools


def connected(cells, edges):
    """Whether a non-empty set of cells hangs together."""
    left = set(cells)
    waiting = [left.pop()] if left else []
    while waiting:
        here = waiting.pop()
        near = {b for a, b in edges if a == here} | {a for a, b in edges if b == here}
        waiting += near & left
        left -= near
    return not left


def keeps_rules(plan, edges, beats, today, groups=None, locked_cells=(), locked_beats=()):
    """Whether every beat is non-empty and in one piece, and locks and containment are kept."""
    members = [[cell for cell, at in enumerate(plan) if at == beat] for beat in range(beats)]
    if not all(members) or not all(connected(cells, edges) for cells in members):
        return False
    if any(plan[cell] != today[cell] for cell in locked_cells):
        return False
    if any(plan[cell] != now and {plan[cell], now} & set(locked_beats) for cell, now in enumerate(today)):
        return False
    return groups is None or all(groups[0][cell] == groups[1][beat] for cell, beat in enumerate(plan))


def cv(plan, demand, beats):
    """Population standard deviation of the beats' sums over their mean."""
    loads = [sum(w for w, at in zip(demand, plan, strict=True) if at == beat) for beat in range(beats)]
    mean = sum(loads) / beats
    return (sum((load - mean) ** 2 for load in loads) / beats) ** 0.5 / mean


def peak(plan, demand, beats):
    """Largest of the beats' sums over their mean."""
    loads = [sum(w for w, at in zip(demand, plan, strict=True) if at == beat) for beat in range(beats)]
    return max(loads) * beats / sum(loads)


def all_plans(edges, demand, today, beats, moves, **rules):
    """Every assignment that keeps the rules with at most `moves` cells moved."""
    for plan in itertools.product(range(beats), repeat=len(demand)):
        if sum(a != b for a, b in zip(plan, today, strict=True)) <= moves and keeps_rules(
            plan, edges, beats, today, **rules
        ):
            yield plan


def best_cv(edges, demand, today, beats, moves, **rules):
    """The least CV of any plan that keeps the rules."""
    return min(cv(plan, demand, beats) for plan in all_plans(edges, demand, today, beats, moves, **rules))


def best_peak(edges, demand, today, beats, moves, **rules):
    """The least max/mean of any plan that keeps the rules."""
    return min(peak(plan, demand, beats) for plan in all_plans(edges, demand, today, beats, moves, **rules))
