"""Rules that the database keeps whoever writes: one beat per cell, never none; steps are only ever added."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from db.engine import begin
from db.record import open_record
from tests.conftest import copy_database, drop_database
from tests.factories import DAY0, day, make_beat, make_category, make_cell, make_incident, make_officer, make_posting
from tests.factories import make_step as factory_step

IN_NO_BEAT = "would be in no beat for a part of its life"


@pytest.fixture
def drawn(conn, commit):
    """Beats B1 and B2, cells G1 and G2, both in B1 since ever."""
    make_beat(conn, "B1")
    make_beat(conn, "B2")
    make_cell(conn, "G1", 0, 0)
    make_cell(conn, "G2", 1, 0)
    commit()  # what is checked later is checked of the statements that come later
    return conn


@pytest.fixture
def handled(drawn, keys):
    """Two incidents, the first with one step."""
    make_category(drawn)
    make_incident(drawn, keys, "1", 0, 0)
    make_incident(drawn, keys, "2", 0, 0)
    factory_step(drawn, keys, "handle", day(1), minutes=5.0, note="secret")
    return drawn


@pytest.fixture(scope="module")
def committed(cluster, template, tmp_path_factory):
    """A record whose one step is committed."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("committed"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        make_category(conn)
        make_incident(conn, record.keys, "1")
        factory_step(conn, record.keys, "handle", day(1), minutes=5.0, note="secret")
    yield record, create_engine(settings.database_url, poolclass=NullPool)
    record.engine.dispose()
    drop_database(cluster, settings)


def attempt(conn, *statements, **values):
    """Run statements in a savepoint, then check what a commit checks."""
    with conn.begin_nested():
        for statement in statements:
            conn.execute(text(statement), values)
        conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        conn.execute(text("SET CONSTRAINTS ALL DEFERRED"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM beat_cell WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')",
        "UPDATE beat_cell SET valid = tstzrange('2026-03-01Z', NULL)",
        "UPDATE beat_cell SET valid = tstzrange(NULL, '2026-03-01Z')",
        "UPDATE beat_cell SET valid = 'empty'",
        "INSERT INTO cell (code, name, geom) SELECT 'G3', 'G3', geom FROM cell WHERE code = 'G1'",
        """UPDATE beat_cell SET cell_id = (SELECT id FROM cell WHERE code = 'G2'), valid = 'empty'
           WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')""",
    ],
)
def test_a_live_cell_in_no_beat_is_refused_at_commit(drawn, statement):
    with pytest.raises(IntegrityError, match=IN_NO_BEAT):
        attempt(drawn, statement)


def test_a_beat_cell_row_cannot_walk_away_to_another_cell(drawn):
    with pytest.raises(IntegrityError, match=IN_NO_BEAT):
        attempt(
            drawn,
            "UPDATE cell SET valid = tstzrange('2026-03-01Z', NULL) WHERE code = 'G2'",
            """UPDATE beat_cell SET valid = tstzrange('2026-03-01Z', NULL)
               WHERE cell_id = (SELECT id FROM cell WHERE code = 'G2')""",
            """UPDATE beat_cell
               SET cell_id = (SELECT id FROM cell WHERE code = 'G2'), valid = tstzrange(NULL, '2026-03-01Z')
               WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')""",
        )


def test_a_longer_life_of_a_cell_needs_its_beat_too(drawn):
    with pytest.raises(IntegrityError, match=IN_NO_BEAT):
        attempt(
            drawn,
            "UPDATE cell SET valid = tstzrange(NULL, '2026-03-01Z') WHERE code = 'G1'",
            """UPDATE beat_cell SET valid = tstzrange(NULL, '2026-03-01Z')
               WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')""",
            "SET CONSTRAINTS ALL IMMEDIATE",
            "SET CONSTRAINTS ALL DEFERRED",
            "UPDATE cell SET valid = tstzrange(NULL, NULL) WHERE code = 'G1'",
        )


def test_a_commit_that_would_leave_a_cell_in_no_beat_is_rolled_back(committed):
    record, _ = committed
    with begin(record.engine, "test") as conn:
        make_cell(conn, "G1")
    with pytest.raises(IntegrityError, match=IN_NO_BEAT), begin(record.engine, "test") as conn:
        conn.execute(text("DELETE FROM beat_cell"))
    with begin(record.engine, "test") as conn:
        assert conn.execute(text("SELECT count(*) FROM beat_cell")).scalar_one() == 1


def test_within_one_transaction_a_cell_may_be_without_a_beat_for_a_moment(drawn):
    attempt(
        drawn,
        "DELETE FROM beat_cell WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')",
        """INSERT INTO beat_cell (cell_id, beat_id)
           SELECT c.id, b.id FROM cell c, beat b WHERE c.code = 'G1' AND b.code = 'B2'""",
    )


def test_forgetting_who_acts_before_the_commit_does_not_evade_the_rule(drawn):
    with pytest.raises(IntegrityError, match=IN_NO_BEAT):
        attempt(
            drawn,
            "DELETE FROM beat_cell WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')",
            "SELECT set_config('beatgrid.actor', '', true)",
        )


