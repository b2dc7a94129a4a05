"""In which state a matter stands, in one word, for whoever only wants to know that."""

from typing import Any

from sqlalchemy import ColumnElement, case

from db.tables import Matter

STATES = ("registered", "handling", "settled", "closed")


def state_of(matter: Any = Matter) -> ColumnElement[str]:
    """registered (nobody took it yet), handling, settled or closed, as SQL over a matter."""
    return case(
        (matter.closed_at.is_not(None), "closed"),
        (matter.settled_at.is_not(None), "settled"),
        (matter.lead_level.is_not(None), "handling"),
        else_="registered",
    )
