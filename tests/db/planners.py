"""People who plan the planned town, one call each: drafting, publishing, and what the figures of a past time are."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from db.engine import act_as
from db.facts import Filter
from db.metrics import cells as cell_figures
from db.metrics import containment, workload
from db.planning import drafts, publishing
from db.planning import links as declared
from grids.policies import policy
from grids.rights import Who, operator
from tests.factories import day

PLANNER, OTHER = Who("mei", ("planner",)), Who("lin", ("planner",))
APPROVER = Who("shen", ("approver",))
ZONE = ZoneInfo("Asia/Shanghai")
NOW = day(100)


def midnight(days):
    """Local midnight so many days after NOW's."""
    return (NOW.astimezone(ZONE) + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)


def doing(work):
    """The same function, called as whoever is named: row-level security binds them, and the audit knows them."""

    def done(conn, *told, **more):
        who = next(each for each in told if isinstance(each, Who))
        act_as(conn, who)
        try:
            return work(conn, *told, **more)
        finally:
            act_as(conn, operator("test"))

    return done


begin_plan, move_cells, undo, redo, set_lock, link, advance, publish, roll_back, refresh = map(
    doing,
    (
        drafts.begin_plan, drafts.move_cells, drafts.undo, drafts.redo, drafts.set_lock, declared.link,
        publishing.advance, publishing.publish, publishing.roll_back, publishing.refresh,
    ),
)  # fmt: skip


def begin(conn, who=PLANNER, **told):
    return begin_plan(conn, who, "A better plan", at=told.pop("at", NOW), **told).code


def published(conn, keys, days, *moves, by=PLANNER):
    """The code of a plan of (beat, cells) that holds from so many days after NOW."""
    code = begin(conn, by, at=midnight(days))
    for beat, *cells in moves:
        move_cells(conn, by, code, cells, beat)
    advance(conn, keys, by, code, "submit")
    advance(conn, keys, APPROVER, code, "approve")
    publish(conn, keys, APPROVER, code, midnight(days), NOW)
    return code


def of_beats(conn, until):
    """Figures of beats up to an instant, as they were."""
    flt = Filter(day(0), until)
    return [
        containment(conn, flt, policy("QD"), "beat").to_dict("records"),
        workload(conn, flt, "beat").fillna(-1).to_dict("records"),
    ]


def figures(conn):
    """Figures of a time that is over, by beat and station, as they were."""
    flt = Filter(day(0), NOW)
    told = [containment(conn, flt, policy("QD"), by).to_dict("records") for by in ("beat", "station", "cell")]
    told += [workload(conn, flt, by).fillna(-1).to_dict("records") for by in ("beat", "cell")]
    return [*told, cell_figures(conn, flt, policy("QD")).drop(columns=["beat"]).to_dict("records")]
