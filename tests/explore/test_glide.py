"""Views that glide: every one on the way keeps what both ends show in one place, and the end is the goal itself."""

import threading
from decimal import Decimal

import pytest
from patience import until

from weightscape.explore.glide import EARLY, EASED, JOINED_S, STEADY, Glide, between, is_near
from weightscape.explore.motion import gliding
from weightscape.network.view import View, pixel_to_plane, plane_to_pixel, zoom
from weightscape.settings import MotionName

SIZE, POINT = (480, 320), (100.0, 60.0)
START = View((Decimal("0.25"), Decimal("-1.5")), 2.0, 30.0)
GOAL = zoom(START, SIZE, POINT, 0.5)
FRAME_S = 1.0 / 60.0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("radius", [2.0, 1e-250, 1e11])
def test_what_is_under_the_cursor_stays_there_all_the_way(share: float, radius: float) -> None:
    start = View(START.center, radius, 30.0)
    goal = zoom(start, SIZE, POINT, 0.5)
    seen = between(start, goal, share)
    assert seen.radius == pytest.approx(radius * 0.5**share)
    assert plane_to_pixel(seen, SIZE, pixel_to_plane(start, SIZE, POINT)) == pytest.approx(POINT, abs=1e-6)


def test_the_end_of_the_way_is_the_goal_to_the_last_digit() -> None:
    assert between(START, GOAL, 1.0) is GOAL


def test_a_view_that_turns_takes_the_short_way() -> None:
    seen = between(View(angle=170.0), View(angle=-170.0), 0.75)
    assert seen.angle == pytest.approx(-175.0)
    moved = between(View(), View(center=(Decimal(4), Decimal(0))), 0.25)
    assert float(moved.center[0]) == pytest.approx(1.0)


def test_a_glide_is_eased_comes_nearer_with_every_frame_and_arrives_once() -> None:
    glide = Glide()
    assert glide.begin(START, GOAL, EASED, 10.0, FRAME_S)
    radii = []
    for frame in range(7):
        assert not glide.advance(10.0 + frame * FRAME_S)
        radii.append(glide.view.radius if glide.view else 0.0)
    steps = [one / other for one, other in zip([START.radius, *radii], radii, strict=False)]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] > 1.0
    assert radii[0] < START.radius, "the first frame moves"
    assert glide.advance(10.0 + EASED.seconds)
    assert not glide.is_on
    assert not glide.advance(10.0 + 2 * EASED.seconds)


def test_between_two_frames_the_view_stands() -> None:
    glide = Glide()
    glide.begin(START, GOAL, EASED, 10.0, FRAME_S)
    glide.advance(10.0)
    seen = glide.view
    assert glide.wait_s(10.0 + 0.25 * FRAME_S) == pytest.approx((EARLY - 0.25) * FRAME_S)
    glide.advance(10.0 + 0.25 * FRAME_S)
    assert glide.view == seen
    glide.advance(10.0 + FRAME_S)
    assert glide.view != seen


def test_steady_steps_join_without_a_rest() -> None:
    glide, third = Glide(), zoom(GOAL, SIZE, POINT, 0.5)
    glide.begin(START, GOAL, STEADY, 10.0, FRAME_S)
    late = 10.0 - FRAME_S + STEADY.seconds + 0.4 * STEADY.seconds
    assert late - STEADY.seconds < 10.0 + JOINED_S
    assert glide.advance(late)
    glide.begin(GOAL, third, STEADY, late, FRAME_S)
    glide.advance(late)
    assert glide.view
    assert glide.view.radius == pytest.approx(GOAL.radius * 0.5**0.4)


def test_there_is_no_way_where_nothing_moves_or_no_eye_follows_or_motion_is_reduced() -> None:
    assert not is_near(View(radius=1e-9), View())
    assert not is_near(View(center=(Decimal(90), Decimal(0))), View())
    for start, goal, glide in (
        (START, START, Glide()),
        (View(radius=1e-9), View(), Glide()),
        (START, GOAL, Glide(is_reduced=True)),
    ):
        assert not glide.begin(start, goal, EASED, 10.0, FRAME_S)
        assert not glide.is_on


def test_a_glide_can_be_ended_on_the_way() -> None:
    glide = Glide()
    glide.begin(START, GOAL, EASED, 10.0, FRAME_S)
    glide.end()
    assert not glide.is_on
    assert not glide.advance(11.0)


def test_the_goals_picture_waits_only_where_the_old_one_covers_all_of_the_way() -> None:
    glide = Glide()
    for start, goal, holds in ((START, GOAL, True), (GOAL, START, False)):
        glide.begin(start, goal, EASED, 10.0, FRAME_S)
        assert not glide.holds
        glide.is_ahead = True
        assert glide.holds == holds
        glide.advance(11.0)
        assert not glide.holds


@pytest.mark.parametrize(
    ("motion", "desktop", "expected"),
    [("auto", True, True), ("auto", False, False), ("full", True, False), ("reduced", False, True)],
)
def test_views_glide_as_the_user_says_or_else_as_the_desktop_does(
    monkeypatch: pytest.MonkeyPatch, motion: MotionName, desktop: bool, expected: bool
) -> None:
    monkeypatch.setattr("weightscape.explore.motion.is_reduced", lambda: desktop)
    glide = gliding(motion)
    until(lambda: all(thread.name != "motion" for thread in threading.enumerate()), "the desktop's answer")
    assert glide.is_reduced == expected
