"""A number that comes again in a file: the first row stands, whatever the chunk that the next one comes in."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from db.outcome import Outcome
from loaders.repeats import Repeats

rows = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy")), max_size=8)


def met(repeats: Repeats, lines: list[tuple[str, str]], start: int = 2) -> tuple[list[int], Outcome]:
    """Lines that stand and what was said of the others; `lines` are (number, content) from line `start` on."""
    frame = pd.DataFrame(lines, columns=["number", "content"], index=range(start, start + len(lines)))
    outcome = Outcome()
    return list(repeats.first_only(frame, frame["number"], frame["content"], outcome).index), outcome


def test_a_row_that_comes_again_alike_is_unchanged_and_with_other_content_rejected() -> None:
    stands, outcome = met(Repeats("number"), [("A", "x"), ("A", "x"), ("A", "y"), ("B", "y")])
    assert stands == [2, 5]
    assert outcome.labels == {3: "unchanged"}
    assert outcome.rejects == {4: ["the number 'A' is already in line 2 with other content"]}


def test_a_number_of_several_parts_is_shown_as_one() -> None:
    repeats, outcome = Repeats("number"), Outcome()
    frame = pd.DataFrame(index=[2, 3])
    repeats.first_only(frame, [("110", "7"), ("110", "7")], ["x", "y"], outcome)
    assert outcome.rejects == {3: ["the number 110:7 is already in line 2 with other content"]}


@given(rows, st.integers(0, 8))
def test_where_a_chunk_ends_changes_nothing(lines: list[tuple[str, str]], cut: int) -> None:
    whole, outcome = met(Repeats("number"), lines)
    repeats = Repeats("number")
    (one, first), (other, second) = met(repeats, lines[:cut]), met(repeats, lines[cut:], 2 + len(lines[:cut]))
    assert one + other == whole
    assert first.labels | second.labels == outcome.labels
    assert first.rejects | second.rejects == outcome.rejects
