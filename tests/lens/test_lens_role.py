"""The role of a unit: what drives it, by hand; the picture without it; where all stands; and where clicks lead."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from exposing import drawn
from lettering import outside, overlapping, recorded

import weightscape
from weightscape.draw.cross import crossed
from weightscape.draw.lettering import Letters, sized
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Field, plain
from weightscape.lens.catalogue import wants
from weightscape.lens.role import ROLE, plan_of, subject
from weightscape.lens.role_change import Look, change, with_and_without
from weightscape.lens.role_drive import MEASURED, candidates, deviation, drive, measured_size
from weightscape.lens.role_layout import LEAST_PX, MOST, layout, size_of
from weightscape.lens.winner import winners
from weightscape.network.edit import Unit
from weightscape.network.network import Network, Tap, forward
from weightscape.network.view import pixel_to_plane
from weightscape.picture.network_memory import network
from weightscape.publish import gallery
from weightscape.scene.colour import colour
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import quantise, shade

SCENE = Scene(layers=5, width=9, lens="role", layer=3, unit=4, tied=False)
SIZE = (640, 400)
SIZES = [(640, 400), (1280, 720), (400, 640), (300, 900), (1600, 300), (200, 150), (120, 120), (61, 49)]


def points(scene: Scene, size: tuple[int, int]) -> np.ndarray:
    """Tell the plane's points of a picture: (height, width, 2)."""
    xs, ys = range(size[0]), range(size[1])
    return np.array(
        [[[float(c) for c in pixel_to_plane(scene.view, size, (i + 0.5, j + 0.5))] for i in xs] for j in ys]
    )


def cut(picture: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    return picture[box[1] : box[3], box[0] : box[2]].astype(int)


def by_hand(scene: Scene) -> list[int]:
    """Order a unit's inputs by |w| s, straight from the formula."""
    made, size = network(scene), measured_size(SIZE)
    (h,) = forward(made, points(scene, size), (Tap(scene.layer - 2),))
    return np.argsort(-np.abs(made.weights[scene.layer - 1][:, scene.unit]) * h.std((0, 1)), kind="stable").tolist()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["numpy", "jit", "fragment", "compute"])
def test_the_row_has_the_inputs_of_largest_weight_times_deviation_on_every_engine(engine: str, gl: object) -> None:
    seen = weightscape.render(SCENE, size=SIZE, engine=engine)  # type: ignore[arg-type]
    made, plan = network(SCENE), layout(SIZE, 9, False)
    order = by_hand(SCENE)

    for box, unit in zip(plan.inputs, order, strict=False):
        (values,) = forward(made, points(SCENE, size_of(box)), (Tap(1, (unit,)),))
        expected = quantise(shade(0.5 + 0.5 * values, colour(SCENE)), "round")
        assert np.abs(cut(seen, box) - expected).max() <= 1
    (values,) = forward(made, points(SCENE, size_of(plan.unit)), (Tap(2, (4,)),))
    assert np.abs(cut(seen, plan.unit) - quantise(shade(0.5 + 0.5 * values, colour(SCENE)), "round")).max() <= 1


@pytest.mark.parametrize("engine", ["numpy", "jit", "fragment", "compute"])
def test_beside_it_stand_the_picture_that_without_it_and_their_difference(engine: str, gl: object) -> None:
    seen = weightscape.render(SCENE, size=SIZE, engine=engine)  # type: ignore[arg-type]
    boxes = layout(SIZE, 9, False).pictures
    size = size_of(boxes[0])
    now, without = (
        weightscape.render(replace(SCENE, lens="outputs", silenced=units), size=size, engine="numpy").astype(int)
        for units in ("", "3:4")
    )
    look = Look(SCENE, plain(np.zeros((1, 1, 3), np.float32)))
    few = [plain(network(replace(SCENE, silenced=units))(points(SCENE, measured_size(SIZE)))) for units in ("", "3:4")]
    times = change(look, *few).times

    assert np.abs(cut(seen, boxes[0]) - now).max() <= 1
    assert np.abs(cut(seen, boxes[1]) - without).max() <= 1
    assert np.abs(cut(seen, boxes[2]) - np.minimum(times * np.abs(now - without), 255)).max() <= times + 1
    assert np.abs(now - without).max() > 5


def test_a_silenced_unit_is_crossed_out_and_both_pictures_stay_where_they_were() -> None:
    heard, silenced = (
        weightscape.render(replace(SCENE, silenced=units), size=SIZE, engine="numpy") for units in ("1:1", "1:1,3:4")
    )
    plan = layout(SIZE, 9, False)

    for box in plan.pictures:
        assert np.array_equal(cut(heard, box), cut(silenced, box))
    expected = quantise(crossed(cut(heard, plan.unit) / 255.0), "round")
    assert np.abs(cut(silenced, plan.unit) - expected).max() <= 1
    assert not np.array_equal(cut(heard, plan.unit), cut(silenced, plan.unit))


