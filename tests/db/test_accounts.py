"""Accounts, sign-in, sessions and tokens: who gets in, for how long, and what the record keeps of it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from db import passwords
from db.accounts import (
    accounts,
    create_account,
    first_account,
    has_accounts,
    set_active,
    set_password,
    set_roles,
)  # fmt: skip
from db.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount, demo_accounts, make_demo_accounts
from db.engine import begin
from db.sessions import DOOR, NO_ENTRY, change_password, end_session, session_of, sessions, sign_in
from db.tokens import enter_wall, holder, make_token, revoke_token, tokens
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import operator
from tests.factories import make_beat, make_cell, make_unit

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
PASSWORD = "correct horse 7"
HOST = operator("host")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


@pytest.fixture
def wang(record):
    """An account named wang, of one beat's officer."""
    with begin(record.engine, HOST) as conn:
        make_unit(conn)
        make_beat(conn, station="S1")
        create_account(conn, record.keys, HOST, "wang", PASSWORD, ("officer",), ("beat:B1",), must_change=False)
    return "wang"


def enter(record, name="wang", password=PASSWORD, at=NOW):
    return sign_in(record.engine, record.keys, name, password, "10.0.0.7", "a browser", at)


def audited(record):
    with begin(record.engine, HOST) as conn:
        return conn.execute(text("SELECT actor, action, object FROM audit ORDER BY no")).all()


def test_a_session_says_who_acts_in_which_roles_and_where(record, wang):
    found = session_of(record.engine, enter(record), NOW)
    assert (found.who.name, found.who.roles, found.who.places) == ("wang", ("officer",), ("beat:B1",))
    assert not found.must_change
    assert tuple(audited(record)[-1]) == ("wang", "sign_in", "wang")


def test_neither_password_nor_token_stands_in_the_database(record, wang):
    token = enter(record)
    with begin(record.engine, HOST) as conn:
        kept = str(conn.execute(text("SELECT a::text, s::text FROM account a, session s")).all())
    assert PASSWORD not in kept
    assert token not in kept
    assert "$argon2id$" in kept


@pytest.mark.parametrize(
    ("name", "password"), [("wang", "wrong horse 7"), ("nobody", PASSWORD), ("", ""), ("wa\x00ng", "x"), ("wang", "")]
)
def test_whatever_is_wrong_the_answer_is_the_same(record, wang, name, password):
    with pytest.raises(Denied) as told:
        enter(record, name, password)
    assert str(told.value) == NO_ENTRY
    actor, action, known = audited(record)[-1]
    assert (actor, action) == ("door", "sign_in_failed")
    assert known in ("wang", None), "what was typed is kept only when it names an account: it may be a password"


def test_an_unknown_name_costs_the_same_work(record, wang, monkeypatch):
    worked = []
    real = passwords.PasswordHasher.verify
    monkeypatch.setattr(passwords.PasswordHasher, "verify", lambda *given: worked.append(1) or real(*given))
    for name in ("wang", "nobody"):
        worked.clear()
        with pytest.raises(Denied):
            enter(record, name, "something else")
        assert worked == [1]


def test_five_failures_lock_and_each_more_doubles_the_wait(record, wang):
    waits, at = [], NOW
    for _ in range(4):
        fail(record, at)
    assert locked_until(record) is None
    for _ in range(9):
        fail(record, at)
        waits.append((locked_until(record) - at).total_seconds())
        with pytest.raises(Denied):
            enter(record, at=at)  # the right password does not help while it is locked
        at = locked_until(record)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert session_of(record.engine, enter(record, at=at), at)
    assert locked_until(record) is None


def fail(record, at):
    with pytest.raises(Denied):
        enter(record, "wang", "wrong", at)


def locked_until(record):
    with begin(record.engine, HOST) as conn:
        return conn.execute(text("SELECT locked_until FROM account")).scalar_one()


def test_guesses_made_at_once_count_each(record, wang):
    """Twenty at the same moment are no way round the lock: five are looked at, then it is locked."""
    guesses = [threading.Thread(target=fail, args=(record, NOW)) for _ in range(20)]
    for guess in guesses:
        guess.start()
    for guess in guesses:
        guess.join()
    with begin(record.engine, HOST) as conn:
        assert conn.execute(text("SELECT failures FROM account")).scalar_one() == 5


