"""Who may read which matters of the model: the one function through which every reader goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from db.readmodel.columns import Array, Part
from db.readmodel.model import Model
from geo.errors import Denied, InputError

_KEY = object()
Seen = Array | None


@dataclass(frozen=True)
class Rows:
    """Columns of one length, sorted by the table's own instant; seen: which rows the reader may count, None for all.

    What a column holds: db.readmodel.columns. Instants are ticks of the model, never is `ticks.never`.
    """

    columns: Mapping[str, Array]
    seen: Seen

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True)
class Reach:
    """What the policy of table `matter` lets somebody read: everything, or cells (ids) and single matters (ids)."""

    figures: bool
    everywhere: bool
    cells: frozenset[int] = frozenset()
    matters: frozenset[int] = frozenset()


class View:
    """The matters that one reader may count. Only `scoped` makes one."""

    __slots__ = ("__everywhere", "__extra", "__kept", "__model", "__scope")

    def __init__(
        self, model: Model, scope: Array, extra: tuple[Array, ...], key: object = None, everywhere: bool = False
    ) -> None:
        if key is not _KEY:
            raise InputError("Ask scoped() for a view of the read model.")
        self.__model, self.__scope, self.__extra, self.__everywhere = model, scope, extra, everywhere
        self.__kept: dict[str, Rows] = {}

    @property
    def about(self) -> Model:
        """The model behind it, for its dictionaries, ticks and versions."""
        return self.__model

    @property
    def everywhere(self) -> bool:
        """Whether the reader sees every matter, so that figures made for everyone are theirs too."""
        return self.__everywhere

    def rows(self, table: str) -> Rows:
        """A table: "matter" or one of db.readmodel.columns.EVENTS. InputError for another."""
        if table not in self.__model._tables:
            raise InputError(f"The read model has {', '.join(self.__model._tables)}, no table {table!r}.")
        if table not in self.__kept:
            columns = self.__model._tables[table].columns
            self.__kept[table] = Rows(columns, None if self.__everywhere else self.__seen(table, columns))
        return self.__kept[table]

    def closings(self) -> Rows:
        """Every closing of every matter: closed, reopened, matter_row."""
        return self.rows("closing")

    def __seen(self, table: str, columns: Mapping[str, Array]) -> Array:
        """What row-level security lets the reader see of a table's rows."""
        if table != "matter":
            matters = self.rows("matter").seen
            assert matters is not None
            seen: Array = matters[columns["matter_row"]]
            return seen | self.__placed(columns) if table == "report" else seen
        seen = self.__scope[columns["spot"]]
        if any(len(extra) for extra in self.__extra):
            merged = self.__model._tables["matter"]
            extra = np.concatenate(self.__extra)
            seen = seen | (extra if merged.order is None else extra[merged.order])
        return seen

    def __placed(self, columns: Mapping[str, Array]) -> Array:
        """Reports that were, or would now be, placed in a cell of the reader's."""
        spots = self.__model.spots
        cells = np.zeros(len(spots.cells) + 1, np.bool_)
        cells[1:] = self.__scope[spots.starts[:-1]]
        seen: Array = self.__scope[columns["spot"]] | cells[columns["now"]]
        return seen

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
