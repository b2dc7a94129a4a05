"""A search begun for a plan: it runs beside the requests, and what it finds is kept in the record point by point."""

from collections.abc import Mapping
from typing import Any

from dashboard.planning.room import Room
from dashboard.planning.searches import Search
from db.engine import begin
from db.planning import searching
from db.planning.board import Sitting
from db.planning.optimising import Proposal, Sliders, propose
from grids.rights import Who


def seek(room: Room, me: Who, sitting: Sitting, sought: Mapping[str, Any]) -> Search:
    """Begin to seek. sought: moves, seconds, seed and the sliders, as dashboard.api.plan_bodies.Sought has them.

    Raises InputError for sliders that say nothing, Refused while too many searches run.
    """
    code, engine = sitting.plan.code, room.desk.engine
    sliders = Sliders(*(sought[name] for name in ("balance", "few_moves", "compactness", "travel")))
    asked = {**sought, "moves": sorted(set(sought["moves"]))}

    def note() -> int:
        with begin(engine, me) as conn:
            return searching.begin_search(conn, me, code, sitting.revision[0], asked)

    def work(search: Search) -> bool:
        def found(so_far: Proposal) -> None:
            with begin(engine, me) as conn:
                searching.keep_found(conn, search.number, so_far)

        best = propose(
            sitting, asked["moves"], asked["seconds"], asked["seed"], sliders,
            on_progress=search.told, stop=search.stopped.is_set, on_found=found,
        )  # fmt: skip
        found(best)
        return best.complete

    def end(number: int, complete: bool, error: str | None) -> None:
        with begin(engine, me) as conn:
            searching.end_search(conn, number, complete, error)

    return room.searches.begin(note, work, end)