def test_one_of_the_two_networks_is_the_scenes_own_and_both_are_known_again() -> None:
    for units, own in (("", 0), ("3:4", 1), ("1:1", 0), ("1:1,3:4", 1)):
        scene = replace(SCENE, silenced=units)
        pair = with_and_without(scene, network(scene), Unit(3, 4))
        assert pair[own] is network(scene)
        assert pair == with_and_without(scene, network(scene), Unit(3, 4))
        others = units.removesuffix(",3:4").removesuffix("3:4")
        expected = [network(replace(SCENE, silenced=each)) for each in (others, f"{others},3:4")]
        for one, other in zip(pair, expected, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def test_edits_stay_where_a_unit_is_heard_again() -> None:
    scene = replace(SCENE, silenced="3:4", edits="4:4:2=0.5")
    heard, _ = with_and_without(scene, network(scene), Unit(3, 4))
    assert heard.weights[3][4, 2] == 0.5


def test_deviations_are_those_of_numpy_and_hold_where_squares_vanish() -> None:
    values = np.random.default_rng(1).normal(size=(20, 30, 4))
    scale = np.array([1.0, -3.0, 1e-290, 0.0])
    found = deviation(Field(values, np.array([0.0, 5.0, 1.0, 2.0]), scale))
    assert np.allclose(found, np.abs(scale) * values.std((0, 1)), rtol=1e-12, atol=0.0)


def test_a_large_weight_on_an_input_that_stands_still_drives_nothing() -> None:
    values = np.stack([np.full((8, 8), 0.9), np.arange(64.0).reshape(8, 8) / 64, np.zeros((8, 8))], -1)
    found = drive(np.array([100.0, -0.1, 7.0]), plain(values))
    assert found.order == (1, 0, 2)
    assert found.moves[1] == pytest.approx(0.1 * values[..., 1].std())
    assert found.moves[0] == found.moves[2] == 0.0


def test_of_many_inputs_on_a_plane_the_strongest_are_looked_at() -> None:
    rng = np.random.default_rng(5)
    origin, u, v, w = (tuple(rng.normal(size=100)) for _ in range(4))
    scene = replace(SCENE, origin=origin, u=u, v=v, angle=30.0)
    where = points(scene, (90, 60))
    inputs = np.array(origin) + where[..., :1] * np.array(u) + where[..., 1:] * np.array(v)
    strongest = np.argsort(-np.abs(w) * inputs.std((0, 1)))[:64]
    assert set(candidates(scene, np.array(w), (90, 60))) == set(strongest.tolist())
    assert candidates(scene, np.array(w[:64]), (90, 60)) == tuple(range(64))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", [1.0, 2.0])
@pytest.mark.parametrize("fields", [{}, {"layer": 1}, {"layer": 0, "unit": 1}, {"silenced": "3:4"}])
def test_everything_has_room_in_windows_of_every_shape(
    size: tuple[int, int],
    text: float,
    fields: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    numpy_engine: NumpyEngine,
) -> None:
    scene = replace(SCENE, **fields)  # type: ignore[arg-type]
    given = sized(size, Letters(1.0, text))
    lines = recorded(monkeypatch)
    drawn(numpy_engine, scene, given)
    plan = plan_of(subject(scene, network(scene), given), given)
    boxes = [plan.unit, *plan.pictures, *plan.inputs]

    assert outside(lines) == []
    assert overlapping(lines) == []
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
        for other in boxes[:n]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    assert 1 <= len(plan.inputs) <= MOST


def test_letters_are_there_in_the_smallest_window_and_at_large_text_where_there_is_room() -> None:
    assert layout((640, 400), 30, False).letter > 11.0
    assert layout(sized((1280, 720), Letters(1.0, 2.0)), 30, False).letter > 14.0


@pytest.mark.parametrize("size", [(1, 1), (30, 20), (LEAST_PX - 1, 500)])
def test_a_tiny_picture_is_the_unit_alone(size: tuple[int, int]) -> None:
    scene = replace(SCENE, lens="unit")
    assert (
        np.abs(
            weightscape.render(SCENE, size=size, engine="numpy").astype(int)
            - weightscape.render(scene, size=size, engine="numpy")
        ).max()
        <= 1
    )


def test_inputs_of_the_first_layer_are_what_the_network_is_fed(numpy_engine: NumpyEngine) -> None:
    scene = replace(SCENE, layer=1, inputs=("x", "r", "0.5", "y"))
    seen = drawn(numpy_engine, scene, SIZE)
    plan = layout(SIZE, 4, False)
    assert len(plan.inputs) == 4
    pictures = [cut(np.rint(255 * seen), box) for box in plan.inputs]
    assert np.ptp(pictures[-1].reshape(-1, 3), axis=0).max() == 0  # the constant comes last
    assert all(np.ptp(each.reshape(-1, 3), axis=0).max() > 50 for each in pictures[:-1])


def test_of_many_outputs_the_largest_is_shown_and_how_much_is_decided_otherwise() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(2, 12, 15, 5))
    look = Look(SCENE, plain(one))
    found = change(look, plain(one), plain(other))
    assert np.array_equal(look(plain(one)), winners(one))
    assert found.otherwise == (one.argmax(-1) != other.argmax(-1)).mean()
    assert found.mean == pytest.approx(np.abs(one - other).mean())
    assert found.is_decided


