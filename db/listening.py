"""What the record calls out when something has changed (db.loads.mark_changed): one connection that only listens."""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from geo.errors import Unavailable

CHANNEL = "beatgrid"
# A server that went away without a word (a pulled cable) is noticed within this time.
LIVELY = {
    "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "tcp_user_timeout": 10_000, "application_name": "beatgrid listener",
}  # fmt: skip
GONE = "The database does not answer, so nothing new is heard of: start it with `manage.py db start`."

Heard = Callable[[float], bool]


@contextmanager
def listening(engine: Engine) -> Iterator[Heard]:
    """Within: `heard(seconds)` waits so long at most and says whether the record has called out meanwhile.

    The connection is its own, beside the engine's pool. Raises Unavailable when there is none or it is lost; who
    listens again must then look for what was missed.
    """
    try:
        opened: Any = create_engine(engine.url, poolclass=NullPool, connect_args=LIVELY).raw_connection()
    except DBAPIError as error:
        raise Unavailable(GONE) from error
    driver = opened.dbapi_connection
    try:
        driver.set_session(autocommit=True)
        with driver.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        yield lambda seconds: _heard(driver, seconds)
    except psycopg2.Error as error:
        raise Unavailable(GONE) from error
    finally:
        opened.invalidate()


def _heard(driver: Any, seconds: float) -> bool:
    """Whether there were notes; in silence a word to the server shows whether it is still there."""
    waiting, _, _ = select.select([driver], [], [], seconds)
    if waiting:
        driver.poll()
    else:
        with driver.cursor() as cursor:
            cursor.execute("SELECT 1")
    notes = bool(driver.notifies)
    driver.notifies.clear()
    return notes
