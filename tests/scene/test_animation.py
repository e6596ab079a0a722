"""The scenes of an animation: what varies runs as it is told, the rest stays, loops close."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from weightscape.scene.animation import VARIABLE, Animation, Track
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

CIRCLE = Scene(inputs=("x", "y", "cos_t", "sin_t"))


def run(name: str, *values: Any, frames: int = 5, ease: str = "", scene: Scene | None = None, **more: Any) -> list[Any]:
    animation = Animation(scene or Scene(), (Track(name, values, (), ease),), frames, **more)
    return [getattr(animation.at(k), name) for k in range(frames)]


def test_without_tracks_every_frame_is_the_scene() -> None:
    animation = Animation(Scene(seed=7), (), 3)
    assert [animation.at(k) for k in range(3)] == [Scene(seed=7)] * 3
    assert animation.loop is False


def test_numbers_run_in_even_steps_and_end_where_they_are_told() -> None:
    assert run("scale", 0.4, 0.8) == pytest.approx([0.4, 0.5, 0.6, 0.7, 0.8], rel=1e-14)
    assert run("scale", 0.4, 0.8)[::4] == [0.4, 0.8]
    assert run("angle", 0, 90, 0, loop=False) == [0.0, 45.0, 90.0, 45.0, 0.0]


def test_the_radius_runs_in_even_ratios() -> None:
    assert run("radius", 1.0, 1e-4) == pytest.approx([1.0, 1e-1, 1e-2, 1e-3, 1e-4], rel=1e-12)
    assert run("radius", 1.0, 1e-300)[-1] == 1e-300
    assert run("radius", 1.0, 3.0, frames=3, ease="linear")[1] == 2.0
    assert run("scale", 1.0, 4.0, frames=3, ease="geometric")[1] == pytest.approx(2.0)


def test_smooth_is_slow_at_each_key() -> None:
    assert run("scale", 0.0, 1.0, ease="smooth") == pytest.approx([0.0, 5 / 32, 0.5, 27 / 32, 1.0])
    assert run("radius", 1.0, 1e-4, frames=3, ease="smooth")[1] == pytest.approx(1e-2)


def test_whole_numbers_are_rounded_however_large() -> None:
    assert run("layers", 2, 8, frames=4) == [2, 4, 6, 8]
    assert run("seed", 0, 2**64 - 1, frames=3) == [0, 2**63, 2**64 - 1]
    assert all(type(n) is int for n in run("width", 1, 300, ease="geometric"))


def test_the_centre_runs_exactly() -> None:
    goal = (Decimal("0.1234567890123456789012345678901"), Decimal(-1))
    values = run("center", ("0", "0"), goal, frames=3)
    assert values[-1] == goal
    assert abs(values[1][0] - goal[0] / 2) < Decimal("1e-19")


def test_a_zoom_keeps_its_goal_in_the_picture() -> None:
    tracks = Track("radius", (1.0, 1e-6)), Track("center", (("0", "0"), ("0.5", "0.25")))
    animation = Animation(Scene(), tracks, 60)
    for k in range(60):
        scene = animation.at(k)
        assert abs(Decimal("0.5") - scene.center[0]) <= Decimal(scene.radius) * Decimal("0.500001")


def test_several_fields_vary_at_once_with_times_of_their_own() -> None:
    tracks = Track("scale", (0.2, 0.8), (0.25, 0.75)), Track("layers", (3, 7))
    scenes = [Animation(Scene(), tracks, 5).at(k) for k in range(5)]
    assert [scene.scale for scene in scenes] == pytest.approx([0.2, 0.2, 0.5, 0.8, 0.8])
    assert [scene.layers for scene in scenes] == [3, 4, 5, 6, 7]


def test_time_over_whole_turns_is_a_loop_that_stops_one_step_early() -> None:
    assert run("time", 0, 1, frames=4, scene=CIRCLE) == [0.0, 0.25, 0.5, 0.75]
    assert run("time", 0, 1, frames=5, scene=CIRCLE, loop=False)[-1] == 1.0
    assert run("time", 0, 0.5, frames=3, scene=CIRCLE) == [0.0, 0.25, 0.5]
    assert run("scale", 0.2, 0.8, 0.2, frames=4) == pytest.approx([0.2, 0.5, 0.8, 0.5])


@pytest.mark.parametrize("turn", [("0.15", "1.15"), ("0.1", "0.7", "-1.9"), ("0.3", "0.1", "0.3"), ("-0.7", "2.3")])
def test_a_turn_closes_however_its_numbers_are_written_in_binary(turn: tuple[str, ...]) -> None:
    times = [float(text) for text in turn]
    shown = run("time", *times, frames=6, scene=CIRCLE)
    assert Animation(CIRCLE, (Track("time", tuple(times)),), 6).loop
    assert shown[0] == times[0]
    assert shown[-1] != pytest.approx(times[-1])  # that is the first frame again
    assert Animation(Scene(), (Track("angle", (-359.7, 0.3)),), 6).loop


@pytest.mark.parametrize(("first", "last"), [(0.15, 1.149), (0.0, 0.999999), (0.15, 0.65)])
def test_what_is_not_a_turn_does_not_close(first: float, last: float) -> None:
    assert not Animation(CIRCLE, (Track("time", (first, last)),), 6).loop
    with pytest.raises(SceneError, match="a loop ends as it begins"):
        run("time", first, last, scene=CIRCLE, loop=True)


def keyed(name: str, keys: dict[Any, Any], frames: int, fps: int, **more: Any) -> list[Any]:
    """The values of a field whose keys stand at seconds."""
    animation = Animation(Scene(), (Track(name, tuple(keys.values()), (), "linear"),), frames, **more)
    animation = animation.timed(name, [Fraction(str(second)) * fps for second in keys])
    return [getattr(animation.at(k), name) for k in range(frames)]


def test_keys_on_a_frame_are_met_exactly() -> None:
    shown = keyed("radius", {0: 1, 1: 2, 2: 1}, 20, 10, loop=False)
    assert (shown[0], shown[10], shown[19]) == (1.0, 2.0, 1.0)
    assert shown[:11] == pytest.approx([1 + k / 10 for k in range(11)], rel=1e-14)
    assert shown[10:] == pytest.approx([2 - k / 9 for k in range(10)], rel=1e-14)
    layers = keyed("layers", {0: 2, 1: 20, 2: 2}, 20, 10, loop=False)
    assert (layers[0], layers[10], layers[19]) == (2, 20, 2)
    assert layers.count(20) == 1
    # 0.7 s at 10 frames a second are 7 frames, though 0.7 * 10 is more than 7 in binary.
    assert keyed("scale", {0: 0, "0.7": 0.25, 3: 1}, 30, 10)[7] == 0.25


def test_keys_of_a_loop_are_met_too_and_its_last_one_is_the_first_frame() -> None:
    shown = keyed("radius", {0: 1, 1: 2, 2: 1}, 20, 10)
    assert shown == pytest.approx([1 + k / 10 for k in range(11)] + [2 - k / 10 for k in range(1, 10)], rel=1e-14)
    assert shown[10] == 2.0


def test_what_a_film_is_too_short_for_is_left_out_but_the_last_key() -> None:
    assert keyed("scale", {0: 0.25, 1: 0.5, "1.95": 5, 2: 0.75}, 4, 2) == [0.25, 0.375, 0.5, 0.75]
    # A frame a second: the key at 1 s is on the last frame, and that at 2 s would be on the one after it.
    assert keyed("scale", {0: 0.25, 1: 0.5, 2: 0.75}, 2, 1) == [0.25, 0.5]
    assert keyed("scale", {0: 0.25, 2: 0.5}, 1, 1) == [0.25]
    assert keyed("scale", {1: 0.25, 2: 0.5}, 1, 1) == [0.5]
    assert keyed("scale", {1: 0.25, 2: 0.5}, 8, 2) == [0.25] * 3 + [0.375] + [0.5] * 4


def test_a_morph_runs_through_its_part() -> None:
    assert run("part", 0, 1, frames=3, scene=Scene(to_seed=5)) == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("tracks", "culprit", "said"),
    [
        ([("colour", (1, 2))], "colour", "does not vary"),
        ([("activation", ("tanh", "relu"))], "activation", "does not vary"),
        ([("radius", (1, 0))], "radius", "1e-300"),
        ([("layers", (1, 257))], "layers", "1..256"),
        ([("layers", (1, 2.5))], "layers", "whole number"),
        ([("bias_scale", (0, 1))], "bias_scale", "belongs to the rules"),
        ([("part", (0, 1))], "part", "belongs to a morph"),
        ([("scale", (0, 1), (), "geometric")], "ease", "'geometric' needs values above 0, and scale has 0.0"),
        ([("angle", (1, 90), (), "geometric")], "ease", "'geometric' is for radius, scale, bias_scale, layers, width"),
        ([("center", (("1", "1"), ("2", "2")), (), "geometric")], "ease", "not for center"),
        ([("seed", (1, 2), (), "geometric")], "ease", "not for seed"),
        ([("scale", (0, 1), (), "bouncy")], "ease", "not one of linear"),
        ([("scale", (0, 1), (0.5, 0.5))], "scale", "do not rise"),
        ([("scale", (0, 1), (0.5, 1.5))], "scale", "outside"),
        ([("scale", (0, 1), (0.5,))], "scale", "2 values stand at 1 times"),
        ([("scale", ())], "scale", "at least one value"),
        ([("scale", (0, 1)), ("scale", (1, 2))], "scale", "varies twice"),
        ([("time", (0, 1))], "time", "only on cos_t, sin_t and colours that cycle"),
        ([("unit", (0, 1))], "unit", "only on unit"),
    ],
)
def test_what_cannot_vary_is_refused_by_name(tracks: list[tuple[Any, ...]], culprit: str, said: str) -> None:
    with pytest.raises(SceneError, match=said) as caught:
        Animation(Scene(), tuple(Track(*track) for track in tracks), 3)
    assert caught.value.field == culprit


def test_every_number_of_the_scene_varies() -> None:
    assert set(VARIABLE) == {
        "center",
        "seed",
        "layers",
        "width",
        "scale",
        "bias_scale",
        "to_seed",
        "part",
        "radius",
        "angle",
        "time",
        "layer",
        "unit",
        "gamma",
        "cycle",
        "turn",
        "tilt",
        "lift",
        "origin",
        "u",
        "v",
        "units",
        "probe",
        "inputs",
    }


PLANE = Scene(origin=(1.0, 2.0), u=(1.0, 0.0), v=(0.0, 1.0))
CONSTANT = Scene(inputs=("x", "y", "0.5"))


def test_fields_of_several_numbers_run_all_together() -> None:
    assert run("origin", (0, 10), "4,20", frames=3, scene=PLANE) == [(0.0, 10.0), (2.0, 15.0), (4.0, 20.0)]
    assert run("units", (0, 1, 2), (4, 1, 6), frames=3, scene=Scene(lens="rgb")) == [(0, 1, 2), (2, 1, 4), (4, 1, 6)]
    rows = run("inputs", "x,0.25,y", ("x", 0.75, "y"), frames=3)
    assert rows == [("x", "0.25", "y"), ("x", "0.5", "y"), ("x", "0.75", "y")]
    assert run("probe", (0, 0), (1, 1), (0, 0), frames=4, scene=Scene(lens="probe"))[2] == (1.0, 1.0)


def test_one_number_of_several_runs_alone_and_beside_another() -> None:
    tracks = Track("origin.0", (0, 4)), Track("origin.1", ("5", "7")), Track("u.1", (0.5, 1.5))
    scenes = [Animation(PLANE, tracks, 3).at(k) for k in range(3)]
    assert [scene.origin for scene in scenes] == [(0.0, 5.0), (2.0, 6.0), (4.0, 7.0)]
    assert [scene.u for scene in scenes] == [(1.0, 0.5), (1.0, 1.0), (1.0, 1.5)]
    assert {scene.v for scene in scenes} == {(0.0, 1.0)}
    deep, goal = Scene(center=(f"0.{'7' * 50}", "0"), radius=1e-30), f"0.{'3' * 60}"
    centers = [Animation(deep, (Track("center.1", ("0.1", goal)),), 3).at(k).center for k in range(3)]
    assert {x for x, _ in centers} == {deep.center[0]}
    assert [str(y) for _, y in centers[::2]] == ["0.1", goal]
    assert str(centers[1][1]).startswith(f"0.21{'6' * 30}")
    assert len(str(centers[1][1])) < 60
    constants = Animation(CONSTANT, (Track("inputs.2", (0, 1)),), 3)
    assert [constants.at(k).inputs[2] for k in range(3)] == ["0.0", "0.5", "1.0"]


@pytest.mark.parametrize(
    ("scene", "tracks", "said"),
    [
        (PLANE, [("origin.2", (0, 1))], "origin.2: is none of origin.0 to origin.1"),
        (PLANE, [("origin.x", (0, 1))], "origin.x: is none of origin.0 to origin.1"),
        (PLANE, [("origin.-1", (0, 1))], "origin.-1: is none of origin.0 to origin.1"),
        (Scene(), [("origin.0", (0, 1))], "origin.0: the scene's origin is empty"),
        (PLANE, [("origin", ((0, 1, 2), (1, 2, 3)))], "origin: 3 numbers, but u has 2 and v 2"),
        (PLANE, [("origin.0", ("a", "b"))], "origin: .* is not a list of numbers"),
        (PLANE, [("origin", ((0, 1), (1, 2))), ("origin.0", (0, 1))], "origin.0: varies twice"),
        (PLANE, [("origin.0", (1, 2)), ("origin.0", (0, 1))], "origin.0: varies twice"),
        (PLANE, [("inputs", ("x,1", "x,2"))], "inputs: have no effect where origin, u and v"),
        (CONSTANT, [("inputs.0", (0, 1))], "inputs.0: numbers among the inputs vary"),
        (CONSTANT, [("inputs.2", ("0", "x"))], "inputs.2: numbers among the inputs vary"),
        (CONSTANT, [("inputs", ("x,y,1", "y,x,2"))], "inputs: numbers among the inputs vary"),
        (CONSTANT, [("inputs", ("x,y", "x,y"))], "inputs: numbers among the inputs vary"),
        (Scene(), [("units", ((0, 1, 2), (3, 4, 5)))], "units: has no effect on the lens outputs, only on rgb"),
        (Scene(), [("radius.0", (1, 2))], "radius.0: does not vary"),
        (Scene(), [("center.2", (1, 2))], "center.2: is none of center.0 to center.1"),
        (Scene(), [("center.0", ("0", "x"))], "center: .* is not two numbers"),
    ],
)
def test_rows_that_cannot_vary_are_refused_by_name(scene: Scene, tracks: list[tuple[Any, ...]], said: str) -> None:
    with pytest.raises(SceneError, match=said):
        Animation(scene, tuple(Track(*track) for track in tracks), 3)


def test_a_loop_that_does_not_close_is_refused() -> None:
    with pytest.raises(SceneError, match=r"radius: a loop ends as it begins, and this goes from 1.0 to 2.0"):
        run("radius", 1, 2, loop=True)


def test_together_the_largest_values_must_be_a_network() -> None:
    with pytest.raises(SceneError, match="the limit is 16,000,000"):
        Animation(Scene(tied=False), (Track("layers", (2, 256)), Track("width", (512, 2))), 3)


def test_what_has_no_effect_on_loaded_weights_does_not_vary() -> None:
    with pytest.raises(SceneError, match=r"scale: has no effect on a network loaded from a.npz"):
        Animation(Scene(weights="a.npz"), (Track("scale", (0, 1)),), 3)


def test_frames_outside_the_animation_are_refused() -> None:
    for frames in (0, 1_000_001):
        with pytest.raises(SceneError, match="frames"):
            Animation(Scene(), (), frames)
    for k in (-1, 3):
        with pytest.raises(IndexError, match=r"0..2"):
            Animation(Scene(), (), 3).at(k)