def test_a_temporary_table_of_the_same_name_does_not_evade_the_rule(drawn):
    with pytest.raises(IntegrityError, match=IN_NO_BEAT):
        attempt(
            drawn,
            "DELETE FROM beat_cell WHERE cell_id = (SELECT id FROM cell WHERE code = 'G1')",
            "CREATE TEMP TABLE cell (id bigint, code text, valid tstzrange) ON COMMIT DROP",
        )


def test_two_beats_never_hold_one_cell_at_one_instant(drawn):
    with pytest.raises(IntegrityError, match="ex_beat_cell_one_beat"):
        attempt(
            drawn,
            """INSERT INTO beat_cell (cell_id, beat_id, valid)
               SELECT c.id, b.id, tstzrange('2026-03-01Z', '2026-03-01T00:00:00.000001Z')
               FROM cell c, beat b WHERE c.code = 'G1' AND b.code = 'B2'""",
        )


def test_one_code_never_names_two_cells_at_one_instant(drawn):
    with pytest.raises(IntegrityError, match="ex_cell_code"):
        attempt(drawn, "INSERT INTO cell (code, name, geom) SELECT code, name, geom FROM cell")


def test_a_beat_has_one_lead_at_an_instant_and_a_posting_exists_once(drawn, keys):
    for code in ("P1", "P2"):
        make_officer(drawn, keys, code)
    make_posting(drawn, "P1", "beat_lead", beat="B1", valid_to=day(10))
    twice = """INSERT INTO posting (officer_id, role, beat_id, valid)
               SELECT o.id, :role, b.id, tstzrange(:since, NULL) FROM officer o, beat b
               WHERE o.code = :who AND b.code = 'B1'"""
    with pytest.raises(IntegrityError, match="ex_posting_one_lead"):
        attempt(drawn, twice, role="beat_lead", who="P2", since=day(9))
    attempt(drawn, twice, role="beat_lead", who="P2", since=day(10))
    attempt(drawn, twice, role="police", who="P1", since=day(0))
    with pytest.raises(IntegrityError, match="ex_posting_once"):
        attempt(drawn, twice, role="police", who="P1", since=day(50))


def test_a_posting_names_exactly_one_place(drawn, keys):
    make_officer(drawn, keys)
    for places in ("NULL, NULL", "(SELECT min(id) FROM beat), (SELECT min(id) FROM cell)"):
        columns = "officer_id, role, beat_id, cell_id"
        statement = f"INSERT INTO posting ({columns}) SELECT id, 'police', {places} FROM officer"
        with pytest.raises(IntegrityError, match="one_place"):
            attempt(drawn, statement)


@pytest.mark.parametrize(
    "change",
    [
        "note = ''",
        "at = at + interval '1 s'",
        "minutes = 6",
        "no = 2",
        "kind = 'assist'",
        "level = 'city'",
        "run_id = 1",
    ],
)
@pytest.mark.parametrize("role", ["owner", "application"])
def test_nobody_changes_a_step(committed, role, change):
    record, owner = committed
    engine = owner if role == "owner" else record.engine
    with begin(engine, "test") as conn, pytest.raises(DBAPIError, match=r"only added|permission denied"):
        conn.execute(text(f"UPDATE step SET {change}"))


@pytest.mark.parametrize("statement", ["DELETE FROM step", "TRUNCATE step", "TRUNCATE incident CASCADE"])
@pytest.mark.parametrize("role", ["owner", "application"])
def test_nobody_removes_steps(committed, role, statement):
    record, owner = committed
    engine = owner if role == "owner" else record.engine
    with begin(engine, "test") as conn, pytest.raises(DBAPIError, match=r"only added|permission denied"):
        conn.execute(text(statement))


def test_a_step_may_follow_its_incident_into_another_matter_and_nothing_else(handled):
    other = "(SELECT max(id) FROM matter)"
    attempt(handled, f"UPDATE step SET matter_id = {other}")
    assert handled.execute(text(f"SELECT matter_id = {other} FROM step")).scalar_one()


def test_a_run_always_adds_up(handled):
    with pytest.raises(IntegrityError, match="adds_up"):
        attempt(handled, "UPDATE load_run SET read = read + 1")


def test_there_is_one_city(handled):
    with pytest.raises(IntegrityError):
        attempt(handled, "INSERT INTO city (id, name) VALUES (2, 'second')")


def test_an_incident_number_exists_once_in_its_channel(handled):
    with pytest.raises(IntegrityError, match="pk_source_key"):
        attempt(handled, "INSERT INTO source_key SELECT channel, source_no, 0 FROM incident")


def test_days_of_a_lead_may_touch(drawn, keys):
    for code in ("P1", "P2"):
        make_officer(drawn, keys, code)
    make_posting(drawn, "P1", "beat_lead", DAY0, beat="B1", valid_to=day(10))
    assert not make_posting(drawn, "P2", "beat_lead", day(10), beat="B1").rejects
