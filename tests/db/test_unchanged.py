"""Results kept by snapshot: read once while nothing is committed, anew once anything is, never for whoever writes."""

from sqlalchemy import text

from db.engine import begin
from db.unchanged import while_unchanged
from grids.rights import Who

COUNT = text("SELECT count(*) FROM channel")
ADD = text("INSERT INTO channel VALUES (:code, :code, :code)")


class Counted:
    """A question that says how often it was really read."""

    def __init__(self, name):
        self.name, self.reads = name, 0

    def ask(self, conn):
        return while_unchanged(conn, self.name, lambda: self.read(conn))

    def read(self, conn):
        self.reads += 1
        return conn.execute(COUNT).scalar_one()


def is_kept(asked, conn):
    """Whether asking again reads nothing; the server's own housekeeping may commit between two questions."""
    for _ in range(50):
        before = asked.reads
        asked.ask(conn)
        if asked.reads == before:
            return True
    return False


def test_it_is_kept_until_somebody_commits(record):
    asked = Counted("once")
    with begin(record.engine, "test") as conn:
        before = asked.ask(conn)
        assert is_kept(asked, conn)
    with begin(record.engine, "test") as conn:
        assert is_kept(asked, conn)
        assert asked.ask(conn) == before
        with begin(record.engine, "other") as other:
            other.execute(ADD, {"code": "kite"})
        assert asked.ask(conn) == before + 1


def test_whoever_has_written_reads_for_themselves(record):
    asked = Counted("own eyes")
    with begin(record.engine, "test") as conn:
        before = asked.ask(conn)
        conn.execute(ADD, {"code": "bottle post"})
        assert asked.ask(conn) == before + 1
    with begin(record.engine, "test") as conn:
        assert asked.ask(conn) == before + 1


def test_nobody_is_given_what_was_read_with_other_rights(record):
    asked = Counted("rights")
    for number, who in enumerate(
        (Who("a", ("analyst",)), Who("a", ("analyst",), ("station:S1",)), Who("a", ("wall",)))
    ):
        with begin(record.engine, who) as conn:
            asked.ask(conn)
        assert asked.reads == number + 1


def test_what_changes_while_it_is_read_is_not_kept(record):
    asked = Counted("meanwhile")

    def read(conn):
        found = asked.read(conn)
        with begin(record.engine, "other") as other:
            other.execute(ADD, {"code": f"drum {asked.reads}"})
        return found

    with begin(record.engine, "test") as conn:
        first = while_unchanged(conn, "meanwhile", lambda: read(conn))
        assert while_unchanged(conn, "meanwhile", lambda: read(conn)) == first + 1
