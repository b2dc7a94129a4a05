"""The sheet for whoever decides about a plan, as it is printed: nothing lies over anything or beyond the paper."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from dashboard.auth import current
from dashboard.auth.current import acting
from dashboard.language import LANGUAGES
from dashboard.pages.plan.routes import as_pdf, drawn
from dashboard.planning.room import open_room
from dashboard.reading.desk import Desk
from db.engine import begin
from db.planning import drafts
from grids.rights import Who
from tests.db.planned_town import make_planned_town

PLANNER = Who("mei", ("planner",))
HEADS = {"zh": ("指标", "随之变动"), "en": ("Figure", "What moves")}


@pytest.fixture
def plan(record):
    """The code of a plan that moves one cell."""
    with begin(record.engine, "test") as conn:
        make_planned_town(conn, record.keys)
        code = drafts.begin_plan(conn, PLANNER, "even", at=datetime.now(UTC)).code
        drafts.move_cells(conn, PLANNER, code, ["G20"], "B1")
    return code


def begins(page):
    """Where each run of letters of a page begins: text → points from the left."""
    found = {}
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: found.setdefault(text.strip(), tm[4] * cm[0] + tm[5] * cm[2] + cm[4])
    )
    return found


def starting(at, words):
    """Where the first run that starts with these words begins."""
    return next(x for text, x in at.items() if text.startswith(words))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_two_tables_of_figures_stand_beside_each_other(settings, record, plan, lang):
    with acting(PLANNER):
        html = drawn(open_room(Desk(settings, record.engine, None, current.who)), plan, "print", lang)
    page = PdfReader(BytesIO(as_pdf(html))).pages[0]
    at, width = begins(page), float(page.mediabox.width)
    left, right = HEADS[lang]
    assert starting(at, left) < width * 0.15, at
    assert width * 0.45 < starting(at, right) < width * 0.6, at
    assert max(at.values()) < width, at
