"""What the record lacks before its figures can say anything, in the order in which it must be loaded."""

from sqlalchemy import ColumnElement, Connection, func, select

from db.tables import Category, Cell, Incident, Posting, Step

KINDS = ("cells", "incidents", "catalogue", "steps", "postings")


def read_gaps(conn: Connection) -> frozenset[str]:
    """Those of KINDS of which there is nothing; "catalogue": no category is marked as containable."""
    there: dict[str, ColumnElement[bool]] = {
        "cells": select(Cell.id).where(func.upper_inf(Cell.valid)).exists(),
        "incidents": select(Incident.id).exists(),
        "catalogue": select(Category.id).where(Category.containable).exists(),
        "steps": select(Step.id).exists(),
        "postings": select(Posting.id).exists(),
    }
    found = conn.execute(select(*[there[kind].label(kind) for kind in KINDS])).one()
    return frozenset(kind for kind, is_there in zip(KINDS, found, strict=True) if not is_there)
