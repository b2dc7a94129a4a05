"""Accounts of a demo city: one a role, with one known password that opens only a city whose data is made up."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from db.accounts import create_account
from db.keys import Keys
from db.tables import Account
from grids.rights import EVERYWHERE, Who

DEMO_PASSWORD = "beatgrid-demo"  # written on the demo's own sign-in page
# name, role, what bounds it: a beat, its station or nothing.
DEMO_ACCOUNTS = (
    ("demo-officer", "officer", "beat"),
    ("demo-grid", "grid_worker", "beat"),
    ("demo-planner", "planner", "station"),
    ("demo-approver", "approver", "station"),
    ("demo-analyst", "analyst", ""),
    ("demo-loader", "loader", ""),
    ("demo-admin", "admin", ""),
)
ONE_BEAT = text("""
    SELECT b.code AS beat, u.code AS station FROM beat b JOIN unit u ON u.id = b.station_id
    WHERE EXISTS (SELECT FROM beat_cell bc WHERE bc.beat_id = b.id AND upper_inf(bc.valid)) ORDER BY b.code LIMIT 1""")
POSTED = text("""
    SELECT o.code FROM posting p JOIN officer o ON o.id = p.officer_id
    LEFT JOIN beat_cell bc ON bc.cell_id = p.cell_id AND upper_inf(bc.valid)
    JOIN beat b ON b.id = coalesce(p.beat_id, bc.beat_id)
    WHERE b.code = :beat AND p.role = ANY (:roles) AND upper_inf(p.valid) ORDER BY p.role, o.code LIMIT 1""")
LISTED = text("""
    SELECT a.name, a.roles, a.places, coalesce(b.name, u.name) AS place_name
    FROM account a LEFT JOIN beat b ON a.places[1] = 'beat:' || b.code
    LEFT JOIN unit u ON a.places[1] = 'station:' || u.code
    WHERE a.demo AND a.active AND (SELECT synthetic FROM city) ORDER BY a.id""")
STAFF = {"officer": ["beat_lead", "police"], "grid_worker": ["grid_lead", "grid_worker"]}


def make_demo_accounts(conn: Connection, keys: Keys, who: Who) -> None:
    """Make what is missing of DEMO_ACCOUNTS; those of a beat or station wait until there is one."""
    known = set(conn.execute(select(Account.name)).scalars())
    one = conn.execute(ONE_BEAT).first()
    for name, role, bound in DEMO_ACCOUNTS:
        if name in known or (bound and one is None):
            continue
        place = f"{bound}:{getattr(one, bound)}" if bound else EVERYWHERE
        officer = None
        if role in STAFF and one is not None:
            officer = conn.execute(POSTED, {"beat": one.beat, "roles": STAFF[role]}).scalar()
        bounds = ((role,), (place,))
        create_account(conn, keys, who, name, DEMO_PASSWORD, *bounds, officer=officer, must_change=False, demo=True)


@dataclass(frozen=True)
class DemoAccount:
    """A demo account as the sign-in page lists it; place_name: the beat's or station's."""

    name: str
    role: str
    place: str
    place_name: str | None


def demo_accounts(conn: Connection) -> list[DemoAccount]:
    """Every demo account that opens: none unless the city is made up."""
    rows = conn.execute(LISTED)
    return [DemoAccount(row.name, row.roles[0], row.places[0], row.place_name) for row in rows]
