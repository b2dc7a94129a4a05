"""The measures' questions in plain SQL over the rows: one text that PostgreSQL and DuckDB both read.

:start and :end bound the period, which is also judged at its end. `held` tells which beat held a cell when.
Columns: key and whatever is compared.
"""

from collections.abc import Mapping
from types import MappingProxyType

BEAT = """LEFT JOIN held h ON h.cell_id = m.cell_id AND h.since <= m.opened_at AND m.opened_at < h.until"""
STANDING = """EXISTS (SELECT 1 FROM closure c WHERE c.matter_id = m.id AND c.closed_at <= :end
    AND (c.reopened_at IS NULL OR c.reopened_at > :end))"""
OPENED = "m.opened_at >= :start AND m.opened_at < :end"

SQL: Mapping[str, str] = MappingProxyType(
    {
        "closing rate by beat": f"""
            SELECT h.beat AS key, count(*) AS denominator, count(*) FILTER (WHERE {STANDING}) AS numerator
            FROM matter m {BEAT} WHERE {OPENED} GROUP BY 1""",
        "on time by category": """
            SELECT k.code AS key, count(*) AS denominator, count(*) FILTER (WHERE EXISTS (
                SELECT 1 FROM closure c WHERE c.matter_id = m.id AND c.closed_at <= :end AND c.closed_at <= m.due_at
                AND (c.reopened_at IS NULL OR c.reopened_at > :end))) AS numerator
            FROM matter m JOIN category k ON k.id = m.category_id
            WHERE m.due_at >= :start AND m.due_at < :end GROUP BY 1""",
        "settled on the spot by beat": f"""
            WITH said AS (
                SELECT s.matter_id,
                    min(s.at) FILTER (WHERE s.kind IN ('settle', 'close')) AS settled_at,
                    min(s.at) FILTER (WHERE s.kind IN ('transfer', 'escalate', 'divert', 'whistle', 'mediate'))
                        AS passed_at
                FROM step s GROUP BY 1)
            SELECT h.beat AS key, count(*) AS denominator,
                count(*) FILTER (WHERE said.passed_at IS NULL OR said.passed_at > said.settled_at) AS numerator
            FROM said JOIN matter m ON m.id = said.matter_id {BEAT}
            WHERE said.settled_at >= :start AND said.settled_at < :end GROUP BY 1""",
        "revisit coverage": """
            WITH due AS (
                SELECT c.matter_id, c.closed_at, c.closed_at + INTERVAL '14 days' AS term FROM closure c
                WHERE c.closed_at >= :start - INTERVAL '14 days' AND c.closed_at < :end - INTERVAL '14 days')
            SELECT NULL AS key, count(*) AS denominator, count(*) FILTER (WHERE EXISTS (
                SELECT 1 FROM step s WHERE s.matter_id = due.matter_id AND s.kind = 'revisit'
                AND s.at > due.closed_at AND s.at <= due.term)) AS numerator
            FROM due""",
        "regrades": """
            SELECT m.severity * 10 + m.severity_now AS key, count(*) AS numerator FROM matter m
            WHERE m.severity_at >= :start AND m.severity_at < :end GROUP BY 1""",
        "flow from level to level": f"""
            WITH opened AS (SELECT m.*, {STANDING} AS closed FROM matter m WHERE {OPENED}),
            reached AS (
                SELECT id, closed, 0 AS level, reached_cell AS since FROM opened UNION ALL
                SELECT id, closed, 1, reached_beat FROM opened UNION ALL
                SELECT id, closed, 2, reached_community FROM opened UNION ALL
                SELECT id, closed, 3, reached_street FROM opened UNION ALL
                SELECT id, closed, 4, reached_district FROM opened UNION ALL
                SELECT id, closed, 5, reached_city FROM opened),
            moved AS (
                SELECT id, closed, level, lead(level) OVER (PARTITION BY id ORDER BY since, level) AS onward
                FROM reached WHERE since <= :end)
            SELECT level * 10 + coalesce(onward, CASE WHEN closed THEN 6 ELSE 7 END) AS key, count(*) AS numerator
            FROM moved GROUP BY 1""",
        "diversions by unit": """
            SELECT u.code AS key, count(*) AS diverted, count(*) FILTER (WHERE d.accepted_at <= :end) AS accepted,
                count(*) FILTER (WHERE d.done_at <= :end) AS done
            FROM diversion d JOIN unit u ON u.id = d.to_unit_id WHERE d.sent_at >= :start AND d.sent_at < :end
            GROUP BY 1""",
        "repeat rate by category": """
            WITH ended AS (
                SELECT s.matter_id, min(s.at) AS ended_at FROM step s WHERE s.kind IN ('settle', 'close') GROUP BY 1)
            SELECT k.code AS key, count(*) AS denominator,
                count(*) FILTER (WHERE m.incident_id <> i.id AND i.reported_at >= ended.ended_at) AS numerator
            FROM incident i JOIN matter m ON m.id = i.matter_id JOIN category k ON k.id = i.category_id
            LEFT JOIN ended ON ended.matter_id = m.id
            WHERE i.reported_at >= :start AND i.reported_at < :end GROUP BY 1""",
        "same-matter chains": """
            SELECT least(n, 5) AS key, count(*) AS numerator FROM (
                SELECT m.id, count(*) AS n FROM matter m JOIN incident i ON i.matter_id = m.id
                WHERE m.opened_at >= :start AND m.opened_at < :end GROUP BY 1) counted
            GROUP BY 1""",
        "demand by beat": f"""
            SELECT h.beat AS key, count(*) AS matters, sum(coalesce(m.recorded_minutes, k.minutes)) AS minutes
            FROM matter m JOIN category k ON k.id = m.category_id {BEAT} WHERE {OPENED} GROUP BY 1""",
        "handling minutes by officer": """
            WITH handled AS (
                SELECT s.matter_id, s.role, s.officer_id, sum(s.minutes) AS recorded, min(s.at) AS first_at FROM step s
                WHERE s.role IS NOT NULL GROUP BY 1, 2, 3),
            spread AS (
                SELECT d.*, min(first_at) OVER pair AS began,
                    sum(CASE WHEN officer_id IS NOT NULL THEN recorded END) OVER pair AS any_recorded,
                    count(officer_id) OVER pair AS hands
                FROM handled d WINDOW pair AS (PARTITION BY matter_id, role))
            SELECT o.code AS key, sum(CASE WHEN any_recorded IS NOT NULL THEN coalesce(recorded, 0)
                ELSE coalesce(k.minutes, 0) / hands END) AS minutes
            FROM spread JOIN officer o ON o.id = spread.officer_id JOIN matter m ON m.id = spread.matter_id
            JOIN category k ON k.id = m.category_id
            WHERE began >= :start AND began < :end GROUP BY 1""",
        "clock of the week": """
            SELECT extract(isodow FROM timezone('Asia/Shanghai', i.reported_at)) * 100
                + extract(hour FROM timezone('Asia/Shanghai', i.reported_at)) AS key, count(*) AS reports
            FROM incident i WHERE i.reported_at >= :start AND i.reported_at < :end GROUP BY 1""",
        "fewest addresses of half the calls": """
            WITH door AS (
                SELECT i.building, count(*) AS calls FROM incident i
                WHERE i.reported_at >= :start AND i.reported_at < :end AND i.building IS NOT NULL GROUP BY 1),
            whole AS (SELECT count(*) AS n FROM incident i WHERE i.reported_at >= :start AND i.reported_at < :end),
            ranked AS (SELECT sum(calls) OVER (ORDER BY calls DESC, building) AS running FROM door)
            SELECT NULL AS key, (SELECT count(*) FROM door) AS doors,
                (SELECT CASE WHEN 2 * max(running) >= max(n) THEN 1 + count(*) FILTER (WHERE 2 * running < n) ELSE 0 END
                    FROM ranked, whole) AS fewest""",
        "reports by cell, for hot cells": """
            SELECT c.code AS key, count(*) AS reports FROM incident i JOIN cell c ON c.id = i.cell_now
            WHERE i.reported_at >= :start AND i.reported_at < :end GROUP BY 1""",
    }
)
