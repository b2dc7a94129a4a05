"""Rights by role and place in plain SQL, as the application's role: what a bug in a page could not show either."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.engine import act_as, begin
from db.personal import unmask
from db.record import open_record
from geo.errors import Denied, InputError, NotFound
from grids.rights import ROLES, SCOPE_KINDS, Who
from tests.conftest import copy_database, drop_database
from tests.two_stations import CASE, PHONE, SECRET, make_two_stations

# Table → how its rows are told apart by station: an SQL condition that holds for those of station :n.
OF_MATTER = "matter_id IN (SELECT m.id FROM told m WHERE m.n = :n)"
OF_INCIDENT = "incident_id IN (SELECT i.id FROM told_incident i WHERE i.n = :n)"
BOUND = {
    "matter": "id IN (SELECT m.id FROM told m WHERE m.n = :n)",
    "incident": "source_no = 'CASE-' || :n",
    "source_key": "source_no = 'CASE-' || :n",
    "incident_personal": OF_INCIDENT,
    "incident_candidate": OF_INCIDENT,
    **dict.fromkeys(("step", "closure", "matter_unit", "diversion", "whistle", "meeting_matter"), OF_MATTER),
    "visit": "source_no = :n",
    "register_count": "cell_id IN (SELECT id FROM cell WHERE code = 'G' || :n)",
    "meeting": "code = 'M' || :n",
}
NEEDS_CASES = ("source_key", "incident_personal")
PLACES = {
    "station": "station:S1", "beat": "beat:B1", "cell": "cell:G1", "community": "community:C1", "unit": "unit:S1",
}  # fmt: skip
WHERE = {"unit": ("matter", "incident", "step", "closure", "matter_unit", "diversion", "whistle", "meeting_matter")}
WORKERS = {role for role, about in ROLES.items() if {"work", "load", "supervise", "approve_grade"} & about.rights}


@pytest.fixture(scope="module")
def filled(cluster, template, tmp_path_factory):
    """Two stations; told and told_incident say to whoever asks which row is whose."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("rights"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys)
        found = conn.execute(text("SELECT id, matter_id, right(source_no, 1) AS n FROM incident")).all()
    record.engine.dispose()
    yield record, {row.n: (row.id, row.matter_id) for row in found}
    record.engine.dispose()
    drop_database(cluster, settings)


@pytest.fixture
def acts(filled):
    """Call it with a Who to get a connection on which they act; everything is rolled back at the end."""
    record, ids = filled
    conn = record.engine.connect()
    conn.execute(text("CREATE TEMP TABLE told (n text, id bigint) ON COMMIT DROP"))
    conn.execute(text("CREATE TEMP TABLE told_incident (n text, id bigint) ON COMMIT DROP"))
    for n, (incident, matter) in ids.items():
        conn.execute(text("INSERT INTO told VALUES (:n, :id)"), {"n": n, "id": matter})
        conn.execute(text("INSERT INTO told_incident VALUES (:n, :id)"), {"n": n, "id": incident})

    def act(role, *places, **more):
        act_as(conn, Who(f"a {role}", (role,), places or ("*",), **more))
        return conn

    yield act
    conn.rollback()
    conn.close()


def seen(conn, table, n):
    return conn.execute(text(f"SELECT count(*) FROM {table} WHERE {BOUND[table]}"), {"n": n}).scalar_one()


def test_the_table_of_rights_in_the_database_is_the_one_in_the_code(conn):
    found = {}
    for role, right in conn.execute(text("SELECT role, holds FROM role_right")):
        found.setdefault(role, set()).add(right)
    assert found == {role: set(about.rights) for role, about in ROLES.items()}


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_in_one_place_sees_its_own_and_nothing_of_the_other_station(acts, role, kind):
    conn, rights = acts(role, PLACES[kind]), ROLES[role].rights
    foreign = {table: seen(conn, table, "2") for table in BOUND}
    assert foreign == dict.fromkeys(BOUND, 0)
    own = {table: seen(conn, table, "1") > 0 for table in BOUND if table in WHERE.get(kind, BOUND)}
    may = {table: ("cases" if table in NEEDS_CASES else "figures") in rights for table in own}
    may |= {"incident_candidate": may["incident"]} if "incident_candidate" in may else {}
    assert own == may


