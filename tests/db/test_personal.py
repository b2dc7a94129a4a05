"""Personal data: no clear text anywhere in the database, and nothing readable with the wrong keys."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from db.beat_sheets import beat_sheet
from db.engine import begin
from db.keys import load_keys
from db.loads import record_chunk, rejected_rows
from db.outcome import Outcome
from db.personal import masked as mask
from db.personal import masked_name, masked_phone
from db.record import open_record
from geo.errors import Unavailable
from tests.db.catalogue_of import tables
from tests.factories import (
    DAY0,
    day,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_incidents,
    make_officer,
    make_posting,
    make_run,
    make_steps,
)  # fmt: skip

SECRETS = (
    "欧阳某某", "13812345678", "+86 139-8765-4321", "两口子吵架摔东西", "司马某某", "18611112222",
    "当事人情绪激动", "诸葛某某",
)  # fmt: skip


def told(conn, keys):
    """Load a bit of everything that may carry personal data."""
    reporter, phone, other_phone, narrative, officer, officer_phone, note, rejected = SECRETS
    make_beat(conn)
    make_cell(conn)
    make_category(conn)
    make_officer(conn, keys, name=officer, phone=officer_phone)
    make_posting(conn, beat="B1")
    make_incident(conn, keys, "1", 0, 0, reporter=reporter, phone=phone, narrative=narrative)
    make_incident(conn, keys, "2", 0, 0, phone=other_phone)
    make_steps(conn, keys, [{"step_no": 1, "at": DAY0, "kind": "handle", "officer": "P1", "note": note}])
    refused = Outcome(rejects={3: ["no"]})
    record_chunk(conn, make_run(conn), refused, {3: {"报警人": rejected, "电话": phone}}, keys, boundary=False)


def everything(conn):
    """Every value of every table as bytes."""
    found = []
    for name in tables(conn):
        for row in conn.execute(text(f"SELECT * FROM {name}")):
            found += [bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in row]
    return b"\x00".join(found)


def test_no_personal_text_stands_anywhere_in_the_database_in_clear(conn, keys, shared):
    told(conn, keys)
    dump = everything(conn)
    digits = [("".join(c for c in secret if c.isdigit())) for secret in SECRETS]
    wanted = [secret.encode() for secret in SECRETS] + [d.encode() for d in digits if d]
    wanted += [secret.encode("gb18030") for secret in SECRETS if not secret.isascii()]
    wanted += [secret.encode("unicode_escape") for secret in SECRETS if not secret.isascii()]
    assert b"quarrel" in dump
    assert [secret for secret in wanted if secret in dump] == []


def test_what_was_told_comes_back_with_the_right_keys(conn, keys):
    told(conn, keys)
    tokens = conn.execute(text("SELECT token FROM incident_personal ORDER BY incident_id")).scalars().all()
    assert keys.open(tokens[0]) == {"reporter": SECRETS[0], "phone": SECRETS[1], "narrative": SECRETS[3]}
    people = beat_sheet(conn, "B1", day(1), keys).people
    assert list(people["name"]) == [SECRETS[4]]
    assert rejected_rows(conn, keys)["报警人"].tolist() == [SECRETS[7]]


def test_without_keys_a_beat_sheet_names_nobody(conn, keys):
    told(conn, keys)
    people = beat_sheet(conn, "B1", day(1)).people
    assert (people["name"].tolist(), people["phone"].tolist()) == ([None], [None])


def test_reports_by_one_phone_match_by_its_hash(conn, keys):
    make_category(conn)
    phones = ("13812345678", "+86 138 1234 5678", "139")
    rows = [{"source_no": str(n), "phone": phone} for n, phone in enumerate(phones)]
    make_incidents(conn, keys, rows)
    hashes = conn.execute(text("SELECT phone_hash FROM incident_personal ORDER BY incident_id")).scalars().all()
    assert bytes(hashes[0]) == bytes(hashes[1]) != bytes(hashes[2])


def test_a_correction_that_takes_personal_data_back_leaves_none_of_it(conn, keys):
    make_category(conn)
    make_incident(conn, keys, "1", reporter=SECRETS[0], phone="13812345678", narrative="x")
    make_incident(conn, keys, "1", address="corrected")
    token, phone_hash = conn.execute(text("SELECT token, phone_hash FROM incident_personal")).one()
    assert (keys.open(token), phone_hash) == ({}, None)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("欧阳小明", "欧**明"),
        ("王", "*"),
        (" 王明 ", "王*"),
        ("", None),
        (None, None),
    ],
)
def test_a_masked_name_keeps_its_ends(name, masked):
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("138 0000-1234", "138****1234"),
        ("85801234", "******34"),
        ("110", "****10"),
        ("", None),
    ],
)
def test_a_masked_phone_keeps_three_and_four_digits(phone, masked):
    assert masked_phone(phone) == masked


@given(st.text(min_size=3, max_size=12), st.from_regex(r"1\d{10}", fullmatch=True), st.text(min_size=1, max_size=40))
def test_what_is_masked_is_not_there(name, phone, narrative):
    shown = mask({"reporter": name, "phone": phone, "narrative": narrative})
    assert phone not in str(shown)
    assert shown["narrative"] in (None, "（已遮盖）")
    inside = name.strip()[1:-1]
    assert len(name.strip()) < 3 or set(shown["reporter"][1:-1]) == {"*"} or not inside


def test_a_database_is_tied_to_the_keys_of_its_first_use(record, settings, tmp_path):
    assert open_record(settings).keys.fingerprint == record.keys.fingerprint
    with pytest.raises(Unavailable, match="set BEATGRID_KEYS to the right file"):
        open_record(replace(settings, keys_file=tmp_path / "other keys"))


def test_rejected_rows_do_not_open_with_other_keys(conn, keys, tmp_path):
    told(conn, keys)
    with pytest.raises(Unavailable, match="encrypted with other keys"):
        rejected_rows(conn, load_keys(tmp_path / "others"))


def test_the_log_of_the_server_shows_no_personal_text(record, settings, cluster):
    with begin(record.engine, "test") as conn:
        told(conn, record.keys)
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.connect() as conn:
        assert not any(secret.encode() in everything(conn) for secret in SECRETS)
    log = (cluster.base / "log").read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in log] == []
