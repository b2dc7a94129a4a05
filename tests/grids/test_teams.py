"""Team shapes: a team is complete when every group of roles has its least number."""

from hypothesis import given
from hypothesis import strategies as st

from grids.teams import SHAPES, lacking

ROLES = ("beat_lead", "police", "auxiliary", "grid_lead", "grid_worker", "mediator", "lawyer", "volunteer")
people = st.dictionaries(st.sampled_from(ROLES), st.integers(0, 4))


@given(st.sampled_from(sorted(SHAPES)), people)
def test_what_is_lacking_is_what_would_complete_the_team(code, there):
    shape = SHAPES[code]
    lack = lacking(shape, there)
    roles = {who: (roles[0], needed) for who, roles, needed in shape.needs}
    completed = dict(there)
    for each in lack:
        assert each.there < each.needed
        role, _ = roles[each.who]
        completed[role] = completed.get(role, 0) + each.needed - each.there
    assert lacking(shape, completed) == ()


def test_a_police_officer_counts_for_the_lead_and_an_empty_team_lacks_everybody():
    assert lacking(SHAPES["1+2"], {"police": 1, "auxiliary": 2}) == ()
    assert [str(each) for each in lacking(SHAPES["1+2"], {})] == ["officer 0 of 1", "auxiliary 0 of 2"]
    assert len(lacking(SHAPES["4+N"], {})) == 5
