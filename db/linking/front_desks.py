"""Naming a phone as shared by hand: a front desk that always calls from one place cannot be told from a person."""

from sqlalchemy import Connection, text

from db import audit
from db.engine import acting_everywhere
from db.keys import Keys
from db.linking.linking import link_reports
from db.linking.moving import Moves
from db.loads import mark_changed
from db.matter_locks import hold_links
from geo.errors import InputError
from grids.rights import Who

NAME = text("""
    INSERT INTO shared_phone (phone_hash, named) VALUES (:phone, true)
    ON CONFLICT (phone_hash) DO UPDATE SET named = true""")
FREE = text("UPDATE shared_phone SET named = false WHERE phone_hash = :phone")
REPORTS = text("SELECT incident_id FROM incident_personal WHERE phone_hash = :phone")


def name_shared(conn: Connection, keys: Keys, who: Who, phone: str, shared: bool = True) -> Moves:
    """Say that a phone is shared by many, so that it links nothing; or take that back.

    Raises Denied without the right to load, InputError for what is no phone number. The number itself is kept nowhere.
    """
    who.demand("load")
    hashed = keys.phone_hash(phone)
    if hashed is None:
        raise InputError("Give the phone number in digits.")
    hold_links(conn)
    with acting_everywhere(conn, who):
        conn.execute(NAME if shared else FREE, {"phone": hashed})
        reports = conn.execute(REPORTS, {"phone": hashed}).scalars().all()
        moves = link_reports(conn, changed=reports, phones_before=[hashed], refresh_changed=False)
        mark_changed(conn)
    audit.note(conn, keys, who, "matter shared-phone", detail={"shared": shared, "reports": len(reports)})
    return moves
