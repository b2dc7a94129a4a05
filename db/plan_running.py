"""How a command of the planner runs: its transactions, the read model, and how it tells what came of it."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Plan = Annotated[str, typer.Argument(help="Code of the plan, such as P2026-001.")]
Reason = Annotated[str | None, typer.Option(help="Why; the station chief reads it.")]
Note = Annotated[str | None, typer.Option(help="A word to go with it.")]


@dataclass(frozen=True)
class Run:
    """One command at work: its transaction, keys, who runs it, and the city's time zone."""

    conn: Any
    keys: Any
    who: Any
    zone: ZoneInfo
    engine: Any
    settings: Any

    def view(self) -> Any:
        """The read model, brought up to the record first."""
        from db import readmodel
        from db.readmodel.keeping import home_of

        return readmodel.whole(readmodel.current(self.engine, home_of(self.settings)))

    def sit(self, code: str) -> Any:
        """The plan with its draft on its board."""
        from db.planning.board import Boards

        return Boards().sit(self.conn, self.view(), code)


def tell(work: Callable[[Run], Any], as_json: bool, say: Callable[[Any], str]) -> Any:
    """Do some work in one transaction of whoever runs the command, and print what it told."""
    told = within(work)
    print(json.dumps(_plain(told), ensure_ascii=False, indent=1, default=str) if as_json else say(told))
    return told


def within(work: Callable[[Run], Any]) -> Any:
    """Do some work in one transaction of whoever runs the command."""
    from db.city import city
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from grids.rights import operator

    settings = Settings.from_env()
    record = open_record(settings)
    with begin(record.engine, record.actor) as conn:
        zone = ZoneInfo(city(conn).zone)
        return work(Run(conn, record.keys, operator(record.actor), zone, record.engine, settings))


@contextmanager
def until_interrupted() -> Iterator[Callable[[], bool]]:
    """Within: Ctrl-C ends nothing, but the answer of what is handed out becomes True."""
    stopped = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        yield stopped.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def moves_of(draft: Any) -> dict[str, Any]:
    """The moves of a draft as plain values: moves, each with cell, from, to."""
    told = [{"cell": cell, "from": pair[0], "to": pair[1]} for cell, pair in sorted(draft.moves.items())]
    return {"moves": told}


def moved(told: dict[str, Any]) -> str:
    """The same in lines."""
    return "\n".join(f"{each['cell']}: {each['from']} → {each['to']}" for each in told["moves"]) or "Nothing is moved."


def tables(told: dict[str, Any]) -> str:
    """Frames one below the other, each under its name."""
    return "\n\n".join(f"{name}\n{frame.to_string(index=False)}" for name, frame in told.items())


def _plain(told: Any) -> Any:
    if hasattr(told, "to_json"):
        return json.loads(told.to_json(orient="records", date_format="iso"))
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items()}
    return [_plain(value) for value in told] if isinstance(told, list | tuple) else told
