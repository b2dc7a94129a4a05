"""The room in which plans are worked on: one for all visitors, with the boards and searches that outlive a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection

from dashboard.planning.searches import Searches
from dashboard.reading.desk import Desk
from db.engine import begin
from db.planning.board import Boards, Sitting
from db.planning.drafts import draft_of, read_plan
from geo.errors import Refused
from grids.planning.drafts import LAID
from grids.rights import Who


class Room(NamedTuple):
    """desk: reads the record for who asks. boards: what edits do not change, kept. searches: those at work here."""

    desk: Desk
    boards: Boards
    searches: Searches

    @contextmanager
    def sitting(self, code: str) -> Iterator[tuple[Connection, Sitting]]:
        """A transaction of who acts, and the plan as it stands. Raises NotFound."""
        with begin(self.desk.engine, self.desk.who()) as conn:
            yield conn, self.sit(conn, code)

    def sit(self, conn: Connection, code: str) -> Sitting:
        """The plan as it stands in a transaction that is open already."""
        return self.boards.sit(conn, self.desk.view(), code)


def open_room(desk: Desk) -> Room:
    """A room on a desk, nothing in it yet."""
    return Room(desk, Boards(), Searches())


def refuse_crossing(conn: Connection, who: Who, code: str, after: int | None, cells: tuple[str, ...]) -> None:
    """Hold the plan, and raise Refused when somebody else has changed one of these cells since edit `after`.

    Edits of different cells get along: only what two planners did to one cell must be looked at by the later of them.
    """
    if after is None:
        return
    theirs = [
        edit for edit in draft_of(conn, read_plan(conn, code, lock=True)).edits
        if edit.no > after and edit.by != who.name and edit.kind in LAID
    ]  # fmt: skip
    for edit in theirs:
        both = set(edit.cells) & set(cells)
        if both:
            raise Refused(
                f"{edit.by} has just changed cell {min(both)}: look at the plan as it is now, then try again."
            )
