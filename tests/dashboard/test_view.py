"""A view and its address: what is written is read again, what cannot be read is named or left out."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.reading.choices import CHOICES
from dashboard.reading.view import (
    AGAINST,
    GROUPINGS,
    LANGUAGES,
    PARTS,
    PERIODS,
    PLACES,
    POLICIES,
    THEMES,
    VALUES,
    View,
)
from geo.errors import InputError

codes = st.text(min_size=1, max_size=12).filter(str.strip)
several = st.lists(codes, max_size=4, unique=True).map(tuple)


@st.composite
def views(draw: st.DrawFn) -> View:
    period = draw(st.sampled_from(PERIODS))
    days = sorted([draw(st.dates()), draw(st.dates())]) if period == "custom" else [None, None]
    places = st.tuples(st.sampled_from(PLACES), codes).map(":".join)
    place = draw(st.none() | places)
    minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
    until = draw(st.none() | minutes) if period == "custom" else None
    instant = draw(st.none() | st.just("now") | st.datetimes().map(lambda at: at.isoformat(timespec="minutes")))
    against = draw(st.none() | st.sampled_from(AGAINST) | places.map("place:{}".format))
    boundaries = draw(st.sampled_from(("then", "now")) | codes.map("plan:{}".format))
    view = View(
        period, days[0], days[1], place, draw(several), draw(several), draw(several), draw(st.sampled_from(POLICIES)),
        draw(st.sampled_from(VALUES)), draw(st.booleans()), draw(st.sampled_from(GROUPINGS)),
        draw(st.sampled_from(LANGUAGES)), draw(st.sampled_from(THEMES)), draw(st.booleans()),
        until, boundaries, instant, against,
    )  # fmt: skip
    for name, allowed in CHOICES.items():
        view = view.choosing(name, draw(st.sampled_from(allowed)))
    return view


@given(views())
def test_an_address_gives_back_the_view_that_wrote_it(view: View) -> None:
    assert View.parse(view.query()) == view
    assert View.forgiving(f"?{view.query()}") == view


def test_every_field_has_its_part_of_the_address() -> None:
    assert {field.name for field in fields(View)} - {"choices"} == {field for field, _, _ in PARTS.values()}
    assert not CHOICES.keys() & PARTS.keys()


def test_the_default_view_needs_no_query() -> None:
    assert View().query() == ""
    assert View().link("/wall") == "/wall"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("period=someday", "period must be one of today, 7d"),
        ("place=beat", "place must be KIND:CODE"),
        ("place=moon:1", "place must be KIND:CODE"),
        ("period=custom&from=2026-02-30&to=2026-03-01", "from must be a day"),
        ("period=custom&from=2026-03-02&to=2026-03-01", "the first not after the last"),
        ("period=custom", "from and to"),
        ("policy=XX", "policy must be one of QD, JM, ZS"),
        ("heat=yes", "heat must be 0 or 1"),
        ("shares=half", "shares must be 0 or 1"),
        ("boundaries=tomorrow", "boundaries must be then, now or plan:CODE"),
        ("boundaries=plan:", "boundaries must be then, now or plan:CODE"),
        ("as_of=yesterday", "as_of must be now or a local instant"),
        ("until=noon", "until must be a time"),
        ("against=place:moon:1", "must be KIND:CODE"),
        ("against=them", "against must be one of previous, last_year"),
        ("grain=hour", "grain must be one of auto, month, week, day"),
    ],
)
def test_a_strict_reading_names_what_it_cannot_read(query: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        View.parse(query)


@pytest.mark.parametrize(
    "query", ["period=someday&policy=JM", "policy=JM&place=x", "policy=JM&period=custom&from=2026"]
)
def test_a_page_leaves_out_what_it_cannot_read_and_keeps_the_rest(query: str) -> None:
    assert View.forgiving(query) == View(policy="JM")


@given(st.text())
def test_no_address_breaks_a_page(query: str) -> None:
    assert isinstance(View.forgiving(query), View)


@given(views(), st.sampled_from([(name, value) for name, allowed in CHOICES.items() for value in allowed]))
def test_what_a_reader_chooses_changes_nothing_else(view: View, choice: tuple[str, str]) -> None:
    changed = view.choosing(*choice)
    assert changed.chosen(choice[0]) == choice[1]
    assert {name: changed.chosen(name) for name in CHOICES if name != choice[0]} == {
        name: view.chosen(name) for name in CHOICES if name != choice[0]
    }
    assert replace(changed, choices=()) == replace(view, choices=())


def test_days_belong_to_a_custom_period_only() -> None:
    assert View.forgiving("period=7d&from=2026-01-01&to=2026-01-02").first is None
    chosen = View.forgiving("period=custom&from=2026-01-01&to=2026-01-02")
    assert (chosen.first, chosen.last) == (date(2026, 1, 1), date(2026, 1, 2))
