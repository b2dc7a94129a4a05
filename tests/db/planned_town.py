"""A town for plans: beats B1, B2, B3 of station S1, each two columns of a 6 × 2 lattice of cells G00 … G51."""

from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incidents,
    make_officer,
    make_posting,
    make_step,
    make_unit,
    middle,
)  # fmt: skip

WIDE, HIGH = 6, 2
CELLS = [f"G{i}{j}" for i in range(WIDE) for j in range(HIGH)]
BEATS = ("B1", "B2", "B3")


def make_planned_town(conn, keys):
    """Leads P1 to P3; in every cell 100 residents and one quarrel of 30 minutes on day 90; that of G00 is closed."""
    make_unit(conn, "S1")
    make_area(conn, "C1")
    make_category(conn, minutes=30.0)
    for number, beat in enumerate(BEATS, start=1):
        make_beat(conn, beat, station="S1", community="C1")
        make_officer(conn, keys, f"P{number}")
        make_posting(conn, f"P{number}", role="beat_lead", beat=beat)
    for i in range(WIDE):
        for j in range(HIGH):
            make_cell(conn, f"G{i}{j}", i, j, f"B{i // 2 + 1}", community="C1", residents=100, now=day(-500))
    places = [(f"{i}{j}", *middle(i, j)) for i in range(WIDE) for j in range(HIGH)]
    make_incidents(
        conn, keys, [{"source_no": no, "lon": lon, "lat": lat, "reported_at": day(90)} for no, lon, lat in places]
    )
    make_step(conn, keys, "close", day(91), source_no="00")