def test_a_difference_is_shown_as_many_times_as_large_as_it_can_be_seen() -> None:
    one = np.full((10, 10, 3), 0.5)
    look = Look(SCENE, plain(one))
    for size, times in ((0.4, 2), (0.3, 2), (0.2, 4), (1e-9, 128), (0.0, 1)):
        found = change(look, plain(one), plain(one + size))
        assert (found.times, found.mean) == (times, pytest.approx(size, abs=1e-15))
    # Of one output it is that of the value, whatever the palette is.
    grey = replace(SCENE, outputs=1, palette="magma")
    value = one[..., :1]
    assert change(Look(grey, plain(value)), plain(value), plain(value + 0.1)).mean == pytest.approx(0.1)


def test_stretched_levels_are_the_same_for_both_pictures() -> None:
    scene = replace(SCENE, levels="auto")
    one = np.linspace(0.4, 0.5, 300).reshape(10, 10, 3)
    look = Look(scene, plain(one))
    assert np.ptp(look(plain(one))) > 0.8
    assert change(look, plain(one), plain(one + 0.01)).mean > 0.05


def test_an_output_has_no_picture_without_it() -> None:
    scene = replace(SCENE, layer=0, unit=1)
    plan = layout(SIZE, 9, True)
    seen = weightscape.render(scene, size=SIZE, engine="numpy")
    assert len(plan.pictures) == 1
    expected = weightscape.render(replace(scene, lens="outputs"), size=size_of(plan.pictures[0]), engine="numpy")
    assert np.abs(cut(seen, plan.pictures[0]) - expected).max() <= 1
    assert len(wants(scene, network(scene), SIZE)) == 5


def test_it_costs_less_than_half_of_one_picture() -> None:
    for size in ((1280, 720), (640, 400), (400, 640)):
        found = wants(SCENE, network(SCENE), size)
        assert sum(want.size[0] * want.size[1] for want in found) < 0.5 * size[0] * size[1]
        assert found[-1].size == measured_size(size)
        assert min(found[-1].size) == MEASURED


def test_large_pictures_of_wide_layers_take_few_numbers() -> None:
    scene = Scene(layers=4, width=512, lens="role", layer=3, unit=4)
    inputs = wants(scene, network(scene), (3840, 2160))[3]
    assert inputs.taps == (Tap(1),)
    assert inputs.size[0] * inputs.size[1] * 512 <= 1 << 23
    assert ROLE.pick is not None


def test_a_click_on_an_input_leads_to_its_role_and_on_the_unit_to_its_picture(numpy_engine: NumpyEngine) -> None:
    made, plan, pick = network(SCENE), layout(SIZE, 9, False), ROLE.pick
    assert pick
    drawn(numpy_engine, SCENE, SIZE)
    for box, unit in zip(plan.inputs, by_hand(SCENE), strict=False):
        assert pick(SCENE, made, SIZE, (box[0] + 1.0, box[1] + 1.0)) == replace(SCENE, layer=2, unit=unit)
    assert pick(SCENE, made, SIZE, (plan.unit[0] + 5.0, plan.unit[1] + 5.0)) == replace(SCENE, lens="unit")
    assert pick(SCENE, made, SIZE, (1.0, 1.0)) is None
    first = replace(SCENE, layer=1)
    drawn(numpy_engine, first, SIZE)
    box = layout(SIZE, 2, False).inputs[0]
    assert pick(first, made, SIZE, (box[0] + 1.0, box[1] + 1.0)) is None


@pytest.mark.parametrize(("layer", "unit", "field"), [(6, 0, "layer"), (2, 9, "unit"), (0, 3, "unit")])
def test_a_layer_or_unit_that_is_not_there_is_named(layer: int, unit: int, field: str) -> None:
    with pytest.raises(SceneError, match=r"is not in 0\.\.") as caught:
        wants(replace(SCENE, layer=layer, unit=unit), network(SCENE), SIZE)
    assert caught.value.field == field


def test_a_deep_view_is_what_many_digits_say() -> None:
    scene = replace(SCENE, radius=1e-30, center=(Decimal("0.3"), Decimal("-0.2")), levels="auto")
    plan = layout(SIZE, 9, False)
    seen = weightscape.render(scene, size=SIZE, engine="numpy")
    expected = weightscape.render(replace(scene, lens="unit"), size=size_of(plan.unit), engine="numpy")
    assert np.abs(cut(seen, plan.unit) - expected).max() <= 3
    assert np.ptp(cut(seen, plan.inputs[0])) > 100


def test_the_digit_networks_roles_are_drawn(numpy_engine: NumpyEngine) -> None:
    scene = replace(gallery.scene("digits"), lens="role", layer=2, unit=3)
    made = network(scene)
    assert isinstance(made, Network)
    for layer in (1, 2, 0):
        seen = drawn(numpy_engine, replace(scene, layer=layer), SIZE)
        assert np.isfinite(seen).all()
        assert seen.std() > 0.1