def test_an_idle_session_ends_and_a_used_one_ends_too_in_time(record, wang):
    token = enter(record)
    minute = timedelta(minutes=1)
    assert session_of(record.engine, token, NOW + 29 * minute)
    assert session_of(record.engine, token, NOW + 58 * minute)
    assert session_of(record.engine, token, NOW + 89 * minute) is None
    token = enter(record)
    for step in range(1, 29):
        found = session_of(record.engine, token, NOW + step * 25 * minute)
        assert (found is not None) == (step * 25 < 720)


@pytest.mark.parametrize("token", ["", "x", "\x00", "✓" * 400])
def test_a_token_that_was_never_given_opens_nothing(record, wang, token):
    assert session_of(record.engine, token, NOW) is None
    assert holder(record.engine, token, NOW) is None


def test_a_disabled_account_is_out_at_once_and_comes_back_unlocked(record, wang):
    token = enter(record)
    with begin(record.engine, HOST) as conn:
        set_active(conn, record.keys, HOST, wang, False)
    assert session_of(record.engine, token, NOW) is None
    fail_all(record)
    with begin(record.engine, HOST) as conn:
        set_active(conn, record.keys, HOST, wang, True)
    assert session_of(record.engine, token, NOW) is None
    assert enter(record)


def fail_all(record):
    with pytest.raises(Denied):
        enter(record)


def test_other_roles_hold_from_the_next_request_on(record, wang):
    token = enter(record)
    with begin(record.engine, HOST) as conn:
        set_roles(conn, record.keys, HOST, wang, ("analyst",), ("*",))
    assert session_of(record.engine, token, NOW).who.roles == ("analyst",)
    assert session_of(record.engine, token, NOW).who.places == ("*",)


def test_a_changed_password_ends_every_other_session(record, wang):
    old, mine = enter(record), enter(record)
    me = session_of(record.engine, mine, NOW)
    with pytest.raises(Denied):
        change_password(record.engine, record.keys, me, "not mine at all", "quite another 8", NOW)
    change_password(record.engine, record.keys, me, PASSWORD, "quite another 8", NOW)
    assert session_of(record.engine, old, NOW) is None
    assert session_of(record.engine, mine, NOW)
    fail_all(record)
    assert enter(record, password="quite another 8")


def test_a_password_given_by_another_must_be_changed(record, wang):
    token = enter(record)
    with begin(record.engine, HOST) as conn:
        set_password(conn, record.keys, HOST, wang, "given by admin 1")
    assert session_of(record.engine, token, NOW) is None
    me = session_of(record.engine, enter(record, password="given by admin 1"), NOW)
    assert me.must_change
    change_password(record.engine, record.keys, me, "given by admin 1", "my very own 22", NOW)
    assert not session_of(record.engine, enter(record, password="my very own 22"), NOW).must_change


def test_one_session_is_ended_by_its_number_but_never_somebody_elses(record, wang):
    token = enter(record)
    me = session_of(record.engine, token, NOW)
    with begin(record.engine, HOST) as conn:
        create_account(conn, record.keys, HOST, "li", PASSWORD, ("analyst",))
        other = conn.execute(text("SELECT id FROM account WHERE name = 'li'")).scalar_one()
    with begin(record.engine, DOOR) as conn, pytest.raises(NotFound):
        end_session(conn, record.keys, me.who, me.session, other)
    with begin(record.engine, DOOR) as conn:
        end_session(conn, record.keys, me.who, me.session, me.account)
    assert session_of(record.engine, token, NOW) is None
    assert [tuple(row)[:2] for row in audited(record)][-1] == ("wang", "session_ended")


