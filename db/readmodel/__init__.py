"""The read model: matters as columns in memory-mapped files, for any filter in milliseconds.

A *model* is a folder under BEATGRID_HOME/readmodel, written once and never changed; changed matters are added beside it
as *deltas* until the next build. It is read only through a *view*, and only `scoped` makes one: PostgreSQL's row-level
security does not reach these files, so this function is where it is applied. docs/decisions/0008-read-model.md.
"""

from db.readmodel.asking import Asked, ask
from db.readmodel.building import build, patch
from db.readmodel.keeping import ACTOR, current, whole
from db.readmodel.model import Model, open_model
from db.readmodel.queries import containment, counts
from db.readmodel.scope import Reach, Rows, View, reach_of, scoped

__all__ = [
    "ACTOR", "Asked", "Model", "Reach", "Rows", "View", "ask", "build", "containment", "counts", "current",
    "open_model", "patch", "reach_of", "scoped", "whole",
]  # fmt: skip
