"""Who takes calls off the police: stationed mediators, and whoever a call is diverted to."""

import numpy as np
from sqlalchemy import select

from db.measures.question import Question
from db.readmodel.columns import Array
from db.tables import Officer
from grids.steps import ROLES

MEDIATORS = ("mediator",)
HANDS_ON = [ROLES.index("lead"), ROLES.index("mediate")]


def mediated(asked: Question) -> Array:
    """For every matter of the period whether a mediator by profession led or mediated it by the judging."""
    ids = asked.conn.execute(select(Officer.id).where(Officer.kind.in_(MEDIATORS))).scalars().all()
    charge = asked.view.rows("charge")
    seen = _since_the_start(asked, charge["began"])
    theirs = np.isin(charge["officer"][seen], ids) & np.isin(charge["role"][seen], HANDS_ON)
    return _flags(asked, charge["matter_row"][seen][theirs])


def taken_over(asked: Question) -> Array:
    """For every matter of the period whether somebody it was diverted to held it, not bounced, when judged."""
    lines = asked.view.rows("diversion")
    seen = _since_the_start(asked, lines["sent"])
    taken = (lines["accepted"][seen] <= asked.looked) & (lines["bounced"][seen] > asked.looked)
    return _flags(asked, lines["matter_row"][seen][taken])


def _since_the_start(asked: Question, ticks: Array) -> slice:
    """The rows, sorted by these ticks, from the period's start to the judging: a matter acts only once it is open."""
    low = np.searchsorted(ticks, asked.view.about.ticks.first_from(asked.flt.start))
    return slice(int(low), int(np.searchsorted(ticks, asked.looked, "right")))


def _flags(asked: Question, rows: Array) -> Array:
    found = np.zeros(len(asked.view.rows("matter")), np.bool_)
    found[rows] = True
    return found
