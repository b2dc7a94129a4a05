"""Who may read which matters of the model: the one function through which every reader goes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from db.readmodel.columns import Array, Part
from db.readmodel.model import Model
from geo.errors import Denied, InputError

_KEY = object()


@dataclass(frozen=True)
class Reach:
    """What the policy of table `matter` lets somebody read: everything, or cells (ids) and single matters (ids)."""

    figures: bool
    everywhere: bool
    cells: frozenset[int] = frozenset()
    matters: frozenset[int] = frozenset()


class View:
    """The matters that one reader may count. Only `scoped` makes one."""

    __slots__ = ("__everywhere", "__extra", "__model", "__scope")

    def __init__(
        self, model: Model, scope: Array, extra: tuple[Array, ...], key: object = None, everywhere: bool = False
    ) -> None:
        if key is not _KEY:
            raise InputError("Ask scoped() for a view of the read model.")
        self.__model, self.__scope, self.__extra, self.__everywhere = model, scope, extra, everywhere

    @property
    def about(self) -> Model:
        """The model behind it, for its dictionaries, ticks and versions."""
        return self.__model

    @property
    def everywhere(self) -> bool:
        """Whether the reader sees every matter, so that figures made for everyone are theirs too."""
        return self.__everywhere

    def parts(self) -> list[tuple[Part, Array, Array, Array]]:
        """Columns, the rows that live (empty: all), matters in scope by themselves (empty: none), spots in scope."""
        model = self.__model
        return [
            (part, alive, extra, self.__scope)
            for part, alive, extra in zip(model._parts, model._alive, self.__extra, strict=True)
        ]


def reach_of(conn: Connection) -> Reach:
    """The reach of whoever acts in this transaction, as row-level security itself computes it."""
    row = conn.execute(
        text("SELECT may('figures') AS figures, everywhere() AS everywhere, scope_cells() AS c, scope_matters() AS m")
    ).one()
    return Reach(bool(row.figures), bool(row.everywhere), frozenset(row.c), frozenset(row.m))


def scoped(model: Model, reach: Reach) -> View:
    """A view of the matters within `reach`. Raises Denied for those who may not see figures at all."""
    if not reach.figures:
        raise Denied("You may not see figures (看统计数字): ask an administrator for a role that may.")
    cells = model.spots.table["cell_id"].to_numpy(np.int64)
    if reach.everywhere:
        return View(model, np.ones(len(cells), np.bool_), _nothing(model), _KEY, everywhere=True)
    # Row 0 is no cell at all: only those with a reach over everything see what lies nowhere.
    scope = np.isin(cells, _ids(reach.cells)) & (cells != 0)
    if not reach.matters:
        return View(model, scope, _nothing(model), _KEY)
    return View(model, scope, tuple(np.isin(part.id, _ids(reach.matters)) for part in model._parts), _KEY)


def _nothing(model: Model) -> tuple[Array, ...]:
    return tuple(np.empty(0, np.bool_) for _ in model._parts)


def _ids(values: frozenset[int]) -> "np.ndarray[Any, np.dtype[np.int64]]":
    return np.array(sorted(values), dtype=np.int64)
