"""Two stations, a street apart: one beat, one cell, one case each, with everything that hangs on a case."""

from sqlalchemy import text

from db.addresses import learn
from tests.factories import (
    DAY0,
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incidents,
    make_ladder,
    make_officer,
    make_posting,
    make_run,
    make_steps,
    make_unit,
    square,
)  # fmt: skip

STATIONS = ("1", "2")
SECRET = {number: f"欧阳{number}号" for number in STATIONS}  # what a reporter of that station is called
STAFF = {number: f"诸葛{number}员" for number in STATIONS}
CASE = {number: f"110:CASE-{number}" for number in STATIONS}
PHONE = {number: f"1380000111{number}" for number in STATIONS}
OF_A_CASE = (
    "INSERT INTO visit (source, source_no, at, officer_id, cell_id, matter_id, kind, content_hash)"
    " SELECT 'app', :n, now(), o.id, c.id, m.id, 'care', '' FROM officer o, cell c, matter m"
    " WHERE o.code = 'P' || :n AND c.code = 'G' || :n AND m.cell_id = c.id",
    "INSERT INTO register_count SELECT c.id, 'people', DATE '2026-01-01', 7 FROM cell c WHERE c.code = 'G' || :n",
    "INSERT INTO meeting (code, at, beat_id) SELECT 'M' || :n, now(), id FROM beat WHERE code = 'B' || :n",
    "INSERT INTO meeting_matter (meeting_id, matter_id, incident_id)"
    " SELECT x.id, m.id, m.incident_id FROM meeting x, matter m JOIN cell c ON c.id = m.cell_id"
    " WHERE x.code = 'M' || :n AND c.code = 'G' || :n",
    "INSERT INTO whistle SELECT m.id, now(), 1, u.id FROM matter m JOIN cell c ON c.id = m.cell_id, unit u"
    " WHERE c.code = 'G' || :n AND u.code = 'S' || :n",
    "INSERT INTO diversion SELECT m.id, now(), 1, u.id, u.id FROM matter m JOIN cell c ON c.id = m.cell_id, unit u"
    " WHERE c.code = 'G' || :n AND u.code = 'S' || :n",
    "INSERT INTO plate (code, address, cell_id) SELECT 'Q' || :n, 'a door', id FROM cell WHERE code = 'G' || :n",
    "INSERT INTO shift (officer_id, during) SELECT id, tstzrange(now(), now() + interval '8 hours') FROM officer"
    " WHERE code = 'P' || :n",
    "INSERT INTO absence (officer_id, during) SELECT id, tstzrange(now() + interval '1 day', now() + interval '2 days')"
    " FROM officer WHERE code = 'P' || :n",
    "INSERT INTO bulletin (place, year, no, first, last, policy, digest, figures)"
    " VALUES ('station:S' || :n, 2026, 1, DATE '2026-01-01', DATE '2026-01-31', 'QD', '', '{}')",
    "INSERT INTO incident_candidate SELECT i.id, c.id, 1 FROM incident i JOIN cell c ON c.id = i.cell_then"
    " WHERE c.code = 'G' || :n",
)
OF_THE_CITY = (
    "INSERT INTO shared_phone (phone_hash) VALUES ('desk')",
    "INSERT INTO matter_decision (a_incident, b_incident, same, source)"
    " SELECT min(id), max(id), false, 'person' FROM incident",
    "INSERT INTO plan (code, name, place, began_at, base) VALUES ('P1', 'a plan', 'station:S1', now(), '{}')",
    "INSERT INTO plan_edit (plan_id, no, kind, cells, beat) SELECT id, 1, 'assign', '{G1}', 'B2' FROM plan",
    "INSERT INTO plan_event (plan_id, what) SELECT id, 'begin' FROM plan",
    "INSERT INTO plan_search (plan_id, edit, asked) SELECT id, 1, '{}' FROM plan",
    "INSERT INTO cell_link VALUES ('G1', 'G2', 'a bridge')",
    "INSERT INTO notice (beat_id, since, kind, detail) SELECT id, now(), 'handover', '{}' FROM beat WHERE code = 'B1'",
    "INSERT INTO holiday VALUES (DATE '2026-10-01', 'off', NULL)",
    "INSERT INTO rejected_row SELECT id, 1, ARRAY['no'], '' FROM load_run LIMIT 1",
    "INSERT INTO cell_lineage SELECT id, id, 1 FROM cell",
    "INSERT INTO backdrop (kind, key, geom) SELECT 'sea', 'k', geom FROM cell LIMIT 1",
    "INSERT INTO matter_unit SELECT m.id, u.id, 'lead' FROM matter m JOIN cell c ON c.id = m.cell_id"
    " JOIN unit u ON u.code = 'S' || right(c.code, 1) ON CONFLICT DO NOTHING",
    "INSERT INTO account (name, password_hash, roles, places) VALUES ('somebody', 'x', ARRAY['admin'], ARRAY['*'])",
    "INSERT INTO session (token_hash, account_id, expires_at) SELECT '', id, now() FROM account LIMIT 1",
    "INSERT INTO token (kind, name, token_hash, places) VALUES ('wall', 'some wall', '', ARRAY['*'])",
    "INSERT INTO audit VALUES (1, now(), current_setting('beatgrid.actor'), '', 'sign_in', NULL, NULL, NULL, '')",
)


def make_two_stations(conn, keys, *, rows=True):
    """Street S with communities C1, C2; stations S1, S2 with beat B1, B2, cell G1, G2, officer P1, P2 and one case.

    rows: also at least one row in every other table.
    """
    make_area(conn, "D", "district", square(0, 0, 10, 10))
    make_area(conn, "X", "street", square(0, 0, 10, 10), parent="D")
    make_category(conn)
    for place, n in enumerate(STATIONS):
        make_area(conn, f"C{n}", "community", square(place, 0, 1, 1), parent="X")
        make_unit(conn, f"S{n}")
        make_beat(conn, f"B{n}", station=f"S{n}", community=f"C{n}")
        make_cell(conn, f"G{n}", place, 0, f"B{n}", community=f"C{n}", now=DAY0)
        make_officer(conn, keys, f"P{n}", name=STAFF[n], phone=PHONE[n])
        make_posting(conn, f"P{n}", beat=f"B{n}")
    told = {"reported_at": DAY0, "lat": 36.055, "narrative": "吵架"}
    shown = [
        told | {"source_no": f"CASE-{n}", "lon": 120.305 + place * 0.01, "reporter": SECRET[n], "phone": PHONE[n]}
        for place, n in enumerate(STATIONS)
    ]
    run = make_run(conn)
    make_incidents(conn, keys, shown, run)
    steps = [
        {
            "source_no": f"CASE-{n}",
            "step_no": no,
            "kind": kind,
            "at": day(no),
            "level": "cell",
            "unit": f"S{n}",
            "note": "调解",
        }
        for n in STATIONS
        for no, kind in ((1, "take_lead"), (2, "close"))
    ]
    make_steps(conn, keys, steps)
    if rows:
        _rows(conn)


def _rows(conn):
    for n in STATIONS:
        for statement in OF_A_CASE:
            conn.execute(text(statement), {"n": n})
    for statement in OF_THE_CITY:
        conn.execute(text(statement))
    make_ladder(conn, conn.execute(text("SELECT id FROM unit WHERE code = 'S1'")).scalar_one(), (0, 1, 1, 2, 3, 4))
    learn(conn, "somewhere", 120.0, 36.0, "test")
