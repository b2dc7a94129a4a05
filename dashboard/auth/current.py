"""Who acts in the running request: set by the guard, read by pages, API and the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from geo.errors import Denied
from grids.rights import Who


@dataclass(frozen=True)
class Visitor:
    """A request's sender. session: id of the session behind a cookie, None for a token sent along.

    form_token: what this visitor's own forms must send back.
    """

    who: Who
    session: int | None = None
    account: int | None = None
    must_change: bool = False
    form_token: str = ""


_VISITOR: ContextVar[Visitor | None] = ContextVar("beatgrid_visitor", default=None)


def visitor() -> Visitor | None:
    """Who sent the running request; None for nobody."""
    return _VISITOR.get()


def who() -> Who:
    """Who acts in the running request. Raises Denied when nobody is signed in."""
    found = _VISITOR.get()
    if found is None:
        raise Denied("Nobody is signed in: sign in first.")
    return found.who


@contextmanager
def visiting(found: Visitor | None) -> Iterator[None]:
    """Within: the running request is `found`'s."""
    mark = _VISITOR.set(found)
    try:
        yield
    finally:
        _VISITOR.reset(mark)


@contextmanager
def acting(who: Who) -> Iterator[None]:
    """Within: `who` acts, as if signed in; for tests and for what runs beside requests."""
    with visiting(Visitor(who)):
        yield
