"""What was said about two reports: a person's word beats a source's, the latest of each counts, none is ever erased."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from db import audit
from db.engine import acting_everywhere
from db.keys import Keys
from db.linking.linking import link_reports
from db.linking.moving import Moves
from db.loads import mark_changed
from db.matter_locks import hold_links
from geo.errors import InputError, NotFound
from grids.rights import Who

LEAST_REASON = 4
FOUND = text("SELECT incident_id FROM source_key WHERE channel = :channel AND source_no = :source_no")
TOGETHER = text("SELECT count(DISTINCT matter_id) FROM incident WHERE id = ANY(CAST(:ids AS bigint[]))")
ADD = text("""
    INSERT INTO matter_decision (a_incident, b_incident, same, source, reason)
    SELECT a, b, CAST(:same AS boolean), :source, :reason
    FROM unnest(CAST(:a AS bigint[]), CAST(:b AS bigint[])) AS said (a, b)""")
SAID = text("""
    SELECT a, b FROM (
        SELECT DISTINCT ON (d.a_incident, d.b_incident) d.a_incident AS a, d.b_incident AS b, d.same
        FROM unnest(CAST(:ids AS bigint[])) AS u (id)
        JOIN matter_decision d ON d.a_incident = u.id AND d.source = 'source'
        ORDER BY d.a_incident, d.b_incident, d.id DESC) AS latest
    WHERE same IS NOT NULL""")


def join(conn: Connection, keys: Keys, who: Who, a: str, b: str, reason: str | None = None) -> Moves:
    """Say that two reports ("channel:source_no") are of one matter, whatever the rules say.

    Raises Denied without the right to work, NotFound for a report that `who` does not see, InputError for one report
    twice and for a reason that says nothing. The word is kept and holds whatever comes later.
    """
    return _decide(conn, keys, who, (a, b), True, _needed(reason))


def split(conn: Connection, keys: Keys, who: Who, a: str, b: str, reason: str | None = None) -> Moves:
    """Say that two reports are of two matters; raises like join."""
    return _decide(conn, keys, who, (a, b), False, _needed(reason))


def undecide(conn: Connection, keys: Keys, who: Who, a: str, b: str) -> Moves:
    """Take back what people said about two reports: the rules and the sources decide again. Raises like join."""
    return _decide(conn, keys, who, (a, b), None, None)


def source_says(conn: Connection, changed: Collection[int], said: Sequence[tuple[int, int]]) -> None:
    """Keep what sources say now: (report, the report it refers to). What `changed` ones said else is taken back."""
    found = {(row.a, row.b) for row in conn.execute(SAID, {"ids": list(changed)})} if changed else set()
    for pairs, same in ((found - set(said), None), (set(said) - found, True)):
        if pairs:
            _add(conn, sorted(pairs), same, "source", None)


def _decide(
    conn: Connection, keys: Keys, who: Who, numbers: tuple[str, str], same: bool | None, reason: str | None
) -> Moves:
    who.demand("work")
    hold_links(conn)
    first, second = sorted(_report(conn, number) for number in numbers)
    if first == second:
        raise InputError("Name two different reports.")
    with acting_everywhere(conn, who):
        _add(conn, [(first, second)], same, "person", reason)
        moves = link_reports(conn, changed=(first, second))
        mark_changed(conn)
        together = conn.execute(TOGETHER, {"ids": [first, second]}).scalar_one() == 1
    action = {True: "matter join", False: "matter split", None: "matter undecide"}[same]
    audit.note(conn, keys, who, action, numbers[0], reason=reason, detail={"with": numbers[1]})
    return replace(moves, together=together)


def _report(conn: Connection, number: str) -> int:
    channel, _, source_no = number.partition(":")
    found = conn.execute(FOUND, {"channel": channel, "source_no": source_no}).scalar()
    if found is None:
        raise NotFound(f"There is no report {number!r} that you may see: give it as CHANNEL:NUMBER.")
    return int(found)


def _needed(reason: str | None) -> str:
    told = (reason or "").strip()
    if len(told) < LEAST_REASON:
        raise InputError(f"Say why, in at least {LEAST_REASON} letters: whoever comes later must understand it.")
    return told


def _add(
    conn: Connection, pairs: Sequence[tuple[int, int]], same: bool | None, source: str, reason: str | None
) -> None:
    a, b = (list(each) for each in zip(*pairs, strict=True))
    conn.execute(ADD, {"a": a, "b": b, "same": same, "source": source, "reason": reason})
