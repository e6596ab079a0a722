"""A flight in the window, without one: who looks out, how quickly it goes, what is painted. Time is handed in."""

import math
import threading
from dataclasses import replace

import pytest
from patience import until

from weightscape.engine.question import Cancelled
from weightscape.explore import piloting as piloting_module
from weightscape.explore.piloting import LONGEST_S, REDUCED_PACE, Piloting, covering
from weightscape.network.view import EXACT, Size, View
from weightscape.scene.flight import Sight, Spot
from weightscape.scene.scene import Scene
from weightscape.scene.varying import Variation

FRAME_S = 1.0 / 60.0
SCENE = Scene(layers=4, width=8)
SIZE = (320, 200)


@pytest.fixture
def lookers(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """Let detail be everywhere; list the threads that looked for it."""
    found: list[threading.Thread] = []

    def sight(scene: Scene, view: View, size: Size, precision: str, cancelled: object) -> Sight:
        found.append(threading.current_thread())
        return Sight((Spot((0.3, 0.1), 0.1),))

    monkeypatch.setattr(piloting_module, "sight", sight)
    return found


def begun(scene: Scene = SCENE) -> Piloting:
    """Begin, and wait until it is known where to."""
    moving = Piloting(lambda: None)
    moving.begin(scene, SIZE, Variation(), 0.0)
    until(lambda: moving.advance(1e-6, 0.0) and moving.flight and moving.flight.goal, "a goal")
    return moving


def passed(moving: Piloting, seconds: float, is_reduced: bool = False) -> Scene:
    """Let frames pass; tell the scene after them."""
    scene = SCENE
    for k in range(1, round(seconds / FRAME_S) + 1):
        scene = moving.advance(1e-6 + k * FRAME_S, FRAME_S, is_reduced) or scene
    return scene


def test_another_thread_looks_out(lookers: list[threading.Thread]) -> None:
    moving = begun()
    passed(moving, 4.0)
    until(lambda: len(lookers) > 1, "another look")
    assert threading.current_thread() not in lookers
    moving.end()


def test_what_looking_out_raises_is_raised_in_the_next_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    def sight(*_: object) -> Sight:
        raise OSError("the file is gone")

    monkeypatch.setattr(piloting_module, "sight", sight)
    moving = Piloting(lambda: None)
    moving.begin(SCENE, SIZE, Variation(), 0.0)

    def fails() -> bool:
        try:
            moving.advance(1e-6, 0.0)
        except OSError:
            return True
        return False

    until(fails, "the error")


def test_reduced_motion_flies_at_a_third_of_the_pace(lookers: list[threading.Thread]) -> None:
    quick, slow, as_slow = begun(), begun(), begun()
    scenes = passed(quick, 1.5), passed(slow, 1.5, is_reduced=True), passed(as_slow, 1.5 * REDUCED_PACE)
    radii = [scene.radius for scene in scenes]
    assert radii[0] < radii[1] < SCENE.radius
    assert radii[1] == pytest.approx(radii[2], rel=0.01)


def test_a_late_frame_does_not_jump_and_nobody_flies_unseen(lookers: list[threading.Thread]) -> None:
    late, even, resting = begun(), begun(), begun()
    far = late.advance(60.0, FRAME_S)
    assert far
    assert far.radius >= passed(even, LONGEST_S + FRAME_S).radius
    resting.rest(60.0)
    assert resting.advance(60.0, FRAME_S) == SCENE


def test_what_is_painted_covers_the_way_until_the_next_picture(lookers: list[threading.Thread]) -> None:
    moving = begun()
    passed(moving, 1.0)
    first, patient = moving.painted(SCENE)
    assert patient > 1
    assert moving.flight
    assert first.view != moving.flight.view
    later, _ = moving.painted(replace(SCENE, lens="height"))
    assert later.view == SCENE.view  # a landscape does not move with the view
    moving.toggle("weights")
    assert moving.painted(SCENE)[1] < patient


def test_a_cover_has_all_of_both() -> None:
    one, other = View(radius=1.0), View((EXACT.create_decimal("0.3"), EXACT.create_decimal("-0.4")), 0.8)
    wide = covering(one, other)
    assert wide.center == one.center
    assert wide.radius == pytest.approx(1.3)
    assert covering(wide, one) == wide


def test_another_scene_ends_it_and_its_own_does_not(lookers: list[threading.Thread]) -> None:
    moving = begun()
    scene = passed(moving, 0.5)
    moving.meet(scene)
    assert moving.is_on
    moving.meet(replace(scene, seed=7))
    assert not moving.is_on


def test_a_leg_is_told_once(lookers: list[threading.Thread]) -> None:
    moving = begun()
    assert moving.is_new_leg
    assert not moving.is_new_leg
    assert math.isfinite(moving.wait_s(0.0))


def test_a_look_is_given_up_with_the_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = threading.Event()

    def sight(scene: Scene, view: View, size: Size, precision: str, cancelled: object) -> Sight:
        assert callable(cancelled)
        until(cancelled, "the end")
        given_up.set()
        raise Cancelled

    monkeypatch.setattr(piloting_module, "sight", sight)
    moving = Piloting(lambda: None)
    moving.begin(SCENE, SIZE, Variation(), 0.0)
    moving.advance(0.1, FRAME_S)
    moving.end()
    until(given_up.is_set, "a look that is given up")
