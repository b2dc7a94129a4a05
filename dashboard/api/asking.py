"""Who asks, held to a right before anything is read: the guard has asked already, but a router may stand without it."""

from dashboard.auth import current
from grids.rights import Right, Who


def asker(right: Right) -> Who:
    """Whoever sent the running request. Raises Denied when nobody did, or without the right."""
    found = current.who()
    found.demand(right)
    return found
