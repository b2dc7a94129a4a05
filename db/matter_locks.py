"""Who may move reports between matters: one transaction at a time, and none while others look up or write matters."""

from sqlalchemy import Connection, text

_LINKS_LOCK = 0x6C696E6B  # "link"
_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
_TOGETHER = text("SELECT pg_advisory_xact_lock_shared(:key)")


def hold_links(conn: Connection) -> None:
    """Let this transaction alone take in, correct or link reports until it ends.

    Take it before the first row is written, and after a load or number lock.
    """
    conn.execute(_ALONE, {"key": _LINKS_LOCK})


def hold_matters(conn: Connection) -> None:
    """Keep every report in its matter until this transaction ends: for whoever writes by a report's matter in bulk."""
    conn.execute(_TOGETHER, {"key": _LINKS_LOCK})
