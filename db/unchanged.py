"""What was read stays true while nothing is committed: results kept by the snapshot that they were read in."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, text

Result = TypeVar("Result")
MOST = 32
# A transaction that has written sees more than its snapshot says, so it keeps nothing and is given nothing.
STATE = text("""
    SELECT pg_current_snapshot()::text, current_setting('beatgrid.roles', true),
           current_setting('beatgrid.places', true)
    WHERE pg_current_xact_id_if_assigned() IS NULL""")
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def while_unchanged(conn: Connection, asked: Hashable, read: Callable[[], Result]) -> Result:
    """What `read` gives, or what it gave to somebody with the same rights before, if nothing was committed since.

    asked: the question in full. The result is shared: whoever gets it must not change it.
    """
    state = conn.execute(STATE).first()
    if state is None:
        return read()
    key = (str(conn.engine.url), *state, asked)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            kept: Result = _kept[key]
            return kept
    found = read()
    # Somebody may have committed between the question and the answer: then it belongs to no snapshot.
    if conn.execute(STATE).first() == state:
        with _lock:
            _kept[key] = found
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return found
