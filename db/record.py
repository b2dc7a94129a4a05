"""An open record: a ready database, its keys, and who acts: what every command works on."""

from dataclasses import dataclass

from sqlalchemy import Engine

from db.city import check_keys
from db.engine import begin
from db.keys import Keys, load_keys
from db.ready import ready_engine
from db.settings import Settings


@dataclass(frozen=True)
class Record:
    """An open record: its engine, the keys of personal data, and who acts."""

    engine: Engine
    keys: Keys
    actor: str


def open_record(settings: Settings) -> Record:
    """Make the database ready and tie it to its keys. Raises Unavailable when either cannot be had."""
    engine = ready_engine(settings)
    keys = load_keys(settings.keys_file)
    with begin(engine, settings.actor) as conn:
        check_keys(conn, keys)
    return Record(engine, keys, settings.actor)
