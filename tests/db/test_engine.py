"""Transactions: who acts, what is kept, and the same answers whatever time zone the server lives in."""

from contextlib import suppress
from datetime import UTC

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.engine import acting_everywhere, app_url, begin, make_engine, owner_url
from db.settings import Settings
from geo.errors import Unavailable
from grids.rights import Who
from tests.factories import DAY0, day, make_category, make_incident, make_steps

SAID = ("actor", "roles", "places", "channel")


def test_a_transaction_carries_its_actor_and_scope(shared):
    with begin(shared.engine, Who("feed 7", ("feed", "wall"), ("station:S1", "beat:B1"), channel="110")) as conn:
        said = [conn.execute(text(f"SELECT current_setting('beatgrid.{name}')")).scalar_one() for name in SAID]
    assert said == ["feed 7", "feed,wall", "station:S1,beat:B1", "110"]


def test_a_bare_name_is_an_operator_on_the_host(shared):
    with begin(shared.engine, "root") as conn:
        said = [conn.execute(text(f"SELECT current_setting('beatgrid.{name}')")).scalar_one() for name in SAID]
    assert said == ["root", "operator", "*", ""]


def test_within_a_use_case_rights_widen_and_fall_back_while_the_name_stays(shared):
    with begin(shared.engine, Who("wang", ("officer",), ("beat:B1",))) as conn:
        with acting_everywhere(conn, Who("wang", ("officer",), ("beat:B1",))):
            inside = [conn.execute(text(f"SELECT current_setting('beatgrid.{name}')")).scalar_one() for name in SAID]
        after = [conn.execute(text(f"SELECT current_setting('beatgrid.{name}')")).scalar_one() for name in SAID]
    assert (inside, after) == (["wang", "operator", "*", ""], ["wang", "officer", "beat:B1", ""])


def test_an_error_inside_keeps_nothing(shared):
    with suppress(ZeroDivisionError), begin(shared.engine, "test") as conn:
        make_category(conn, "half done")
        raise ZeroDivisionError
    with begin(shared.engine, "test") as conn:
        assert conn.execute(text("SELECT count(*) FROM category")).scalar_one() == 0


def test_a_server_that_goes_away_is_said_in_a_sentence(shared):
    with pytest.raises(Unavailable, match="nothing of this step was kept"), begin(shared.engine, "test") as conn:
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with begin(shared.engine, "test") as conn:
        assert conn.execute(text("SELECT 1")).scalar_one() == 1


def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path):
    engine = make_engine(Settings(home=tmp_path, database_url="postgresql://127.0.0.1:1/db"))
    with pytest.raises(Unavailable, match="does not answer"), begin(engine, "test"):
        pass


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg2://"])
def test_one_url_serves_owner_and_application(tmp_path, prefix):
    told = Settings(home=tmp_path, database_url=f"{prefix}me@db/x?sslmode=require")
    assert owner_url(told) == "postgresql+psycopg2://me@db/x?sslmode=require"
    assert app_url(told) == "postgresql+psycopg2://me@db/x?sslmode=require&options=-crole%3Dbeatgrid_app"


def test_the_environment_is_read_into_settings(tmp_path):
    told = Settings.from_env({"BEATGRID_HOME": str(tmp_path), "BEATGRID_ACTOR": "me", "BEATGRID_DATABASE_URL": ""})
    assert (told.home, told.keys_file, told.actor) == (tmp_path.resolve(), tmp_path.resolve() / "keys", "me")
    assert told.database_url is None


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Shanghai"])
def test_a_server_in_another_time_zone_gives_the_same_answers(record, settings, zone):
    name = settings.database_url.split("@/")[1].split("?")[0]
    with create_engine(settings.database_url, poolclass=NullPool).begin() as conn:
        conn.execute(text(f"ALTER DATABASE {name} SET timezone TO '{zone}'"))
    record.engine.dispose()
    with begin(record.engine, "test") as conn:
        make_category(conn)
        make_incident(conn, record.keys, "1", reported_at=DAY0)
        steps = [("take_lead", day(1), {"level": "beat"}), ("close", day(9), {}), ("reopen", day(200), {})]
        rows = [{"step_no": n, "kind": kind, "at": at} | more for n, (kind, at, more) in enumerate(steps)]
        make_steps(conn, record.keys, rows)
        found = conn.execute(text("SELECT reached_beat, last_at FROM matter")).one()
    assert tuple(found) == (day(1), day(200))
    assert all(instant.tzinfo is not None and instant.utcoffset() == UTC.utcoffset(None) for instant in found)


def test_a_statement_that_fails_while_acting_everywhere_is_told_as_it_is(shared):
    somebody = Who("wang", ("officer",), ("beat:B1",))
    with (
        pytest.raises(DBAPIError, match="division by zero"),
        begin(shared.engine, somebody) as conn,
        acting_everywhere(conn, somebody),
    ):
        conn.execute(text("SELECT 1 / 0"))
