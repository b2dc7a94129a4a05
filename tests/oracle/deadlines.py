"""A deadline counted minute by minute: slow, plain, and written without looking at grids."""

from datetime import timedelta

OFFICE = [((9, 0), (12, 0)), ((13, 0), (17, 30))]


def is_worked(minute, days, zone):
    """Whether the minute that begins at this instant is working time."""
    local = minute.astimezone(zone)
    kind = days.get(local.date())
    if kind == "off" or (kind is None and local.weekday() >= 5):
        return False
    return any(start <= (local.hour, local.minute) < end for start, end in OFFICE)


def due(at, minutes, clock, days, zone):
    """The instant `minutes` after `at` (both whole minutes), by the clock or counting only working minutes."""
    while minutes > 0:
        if clock == "clock" or is_worked(at, days, zone):
            minutes -= 1
        at += timedelta(minutes=1)
    return at
