"""Going back: one gesture is one step, however long it lasts, and a new seed is always its own."""

from dataclasses import replace

from weightscape.explore.keep.history import GESTURE_S, LONGEST, History, Step
from weightscape.scene.scene import Scene

SCENES = [Scene(seed=n) for n in range(6)]


def test_a_held_gesture_is_one_step_whatever_the_time_between() -> None:
    history = History(SCENES[0])
    for n in (1, 2, 3):
        assert history.go(SCENES[n], 100.0 * n, "key 1", is_held=True)
    assert history.back()
    assert history.scene == SCENES[0]
    assert not history.back()
    assert history.forward()
    assert history.scene == SCENES[3]


def test_the_next_press_is_the_next_step_however_soon() -> None:
    history = History(SCENES[0])
    for n in (1, 2, 3):
        history.go(SCENES[n], 0.0, f"key {n}", is_held=True)
    assert [history.back() and history.scene for _ in range(3)] == SCENES[2::-1]


def test_what_is_not_held_is_one_step_while_it_is_quick() -> None:
    history = History(SCENES[0])
    for n, now in ((1, 0.0), (2, 0.9 * GESTURE_S), (3, 1.8 * GESTURE_S), (4, 3.0 * GESTURE_S)):
        history.go(SCENES[n], now, "wheel")
    assert history.back()
    assert history.scene == SCENES[3]
    assert history.back()
    assert history.scene == SCENES[0]


def test_without_a_gesture_each_scene_is_a_step() -> None:
    history = History(SCENES[0])
    for n in (1, 2, 3):
        history.go(SCENES[n], 0.0)
    assert [history.back() and history.scene for _ in range(3)] == SCENES[2::-1]


def test_what_was_bred_is_so_for_its_own_step() -> None:
    history = History(SCENES[0])
    history.do(Step(SCENES[1], bred="child"), 0.0)
    history.replace(SCENES[2])  # time runs
    assert history.step == Step(SCENES[2], bred="child")
    history.go(SCENES[3], 1.0)
    assert history.step == Step(SCENES[3])


def test_going_back_ends_a_gesture() -> None:
    history = History(SCENES[0])
    history.go(SCENES[1], 0.0, "wheel")
    history.back()
    history.go(SCENES[2], 0.0, "wheel")
    history.go(SCENES[3], 0.0, "wheel")
    assert history.back()
    assert history.scene == SCENES[0]


def test_the_same_scene_and_time_that_runs_are_no_deeds() -> None:
    history = History(SCENES[0])
    assert not history.go(SCENES[0], 0.0)
    history.replace(SCENES[1])
    assert history.deeds == 0
    assert not history.back()


def test_the_latest_scene_of_a_kind_is_found_from_now_on_backwards() -> None:
    history = History(SCENES[0])
    for n in (1, 2):
        history.go(SCENES[n], 0.0)
    history.go(Scene(weights="a.npz"), 0.0)
    assert history.last(lambda scene: not scene.weights) == SCENES[2]
    assert history.last(lambda scene: scene.width == 7) is None


def test_what_is_forgotten_cannot_be_gone_forward_to() -> None:
    history = History(Scene())
    history.forget()
    history.go(Scene(seed=1), 0.0)
    history.go(Scene(seed=2), 1.0)
    history.forget()
    assert history.scene == Scene(seed=1)
    assert not history.forward()
    assert history.back()
    assert history.scene == Scene()


def test_pause_and_panel_are_steps_of_their_own_and_the_scene_stays() -> None:
    history = History(SCENES[0])
    assert history.do(replace(history.step, is_paneled=True), 0.0)
    assert not history.do(replace(history.step, is_paneled=True), 0.0)
    history.go(SCENES[1], 0.0)
    assert history.do(replace(history.step, is_paused=True), 0.0)
    assert (history.deeds, history.edition) == (1, 3)
    seen = []
    while history.back():
        seen.append(history.step)
    assert seen == [Step(SCENES[1], is_paneled=True), Step(SCENES[0], is_paneled=True), Step(SCENES[0])]
    assert history.deeds == 2  # an errand of this very scene goes on while the panel opens


def test_the_cursor_is_one_step_as_long_as_nothing_else_is_done() -> None:
    history = History(SCENES[0])
    points = [replace(SCENES[1], probe=(n / 8, 0.0)) for n in range(4)]
    history.go(points[0], 0.0)
    history.follow(points[1])
    history.follow(points[2])
    assert len(history.steps) == 3
    assert history.deeds == 1
    history.go(SCENES[2], 0.0)
    history.follow(points[3])
    assert [history.back() and history.scene for _ in range(4)] == [SCENES[2], points[2], points[0], SCENES[0]]


def test_after_going_back_the_cursor_does_not_cut_off_the_way_forward() -> None:
    history = History(SCENES[0])
    history.go(SCENES[1], 0.0)
    history.back()
    moved = replace(SCENES[0], probe=(0.5, 0.5))
    history.follow(moved)
    assert history.scene == moved
    assert history.forward()
    assert history.scene == SCENES[1]


def test_any_step_can_be_jumped_to_and_no_other() -> None:
    history = History(SCENES[0])
    for n in (1, 2, 3):
        history.go(SCENES[n], 0.0, "wheel" if n == 3 else "")
    assert history.jump(1)
    assert history.scene == SCENES[1]
    assert [history.jump(place) for place in (1, -1, 4)] == [False] * 3
    assert history.jump(3)
    history.go(SCENES[4], 0.0, "wheel")
    assert len(history.steps) == 5  # the gesture ended


def test_only_so_many_steps_are_kept() -> None:
    history = History(Scene(seed=0))
    for n in range(1, LONGEST + 9):
        history.go(Scene(seed=n), 0.0)
    assert (len(history.steps), history.scene.seed) == (LONGEST + 1, LONGEST + 8)
    while history.back():
        pass
    assert history.scene.seed == 8


def test_steps_from_before_are_taken_up_where_they_were_left() -> None:
    history = History(Scene())
    history.restore([Step(scene) for scene in SCENES], 2)
    assert (history.scene, history.edition) == (SCENES[2], 0)
    assert history.back()
    assert history.jump(5)
    assert history.scene == SCENES[5]


def test_a_step_that_is_added_at_the_end_is_not_gone_to() -> None:
    history = History(SCENES[0])
    history.go(SCENES[1], 0.0)
    history.back()
    deeds, edition = history.deeds, history.edition
    history.append(Step(SCENES[2]))
    assert (history.scene, history.is_last, history.deeds, history.edition) == (SCENES[0], False, deeds, edition + 1)
    assert [history.forward() and history.scene for _ in range(2)] == [SCENES[1], SCENES[2]]
    assert history.is_last


def test_added_steps_push_out_the_oldest_but_never_the_one_we_are_at() -> None:
    history = History(SCENES[0])
    history.go(SCENES[1], 0.0)
    history.back()
    history.forward()
    for n in range(2 * LONGEST):
        history.append(Step(Scene(seed=100 + n)))
        assert history.scene == SCENES[1]
    assert len(history.steps) == LONGEST + 1


def test_steps_that_are_dropped_are_gone_but_the_current_one_stays() -> None:
    history = History(SCENES[0])
    for scene in SCENES[1:]:
        history.go(scene, 0.0)
    history.jump(3)
    history.drop(lambda step: step.scene.seed in (0, 2, 3, 4))
    assert [step.scene.seed for step in history.steps] == [1, 3, 5]
    assert history.scene == SCENES[3]
    assert history.back()
    assert history.scene == SCENES[1]