@pytest.mark.parametrize("role", ROLES)
def test_a_role_everywhere_sees_both_as_far_as_its_rights_go(acts, role):
    conn, rights = acts(role), ROLES[role].rights
    for table in BOUND:
        may = ("cases" if table in NEEDS_CASES else "figures") in rights
        assert (seen(conn, table, "1") > 0, seen(conn, table, "2") > 0) == (may, may), table


def test_every_kind_of_place_is_tried():
    assert set(SCOPE_KINDS) - set(PLACES) == {"district", "street"}, "these two hold both stations here"


@pytest.mark.parametrize("place", ["street:X", "district:D"])
def test_a_street_holds_all_its_stations(acts, place):
    conn = acts("officer", place)
    assert (seen(conn, "matter", "1"), seen(conn, "matter", "2")) == (1, 1)


@pytest.mark.parametrize("places", [(), ("beat:NIX",), ("cell:S1",), ("station:B1",), ("station:",), ("beat:B1'--",)])
def test_a_place_that_is_none_holds_nothing(acts, places):
    conn = acts("officer", "beat:NIX")
    conn.execute(text("SELECT set_config('beatgrid.places', :told, true)"), {"told": ",".join(places)})
    assert {table: seen(conn, table, n) for table in BOUND for n in "12"} == dict.fromkeys(BOUND, 0)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", sorted(set(BOUND) - {"source_key", "closure", "matter_unit", "incident_candidate"}))
def test_nobody_changes_what_lies_in_the_other_station(acts, role, table):
    conn = acts(role, "station:S1")
    assert written(conn, f"UPDATE {table} SET {touch(table)} WHERE {BOUND[table]}", "2") == 0


@pytest.mark.parametrize("role", ROLES)
def test_only_who_works_changes_a_case_and_only_in_its_own_place(acts, role):
    conn = acts(role, "station:S1")
    changed = written(conn, f"UPDATE matter SET due_at = now() WHERE {BOUND['matter']}", "1")
    assert changed == (1 if role in WORKERS else 0)


@pytest.mark.parametrize("role", ROLES)
def test_only_who_works_adds_to_a_case_and_never_to_the_other_stations(acts, filled, role):
    conn, ids = acts(role, "station:S1"), filled[1]
    assert added(conn, ids["1"][1]) == (role in WORKERS)
    assert not added(conn, ids["2"][1])


def added(conn, matter):
    """Whether a closure, which a step brings about, can be added to a matter."""
    told = "INSERT INTO closure (matter_id, closed_at) VALUES (:matter, now())"
    return written(conn, told, matter=matter) == 1


