"""The closed loop in three wordings over one machine."""

from datetime import timedelta

import pytest
from hypothesis import given

from grids.casework import Step, replay
from grids.loops import LOOPS, PHASES, loop_of, phase, stage
from tests.strategies import DAY0, histories


def told(*kinds):
    levels = {"take_lead": "cell", "divert_accept": "district", "keep": "street"}
    return [Step(DAY0 + timedelta(hours=n), n, kind, levels.get(kind)) for n, kind in enumerate(kinds)]


def test_every_wording_names_every_phase_and_uses_every_word():
    for loop in LOOPS.values():
        assert set(loop.stage_of) == set(PHASES)
        assert set(loop.stage_of.values()) == set(range(len(loop.stages)))
        assert "-".join(word.zh for word in loop.stages) == loop.zh
        order = [loop.stage_of[name] for name in PHASES]
        assert order == sorted(order)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], ("排查", "排查", "感知")),
        (["register"], ("上报", "排查", "预警")),
        (["register", "verify"], ("上报", "排查", "核查")),
        (["register", "take_lead", "handle"], ("处置", "处置", "处置")),
        (["register", "take_lead", "divert"], ("处置", "流转", "处置")),
        (["register", "take_lead", "mediate"], ("处置", "调解", "处置")),
        (["register", "take_lead", "settle", "close", "revisit"], ("反馈", "清零", "处置")),
        (["register", "take_lead", "settle", "close", "reopen"], ("处置", "处置", "处置")),
    ],
)
def test_the_stage_of_a_case_in_each_wording(kinds, words):
    now = phase(told(*kinds))
    assert tuple(stage(loop, now).zh for loop in LOOPS.values()) == words


def test_alerts_are_told_in_their_own_words():
    assert (loop_of("sensor").zh, loop_of("110").zh) == ("感知-预警-核查-处置", "排查-处置-流转-调解-清零")


@given(histories)
def test_a_case_is_in_the_closed_phase_exactly_while_it_is_closed(history):
    ordered = sorted(history, key=lambda step: step.order)
    assert (phase(ordered) == "closed") == (replay(history, 1).closed_at is not None)
