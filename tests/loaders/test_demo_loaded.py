"""The demo city in the record: every row taken, and people and beats at work give answers at its last hour."""

import pytest
from sqlalchemy import text

from db.bulk import frame_of
from db.engine import begin
from db.meetings import agenda
from db.plates import door
from db.registers import register_counts
from db.roster import covered_by, gaps, on_now
from db.visits import visit_totals, visits
from grids.rights import Who
from tests.conftest import DEMO_UNTIL, LoadedDatabase

NOW = DEMO_UNTIL
STATIONS = ("PCS1", "PCS2", "PCS3", "PCS4")
UNHELD = "SELECT b.code FROM beat b WHERE NOT EXISTS (SELECT FROM posting p WHERE p.beat_id = b.id)"

COVERED = text("""
    WITH away AS (SELECT officer_id, cover_id FROM absence WHERE during @> CAST(:at AS timestamptz))
    SELECT o.code AS holder, c.code AS cover FROM away a
    JOIN officer o ON o.id = a.officer_id JOIN officer c ON c.id = a.cover_id
    WHERE c.id NOT IN (SELECT officer_id FROM away)
      AND EXISTS (SELECT FROM posting p WHERE p.officer_id = o.id AND p.valid @> CAST(:at AS timestamptz))""")


@pytest.fixture
def city(demo_db: LoadedDatabase):
    with begin(demo_db.engine, "test") as conn:
        yield conn


def test_every_file_was_taken_whole(city):
    runs = frame_of(city, "SELECT kind, read, rejected, state FROM load_run")
    assert (runs["rejected"].sum(), set(runs["state"])) == (0, {"done"})
    assert {"holidays", "roster", "absences", "registers", "households", "plates", "visits", "meetings"} <= set(
        runs["kind"]
    )


def test_at_every_station_somebody_is_on_and_the_beat_that_nobody_holds_is_named(city):
    found = [gaps(city, station, NOW) for station in STATIONS]
    assert min(each.on_duty for each in found) > 0
    (unheld,) = city.execute(text(UNHELD)).scalars()
    leadless = [beat for each in found for beat in each.beats_without_lead]
    assert unheld in leadless
    assert len(leadless) < 12
    away = {code for each in found for code in each.away_without_cover}
    assert away


def test_those_who_are_covered_are_found_from_both_sides(city):
    pairs = city.execute(COVERED, {"at": NOW}).all()
    assert pairs
    for pair in pairs:
        assert pair.holder in set(covered_by(city, pair.cover, NOW)["holder"])


def test_a_door_has_its_people_and_a_beat_its_duty(city):
    code = city.execute(text("SELECT code FROM plate ORDER BY code LIMIT 1")).scalar_one()
    found = door(city, code, NOW)
    assert found.cell is not None
    assert found.cell == code[2:17]
    assert len(found.people) >= 1
    assert city.execute(text("SELECT count(*) FROM plate WHERE cell_id IS NULL")).scalar_one() == 0
    assert len(on_now(city, f"beat:{found.beat}", NOW)) > 0


def test_registers_of_a_station_count_its_residents(city):
    counts = register_counts(city, "station:PCS1", NOW.date()).set_index("kind")["count"]
    assert counts["people"] == 71_600
    assert counts["malls"] <= 6 * 4


def test_the_meetings_of_all_beats_have_something_to_speak_about(city):
    beats = city.execute(text("SELECT code FROM beat ORDER BY code")).scalars().all()
    lists = [agenda(city, beat, NOW).lists() for beat in beats[:24]]
    assert all(sum(len(each[name]) for each in lists) > 0 for name in ("open", "repeated", "overdue"))


def test_decisions_of_meetings_are_steps_of_their_matters(city):
    lost = city.execute(text("""
        SELECT count(*) FROM meeting_matter mm JOIN meeting h ON h.id = mm.meeting_id
        WHERE mm.decision IS NOT NULL AND NOT EXISTS (
            SELECT FROM step s WHERE s.matter_id = mm.matter_id AND s.kind = 'meet' AND s.at = h.at
            AND s.detail ->> 'decision' = mm.decision)"""))  # fmt: skip
    assert lost.scalar_one() == 0
    assert city.execute(text("SELECT count(*) FROM step WHERE kind = 'meet'")).scalar_one() > 10


def test_diversions_name_their_units_and_what_bounced_was_sent_again(city):
    found = frame_of(city, "SELECT from_unit_id, to_unit_id, bounced_at, accepted_at, sent_at FROM diversion")
    assert len(found) > 5
    assert found["to_unit_id"].notna().all()
    assert (found["accepted_at"].dropna() >= found.loc[found["accepted_at"].notna(), "sent_at"]).all()


def test_an_officer_sees_the_visits_of_their_own_beat_only(demo_db, city):
    start = NOW.replace(year=NOW.year - 1)
    whole = visits(city, start, NOW, "beat:J101", limit=10_000)
    assert len(visits(city, start, NOW, limit=100_000)) > len(whole) > 0
    assert visit_totals(city, start, NOW)["visits"].max() < 3_900
    with begin(demo_db.engine, Who("wang", ("officer",), ("beat:J101",))) as mine:
        seen = visits(mine, start, NOW, limit=100_000)
    assert set(seen["source_no"]) == set(whole["source_no"])
