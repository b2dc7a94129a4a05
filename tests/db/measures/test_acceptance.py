"""Waits of diverted matters and the reasons of those that came back, against the ledger itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from dashboard.reading.desk import Desk
from db.engine import begin
from db.facts import Filter
from db.measures import MEASURES
from db.measures.acceptance import WITHIN_H

FLT = Filter(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 15, 16, tzinfo=UTC))
LEDGER = text("""
    SELECT count(*) AS sent, count(*) FILTER (WHERE accepted_at <= :end) AS accepted,
        count(*) FILTER (WHERE accepted_at <= :end AND accepted_at - sent_at <= interval '8 hours') AS soon,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM accepted_at - sent_at) / 3600)
            FILTER (WHERE accepted_at <= :end) AS middle
    FROM diversion WHERE sent_at >= :start AND sent_at < :end""")
REASONS = text("""
    SELECT s.result, count(*) FROM diversion d JOIN step s ON s.matter_id = d.matter_id AND s.kind = 'divert_bounce'
    WHERE d.sent_at >= :start AND d.sent_at < :end AND d.bounced_at <= :end AND s.at = d.bounced_at GROUP BY 1""")


def test_waits_and_reasons_are_those_of_the_ledger(demo_db) -> None:
    view = Desk(demo_db.settings, demo_db.engine).view()
    with begin(demo_db.engine, "test") as conn:
        told = {"start": FLT.start, "end": FLT.end}
        ledger, reasons = conn.execute(LEDGER, told).one(), {row[0]: row[1] for row in conn.execute(REASONS, told)}
        whole = MEASURES["acceptance"](conn, view, FLT, by=None).iloc[0]
        units = MEASURES["acceptance"](conn, view, FLT, by="to_unit")
        found = MEASURES["bounce reasons"](conn, view, FLT)
    assert ledger.accepted > 0
    assert (whole["diverted"], whole["diverted_accepted"]) == (ledger.sent, ledger.accepted)
    assert whole["within_1"] + whole["within_4"] + whole["within_8"] == ledger.soon
    assert whole["median_h"] == pytest.approx(ledger.middle, abs=0.02)
    steps = [*(f"within_{hours}" for hours in WITHIN_H), "later"]
    assert int(whole[steps].sum()) == whole["diverted_accepted"]
    assert units[["diverted", *steps]].sum().tolist() == whole[["diverted", *steps]].tolist()
    assert dict(zip(found["reason"], found["bounced"], strict=True)) == reasons
