"""manage.py user, token and audit, as an administrator of the host types them."""

import json
import subprocess
import sys

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from db.sessions import sign_in
from tests.commands import command, environment, manage
from tests.db.test_accounts import NOW


def typed(settings, password, *words):
    """A command that reads a password from standard input."""
    return subprocess.run(
        command(words), input=f"{password}\n", env=environment(settings), capture_output=True, text=True, timeout=120
    )


def test_an_account_is_made_used_closed_and_found_in_the_audit(record, settings):
    made = typed(settings, "correct horse 7", "user", "add", "wang", "--role", "analyst", "--password-stdin")
    assert made.returncode == 0, made.stderr
    assert sign_in(record.engine, record.keys, "wang", "correct horse 7", None, None, NOW)
    listed = json.loads(manage(settings, "user", "list", "--json").stdout)
    assert [(row["name"], row["roles"], row["places"]) for row in listed] == [("wang", ["analyst"], ["*"])]
    assert typed(settings, "short", "user", "password", "wang", "--password-stdin").returncode == 2
    assert manage(settings, "user", "disable", "wang").returncode == 0
    rows = json.loads(manage(settings, "audit", "show", "--json").stdout)
    assert [row["action"] for row in rows] == ["account_disabled", "sign_in", "account_created"]
    assert manage(settings, "user", "enable", "nobody").returncode == 3


def test_a_password_is_never_taken_from_the_command_line(settings):
    asked = subprocess.run(
        [*command(("user", "add", "li", "--role", "officer"))],
        env=environment(settings), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert asked.returncode == 2
    assert "--password-stdin" in asked.stderr
    assert sys.executable


def test_a_token_is_printed_once(record, settings):
    made = manage(settings, "token", "add", "feed", "centre", "--channel", "12345")
    token = made.stdout.strip()
    assert token.startswith("bg-feed-")
    assert token not in manage(settings, "token", "list", "--json").stdout
    assert manage(settings, "token", "revoke", "centre").returncode == 0
    assert manage(settings, "token", "revoke", "centre").returncode == 3


def test_verify_ends_with_4_and_names_the_row_that_was_altered_by_hand(record, settings):
    for name in ("a1", "b2", "c3"):
        assert manage(settings, "token", "add", "wall", name).returncode == 0
    whole = manage(settings, "audit", "verify", "--json")
    assert (whole.returncode, json.loads(whole.stdout)["rows"]) == (0, 3)
    with create_engine(settings.database_url, poolclass=NullPool).begin() as conn:
        conn.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        conn.execute(text("UPDATE audit SET actor = 'somebody else' WHERE no = 2"))
    found = manage(settings, "audit", "verify")
    assert found.returncode == 4
    assert "row 2 was altered" in found.stderr
    told = json.loads(manage(settings, "audit", "verify", "--json").stdout)
    assert told["row"] == 2
