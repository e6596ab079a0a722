"""When pictures flow: while time runs, and where deeds follow each other quickly."""

import math

from weightscape.explore.paint.flow import QUICK_S, Flow

NEXT_S = 0.5 * QUICK_S


def test_one_deed_does_not_flow_and_one_that_follows_quickly_does() -> None:
    flow = Flow()
    assert not flow.ask(10.0, is_deed=True, is_moving=False)
    assert flow.due_s == math.inf
    assert flow.ask(10.0 + NEXT_S, is_deed=True, is_moving=False)
    assert flow.due_s == 10.0 + NEXT_S + QUICK_S
    assert not flow.ask(10.0 + NEXT_S + QUICK_S, is_deed=True, is_moving=False)


def test_pictures_of_time_flow_and_their_rest_is_due_as_soon_as_time_stands() -> None:
    flow = Flow()
    assert flow.ask(10.0, is_deed=False, is_moving=True)
    assert flow.due_s == 10.0
    flow.end()
    assert flow.due_s == math.inf
    assert not flow.ask(10.0 + NEXT_S, is_deed=True, is_moving=False), "time is no deed"