def test_sessions_are_listed_by_account(record, wang):
    enter(record, at=datetime.now(UTC))
    with begin(record.engine, HOST) as conn:
        assert list(sessions(conn, "wang")["agent"]) == ["a browser"]
        assert sessions(conn, "li").empty


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "my wang password", "x" * 201])
def test_a_weak_password_is_refused(record, wang, password):
    with begin(record.engine, HOST) as conn, pytest.raises(InputError, match="password"):
        create_account(conn, record.keys, HOST, "wang2", password.replace("wang", "wang2"), ("officer",))


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"roles": ("wall",)}, InputError),
        ({"roles": ("operator",)}, InputError),
        ({"roles": ()}, InputError),
        ({"places": ("moon:1",)}, InputError),
        ({"places": ("beat:NIX",)}, NotFound),
        ({"places": ()}, InputError),
        ({"name": "wang"}, Refused),
        ({"name": "a b"}, InputError),
        ({"name": "door"}, InputError),
        ({"name": "x"}, InputError),
        ({"officer": "NIX"}, NotFound),
    ],
)
def test_an_account_that_cannot_be_is_refused(record, wang, told, error):
    plain = {"name": "li", "password": PASSWORD, "roles": ("officer",)} | told
    with begin(record.engine, HOST) as conn, pytest.raises(error):
        create_account(conn, record.keys, HOST, **plain)


def test_names_may_be_chinese_and_are_one_in_every_width(record, wang):
    with begin(record.engine, HOST) as conn:
        create_account(conn, record.keys, HOST, "王小明Ａ", PASSWORD, ("officer",))
        assert "王小明A" in set(accounts(conn)["name"])
    assert enter(record, " 王小明Ａ ")


def test_only_one_of_several_becomes_the_first_administrator(record):
    done = []

    def become(name):
        try:
            first_account(record.engine, record.keys, name, "first of all 1")
            done.append(name)
        except Refused:
            pass

    people = [threading.Thread(target=become, args=(f"boss{n}",)) for n in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with begin(record.engine, HOST) as conn:
        assert list(accounts(conn)["name"]) == done
        assert has_accounts(conn)
    assert len(done) == 1


def test_demo_accounts_open_only_a_city_that_is_made_up(record):
    with begin(record.engine, HOST) as conn:
        make_unit(conn)
        make_beat(conn, station="S1")
        make_cell(conn)
        make_demo_accounts(conn, record.keys, HOST)
        make_demo_accounts(conn, record.keys, HOST)
        assert demo_accounts(conn) == []
    with pytest.raises(Denied):
        enter(record, "demo-officer", DEMO_PASSWORD)
    with begin(record.engine, HOST) as conn:
        conn.execute(text("UPDATE city SET synthetic = true"))
        listed = demo_accounts(conn)
        assert [account.name for account in listed] == [row[0] for row in DEMO_ACCOUNTS]
        assert listed[0] == DemoAccount("demo-officer", "officer", "beat:B1", "beat B1")
    token = enter(record, "demo-officer", DEMO_PASSWORD)
    with begin(record.engine, HOST) as conn:
        conn.execute(text("UPDATE city SET synthetic = false"))
    assert session_of(record.engine, token, NOW) is None


def test_a_token_says_which_programme_acts_until_it_is_revoked(record, wang):
    with begin(record.engine, HOST) as conn:
        wall = make_token(conn, record.keys, HOST, "wall", "hall", places=("station:S1",))
        feed = make_token(conn, record.keys, HOST, "feed", "centre", channel="12345")
        assert wall not in str(tokens(conn).to_dict())
    assert holder(record.engine, wall, NOW).who.roles == ("wall",)
    assert holder(record.engine, wall, NOW).who.places == ("station:S1",)
    assert holder(record.engine, feed, NOW).who.channel == "12345"
    screen = enter_wall(record.engine, record.keys, wall, "10.0.0.8", "a screen", NOW)
    assert session_of(record.engine, screen, NOW + timedelta(days=200)).who.name == "wall hall"
    with pytest.raises(Denied):
        enter_wall(record.engine, record.keys, feed, None, None, NOW)
    with begin(record.engine, HOST) as conn:
        revoke_token(conn, record.keys, HOST, "hall")
    assert holder(record.engine, wall, NOW) is None
    assert session_of(record.engine, screen, NOW) is None


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"kind": "door", "name": "x"}, InputError),
        ({"kind": "wall", "name": "x", "channel": "110"}, InputError),
        ({"kind": "feed", "name": "x"}, InputError),
        ({"kind": "wall", "name": " "}, InputError),
        ({"kind": "wall", "name": "x", "places": ("beat:NIX",)}, NotFound),
    ],
)
def test_a_token_that_cannot_be_is_refused(record, wang, told, error):
    with begin(record.engine, HOST) as conn, pytest.raises(error):
        make_token(conn, record.keys, HOST, **told)
