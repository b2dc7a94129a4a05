"""From draft to publication: who may do what, when a plan may take effect, and plans that collide."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import Denied, InputError, Refused
from grids.planning.life import PLAN_STATES, STEPS, Collision, collisions, step, takes_effect
from grids.rights import Who

PLANNER, APPROVER = Who("mei", ("planner",)), Who("shen", ("approver",))
BOTH = Who("mei", ("planner", "approver"))
ZONE = "Asia/Shanghai"
NOON = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo(ZONE))


def test_a_plan_goes_from_draft_to_publication_by_two_people():
    assert step("submit", "draft", PLANNER) == "submitted"
    assert step("approve", "submitted", APPROVER, submitted_by="mei") == "approved"
    assert step("publish", "approved", APPROVER) == "published"
    assert step("supersede", "published", APPROVER) == "superseded"


def test_nobody_approves_their_own_plan_or_without_the_right():
    with pytest.raises(Denied, match="somebody else must approve"):
        step("approve", "submitted", BOTH, submitted_by="mei")
    with pytest.raises(Denied, match="approve plans"):
        step("approve", "submitted", PLANNER, submitted_by="lin")
    with pytest.raises(Denied):
        step("submit", "draft", Who("wang", ("officer",)))


@given(st.sampled_from(sorted(STEPS)), st.sampled_from(PLAN_STATES))
def test_a_step_is_taken_only_from_the_states_that_it_names(what, state):
    if state in STEPS[what].since:
        assert step(what, state, BOTH, submitted_by="lin") == STEPS[what].to
    else:
        with pytest.raises(Refused, match="This plan is"):
            step(what, state, BOTH, submitted_by="lin")


def test_what_is_published_is_never_drafted_again():
    """Following every step from `published` leads nowhere but to `superseded`: the past is not redrawn."""
    reached, waiting = set(), ["published"]
    while waiting:
        state = waiting.pop()
        fresh = {each.to for each in STEPS.values() if state in each.since} - reached
        reached |= fresh
        waiting += fresh
    assert reached == {"superseded"}


def test_a_plan_takes_effect_at_a_local_midnight_that_is_still_to_come():
    tomorrow = datetime(2026, 3, 2, tzinfo=ZoneInfo(ZONE))
    assert takes_effect(tomorrow, NOON, ZONE) == tomorrow
    with pytest.raises(Refused, match="tomorrow at the earliest"):
        takes_effect(tomorrow - timedelta(days=1), NOON, ZONE)
    with pytest.raises(InputError, match="midnight"):
        takes_effect(tomorrow + timedelta(hours=8), NOON, ZONE)
    # 17:00 UTC on the first is 01:00 on the second in Shanghai: the second has begun.
    with pytest.raises(Refused):
        takes_effect(tomorrow, datetime(2026, 3, 1, 17, tzinfo=UTC), ZONE)


def test_only_cells_that_others_moved_elsewhere_collide():
    began = {"c1": "A", "c2": "A", "c3": "B", "c4": "B"}
    wanted = began | {"c1": "B", "c2": "B", "c3": "A"}
    now = {"c1": "A", "c2": "C", "c3": "A", "c4": "C"}
    assert collisions(began, now, wanted) == [Collision("c2", "A", "C", "B")]
    gone = collisions(began, {key: beat for key, beat in now.items() if key != "c1"}, wanted)
    assert gone[0] == Collision("c1", "A", None, "B")
    assert "take it out" in gone[0].sentence
