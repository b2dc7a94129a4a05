"""One report pushed into a record of very many: how long until it is linked."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from db import incidents
from db.cluster import SUPERUSER, Cluster
from db.keys import Keys, load_keys
from grids.rights import operator
from loaders.intake import take
from tests.bench.many_matters import many_matters

# many_matters makes the reports; here they get rooms, numbers and phones.
REST = (
    "UPDATE incident SET room = CASE WHEN id % 2 = 0 THEN 'road' || (id * 7919 % 300000) || '|1|' || id % 7 END,"
    " building = 'road' || (id * 7919 % 300000)",
    "INSERT INTO source_key (channel, source_no, incident_id) SELECT channel, source_no, id FROM incident"
    " ON CONFLICT DO NOTHING",
    # A third of the reports has a phone of its own person, one in a hundred that of a front desk.
    "INSERT INTO incident_personal (incident_id, token, phone_hash) SELECT id, '',"
    " CASE WHEN id % 100 = 0 THEN CAST(:desk AS bytea) ELSE decode(md5((id * 31 % 330000)::text), 'hex') END"
    " FROM incident ON CONFLICT DO NOTHING",
    "INSERT INTO shared_phone (phone_hash) VALUES (:desk)",
    "ANALYZE",
)
DESK = "13900000000"


def pushed_into(count: int, pushes: int = 100) -> None:
    """Print milliseconds of a whole push of one report, and of its linking, into `count` reports."""
    with many_matters(count) as (engine, home):
        keys = load_keys(home / "keys")
        began = time.perf_counter()
        _fill(home, keys)
        print(f"  a record of {count:,} reports made in {time.perf_counter() - began:.0f} s")
        for name, phone in (("of somebody's own", None), ("of a front desk with one call in a hundred", DESK)):
            whole, linking = _push(engine, keys, pushes, phone)
            print(f"  one report pushed, a phone {name}: {_told(whole)} in all, of it linking {_told(linking)}")


def _push(engine: Engine, keys: Keys, pushes: int, phone: str | None) -> tuple[list[float], list[float]]:
    whole: list[float] = []
    linking: list[float] = []
    link = incidents.link_reports

    def timed(*told: object, **named: object) -> object:
        began = time.perf_counter()
        try:
            return link(*told, **named)  # type: ignore[arg-type]
        finally:
            linking.append(1000 * (time.perf_counter() - began))

    rng = np.random.default_rng(5)
    with patch.object(incidents, "link_reports", timed):
        for n in range(pushes):
            # Every other one repeats the report before it, a day later.
            at = datetime(2025, 11, 1, tzinfo=UTC) + timedelta(days=n % 2)
            lon = 120.3 + (n // 2) / 1000
            item = {"channel": "110", "source_no": f"P{phone}-{n}", "category": "k1", "lon": lon, "lat": 36.1}
            item |= {"reported_at": at.isoformat(), "phone": phone or f"138{n // 2:08d}"}
            item |= {"address": f"春江路{rng.integers(1, 300)}号{n % 9 + 1}号楼2单元{n // 2 + 101}室"}
            began = time.perf_counter()
            (result,) = take(engine, keys, operator("bench"), [item], "incidents")
            whole.append(1000 * (time.perf_counter() - began))
            assert result["status"] == "inserted", result
    return whole[4:], linking[4:]  # the first ones read cells and compile


def _told(spent: list[float]) -> str:
    middle, high = np.percentile(spent, (50, 99))
    return f"{middle:.1f} ms (99 %: {high:.1f})"


def _fill(home: Path, keys: Keys) -> None:
    engine = create_engine(Cluster(home).url(SUPERUSER, "bench"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    desk = keys.phone_hash(DESK)
    with engine.connect() as conn:
        # What is made here keeps the rules; checking them row by row would take minutes.
        conn.execute(text("SET session_replication_role = replica"))
        for statement in REST:
            conn.execute(text(statement), {"desk": desk} if ":desk" in statement else {})
        for name in ("incident", "matter"):
            # "name" comes from the two above.
            conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
