"""Loads the demo city's files by the loaders that any station would use."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select

from db.city import city, describe_city
from db.demo_accounts import make_demo_accounts
from db.engine import begin
from db.record import Record
from db.tables import Cell, Incident, LoadRun
from geo.errors import Refused
from grids.rights import operator
from loaders.demo.city import SEED, DemoFile, write_city
from loaders.demo.names import DISTRICT
from loaders.options import LoadOptions, LoadReport
from loaders.running import load_file

State = Literal["absent", "begun", "loaded"]
Bar = Callable[[str], AbstractContextManager[Any]]
ORDER_FILE = "order.json"


def _silent(_text: str) -> None:
    """Nothing is said."""


def _no_bar(_title: str) -> AbstractContextManager[Any]:
    """No bar is drawn."""
    return nullcontext(lambda _done, _total: None)


def demo_state(record: Record) -> State:
    """Whether the demo city is in this record. Raises Refused when other data is there, which it must not mix with."""
    with begin(record.engine, record.actor) as conn:
        found = city(conn)
        cells = conn.execute(select(func.count()).select_from(Cell)).scalar_one()
        steps = conn.execute(select(func.count()).where(LoadRun.kind == "steps", LoadRun.state == "done")).scalar_one()
    if not found.synthetic and cells:
        raise Refused("This database holds other data: give the demo city a BEATGRID_HOME or database of its own.")
    if steps and found.synthetic:  # the last of its files
        return "loaded"
    return "begun" if found.synthetic else "absent"


def load_demo(
    record: Record,
    folder: Path,
    *,
    until: datetime,
    scale: float = 1.0,
    seed: int = SEED,
    say: Callable[[str], None] = _silent,
    bar: Bar = _no_bar,
) -> list[LoadReport]:
    """Write the city's files into `folder`, unless an interrupted load left them there, and load them in order."""
    with begin(record.engine, record.actor) as conn:
        begun = conn.execute(select(func.count()).select_from(Incident)).scalar_one()
        describe_city(conn, DISTRICT[1], "Asia/Shanghai", True)
    if begun and not (folder / ORDER_FILE).exists():
        raise Refused("The demo city is half loaded and its files are gone: `manage.py db destroy --yes`, then again.")
    reports = []
    for file in _files(folder, until, scale, seed, say):
        with bar(f"{file.kind} {file.path.name}") as progress:
            report = load_file(record, file.kind, file.path, LoadOptions(**dict(file.options)), progress)
        say(f"{file.kind:<10} {file.path.name:<20} {report.counts['read']:>8,} rows  {report.seconds:5.1f} s")
        reports.append(report)
    with begin(record.engine, record.actor) as conn:
        make_demo_accounts(conn, record.keys, operator(record.actor))
    return reports


def _files(folder: Path, until: datetime, scale: float, seed: int, say: Callable[[str], None]) -> list[DemoFile]:
    """The files of an interrupted load of the same city, else fresh ones; the order is written last."""
    order = folder / ORDER_FILE
    if order.exists():
        return [DemoFile(kind, folder / name, options) for kind, name, options in json.loads(order.read_text())]
    files = write_city(folder, until=until, seed=seed, scale=scale, progress=say)
    order.write_text(json.dumps([(file.kind, file.path.name, dict(file.options)) for file in files]))
    return files