WRITES = {
    "officer": "UPDATE officer SET kind = kind",
    "unit": "UPDATE unit SET name = name",
    "cell": "UPDATE cell SET name = name",
    "category": "UPDATE category SET name = name",
    "holiday": "UPDATE holiday SET name = 'x'",
    "shift": "UPDATE shift SET kind = 'night'",
    "account": "UPDATE account SET roles = ARRAY['admin']",
    "session": "UPDATE session SET seen_at = now()",
    "token": "UPDATE token SET used_at = now()",
    "rejected_row": "UPDATE rejected_row SET line = line",
    "city": "UPDATE city SET name = 'x'",
    "role_right": "INSERT INTO role_right VALUES ('wall', 'unmask')",
    "audit": "UPDATE audit SET actor = 'x'",
}
MAY = {
    "officer": {"load", "settings"},
    "unit": {"load", "settings"},
    "cell": {"load", "settings", "plan", "approve_plan"},
    "category": {"load", "settings", "work", "supervise", "approve_grade", "push"},
    "holiday": {"load", "settings"},
    "shift": {"load", "settings", "roster"},
    "account": {"accounts", "sign_in"},
    "session": {"accounts", "sign_in"},
    "token": {"accounts", "sign_in"},
    "rejected_row": {"load"},
    "city": {"load", "settings", "plan", "approve_plan", "work", "supervise", "approve_grade", "push", "roster"},
    "role_right": set(),
    "audit": set(),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", WRITES)
def test_nothing_is_writable_beyond_the_rights_of_a_role(acts, role, table):
    assert (written(acts(role), WRITES[table]) > 0) == bool(MAY[table] & ROLES[role].rights)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_sees_no_account_session_token_audit_or_rejected_row(acts, role):
    conn, rights = acts(role), ROLES[role].rights
    signs = bool({"accounts", "sign_in"} & rights)
    may = {
        "account": signs,
        "session": signs,
        "token": signs,
        "audit": "audit" in rights,
        "rejected_row": "load" in rights,
    }
    assert {name: conn.execute(text(f"SELECT count(*) > 0 FROM {name}")).scalar_one() for name in may} == may


def test_a_feed_sees_what_it_sent_and_no_other_channel(acts):
    conn = acts("feed", channel="110")
    assert (seen(conn, "incident", "1"), seen(conn, "matter", "2"), seen(conn, "step", "2")) == (1, 1, 2)
    assert seen(conn, "incident_personal", "1") == 0
    conn = acts("feed", channel="12345")
    assert {table: seen(conn, table, n) for table in BOUND for n in "12"} == dict.fromkeys(BOUND, 0)


def test_a_department_sees_the_case_that_was_sent_to_it_and_no_other(acts):
    """A unit that takes part sees that one matter, wherever it lies."""
    acts("operator").execute(
        text(
            "INSERT INTO matter_unit SELECT m.id, u.id, 'diverted' FROM told m, unit u"
            " WHERE m.n = '2' AND u.code = 'S1'"
        )
    )
    conn = acts("officer", "unit:S1")
    assert [seen(conn, table, "2") > 0 for table in ("matter", "incident", "step", "incident_personal")] == [True] * 4
    conn = acts("officer", "beat:B1")
    assert seen(conn, "matter", "2") == 0


def test_a_redrawn_cell_keeps_its_past_with_who_holds_it_now(acts):
    acts("operator").execute(
        text("INSERT INTO cell_lineage SELECT c.id, p.id, 1 FROM cell c, cell p WHERE c.code = 'G1' AND p.code = 'G2'")
    )
    columns = (
        acts("operator").execute(text("SELECT child_id, parent_id FROM cell_lineage WHERE child_id <> parent_id")).all()
    )
    assert len(columns) == 1
    child = (
        acts("operator").execute(text("SELECT code FROM cell WHERE id = :id"), {"id": columns[0].child_id}).scalar_one()
    )
    station = f"station:S{child[-1]}"
    assert {n: seen(acts("officer", station), "matter", n) for n in "12"} == {"1": 1, "2": 1}


@pytest.mark.parametrize("role", ROLES)
def test_personal_data_opens_to_the_right_with_a_reason_in_ones_own_place_only(filled, role):
    record, who = filled[0], Who(f"a {role}", (role,), ("station:S1",))
    with record.engine.connect() as conn:
        act_as(conn, who)
        if not who.may("unmask"):
            with pytest.raises(Denied):
                unmask(conn, record.keys, who, CASE["1"], "because of it")
            return
        with pytest.raises(InputError):
            unmask(conn, record.keys, who, CASE["1"], " 因  ")
        with pytest.raises(NotFound):
            unmask(conn, record.keys, who, CASE["2"], "because of it")
        opened = unmask(conn, record.keys, who, CASE["1"], "回访需要联系")
        assert opened == {"reporter": SECRET["1"], "phone": PHONE["1"], "narrative": "吵架"}
        act_as(conn, Who("reader", ("admin",)))
        last = conn.execute(text("SELECT actor, action, object, reason FROM audit ORDER BY no DESC LIMIT 1")).one()
        assert tuple(last) == (who.name, "unmask", CASE["1"], "回访需要联系")
        conn.rollback()


def touch(table):
    columns = {
        "matter": "due_at",
        "incident": "address",
        "visit": "address",
        "meeting": "place",
        "meeting_matter": "decision",
    }
    columns |= {"step": "matter_id", "whistle": "attended_at", "diversion": "done_at", "register_count": "count"}
    column = columns.get(table, "phone_hash")
    return f"{column} = {column}"


def written(conn, statement, n="1", **given):
    """Rows that a statement wrote; none when it was refused."""
    point = conn.begin_nested()
    try:
        done = conn.execute(text(statement), {"n": n} | given).rowcount
    except DBAPIError as error:
        assert "row-level security" in str(error) or "permission denied" in str(error)  # noqa: PT017 - either will do
        done = 0
    finally:
        point.rollback()
    return done
