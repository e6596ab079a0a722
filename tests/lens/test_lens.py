"""Lenses: what they want evaluated, and how values become display values; the same in file and engine."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from exposing import drawn
from memory import peak

import weightscape
from weightscape.draw.plate import GRID
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Values, plain
from weightscape.lens.catalogue import CATALOGUE, lens, wants
from weightscape.lens.lens import PlaneLens
from weightscape.lens.output import cut
from weightscape.lens.split import differences
from weightscape.lens.winner import THREE, labels
from weightscape.network.network import Network, Tap, forward
from weightscape.network.view import pixel_to_plane
from weightscape.picture.network_memory import network
from weightscape.picture.questions import question
from weightscape.publish import gallery
from weightscape.scene import lens_name as names
from weightscape.scene.colour import colour
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import quantise, shade

SCENE = Scene(layers=4, width=5)
NET = network(SCENE)
SIZE = (23, 11)


def tapped(**fields: object) -> tuple[Tap, ...]:
    return wants(replace(SCENE, **fields), NET, SIZE)[0].taps  # type: ignore[arg-type]


def level(values: list[float], **fields: object) -> list[float]:
    scene = replace(SCENE, **fields)  # type: ignore[arg-type]
    shown = lens(scene)
    assert isinstance(shown, PlaneLens)
    field = plain(np.array(values, np.float32)[:, None, None])
    return [float(value) for value in shown.level(scene, question(scene, SIZE))(field).ravel()]


def points(scene: Scene, size: tuple[int, int] = SIZE) -> Values:
    return np.array(
        [
            [[float(c) for c in pixel_to_plane(scene.view, size, (i + 0.5, j + 0.5))] for i in range(size[0])]
            for j in range(size[1])
        ]
    )


def test_every_named_lens_is_there_and_no_other() -> None:
    assert list(CATALOGUE) == list(names.LENSES)


def test_the_lens_outputs_wants_the_outputs_as_they_are() -> None:
    assert tapped() == (Tap(),)
    assert level([0.25, 0.5, 2.0]) == [0.25, 0.5, 2.0]


@pytest.mark.parametrize(("layer", "tap"), [(0, Tap(-1, (2,))), (1, Tap(0, (2,))), (4, Tap(3, (2,)))])
def test_the_lens_unit_wants_one_unit_and_layer_0_is_the_output_layer(layer: int, tap: Tap) -> None:
    assert tapped(lens="unit", layer=layer, unit=2) == (tap,)
    assert tapped(lens="unit", layer=layer, unit=2, before=True) == (replace(tap, before=True),)


@pytest.mark.parametrize(
    ("shown", "layer", "unit", "field"),
    [
        ("unit", 5, 0, "layer"),
        ("unit", 1, 5, "unit"),
        ("unit", 0, 3, "unit"),
        ("rgb", 4, 3, "units"),
        ("cut", 5, 0, "layer"),
    ],
)
def test_a_layer_or_unit_that_is_not_there_is_named_with_its_range(
    shown: str, layer: int, unit: int, field: str
) -> None:
    with pytest.raises(SceneError, match=r"is not in 0\.\.") as caught:
        tapped(lens=shown, layer=layer, unit=unit, units=(0, 1, unit))

    assert caught.value.field == field


def test_a_tanh_unit_has_its_zero_in_the_middle_of_the_palette_and_a_sigmoid_unit_its_half() -> None:
    assert level([-1.0, 0.0, 1.0], lens="unit", layer=2) == [0.0, 0.5, 1.0]
    assert level([-1.0, 0.0, 1.0], lens="unit", layer=0) == [-1.0, 0.0, 1.0]


def test_before_their_activation_units_of_any_size_are_told_apart() -> None:
    low, zero, high = level([-8.0, 0.0, 8.0], lens="unit", layer=2, before=True)

    assert 0.0 < low < zero < high < 1.0
    assert zero == 0.5


@pytest.mark.parametrize("engine", ["numpy", "fragment", "compute"])
@pytest.mark.parametrize(
    "fields",
    [{"lens": "unit", "layer": 3, "unit": 4, "palette": "magma"}, {"lens": "rgb", "layer": 2, "units": (4, 0, 1)}],
)
def test_a_picture_of_units_is_those_units(engine: str, fields: dict[str, object], gl: object) -> None:
    scene = replace(SCENE, **fields)  # type: ignore[arg-type]
    units = scene.units if scene.lens == "rgb" else (scene.unit,)
    (values,) = forward(NET, points(scene), (Tap(scene.layer - 1, units),))
    expected = quantise(shade(0.5 + 0.5 * values, colour(scene)), "round")
    seen = weightscape.render(scene, size=SIZE, engine=engine)  # type: ignore[arg-type]

    assert np.abs(expected.astype(int) - seen).max() <= 1
    assert np.allclose(values, weightscape.field(scene, size=SIZE, engine=engine), atol=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["numpy", "fragment", "compute"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_network_cut_at_a_layer_is_the_shorter_network(engine: str, layer: int, gl: object) -> None:
    scene = replace(SCENE, lens="cut", layer=layer)
    shorter = network(replace(SCENE, layers=layer + 1))

    seen = weightscape.field(scene, size=SIZE, engine=engine)  # type: ignore[arg-type]
    assert np.allclose(shorter(points(scene)), seen, atol=1e-5)
    assert np.array_equal(
        weightscape.render(replace(SCENE, lens="cut"), size=SIZE), weightscape.render(SCENE, size=SIZE)
    )


def test_where_the_output_layer_does_not_fit_the_layers_own_units_are_shown() -> None:
    rng = np.random.default_rng(3)
    widths = (2, 7, 4, 3)
    mixed = Network(
        tuple(rng.normal(size=pair) for pair in pairwise(widths)),
        tuple(rng.normal(size=n) for n in widths[1:]),
        ("tanh",) * 3,
    )

    assert cut(mixed, 1) == (mixed, Tap(0, (0, 1, 2)))
    shorter, tap = cut(mixed, 2)
    assert tap == Tap()
    assert shorter.widths == (2, 7, 4, 3)
    assert cut(mixed, 3) == (mixed, Tap())


@pytest.mark.parametrize("engine", ["numpy", "fragment", "compute"])
def test_the_winner_is_the_largest_output(engine: str, gl: object) -> None:
    size = (230, 110)
    scene = replace(SCENE, lens="winner", radius=8.0)
    seen = weightscape.render(scene, size=size, engine=engine) / 255.0  # type: ignore[arg-type]
    largest = NET(points(scene, size)).argmax(-1)
    unit = np.array(THREE) / np.linalg.norm(THREE, axis=1, keepdims=True)

    assert (np.argmax(seen @ unit.T, axis=-1) == largest).mean() > 0.97  # some are below letters
    assert len(np.unique(largest)) > 1


def test_a_large_picture_takes_little_more_memory_than_its_field(numpy_engine: NumpyEngine) -> None:
    scene, size = replace(gallery.scene("digits"), lens="stretch"), (800, 500)
    network(scene)
    field = 4 * question(scene, size).channels * size[0] * size[1]
    rest = 3e7  # colours, averages, the picture
    for _ in range(2):  # once what is imported and remembered is no picture's
        taken = peak(lambda: drawn(numpy_engine, scene, size, "single", 1))
    assert taken < 1.2 * field + rest


def test_a_class_is_named_inside_of_its_thickest_piece() -> None:
    largest = np.zeros((60, 90), np.intp)
    largest[5:45, 50:85] = 7
    largest[50:53, 3:70] = 2
    found = {number: (x, y) for number, x, y in labels(largest)}

    assert set(found) == {0, 2, 7}
    assert all(largest[round(y), round(x)] == number for number, (x, y) in found.items())
    assert abs(found[7][0] - 67.5) < 6
    assert abs(found[7][1] - 25.0) < 6


@pytest.mark.parametrize(("width", "line"), [(31, 1), (32, 2), (3, 1)])
def test_in_a_split_view_each_half_is_its_own_picture_and_a_line_stands_between_them(width: int, line: int) -> None:
    scene = replace(SCENE, beside='{"activation": "relu", "lens": "unit"}')
    seen, half = weightscape.render(scene, size=(width, 20)), (width - line) // 2

    assert np.array_equal(seen[:, :half], weightscape.render(SCENE, size=(half, 20)))
    right = replace(SCENE, activation="relu", lens="unit")
    assert np.array_equal(seen[:, half + line :], weightscape.render(right, size=(half, 20)))
    assert np.array_equal(seen[:, half:-half], np.broadcast_to(quantise(np.array(GRID), "round"), (20, line, 3)))


@pytest.mark.parametrize("width", [1, 2])
def test_where_there_is_no_room_for_two_halves_the_left_one_is_seen(width: int) -> None:
    scene = replace(SCENE, beside='{"seed": 1}')
    assert np.array_equal(weightscape.render(scene, size=(width, 9)), weightscape.render(SCENE, size=(width, 9)))


@pytest.mark.parametrize(
    "fields",
    [
        {"lens": "winner", "radius": 30.0, "scale": 4.0},
        {"lens": "regions", "activation": "relu", "rule": "he", "scale": None},
    ],
)
def test_drawings_of_points_are_averaged_over_samples_and_their_letters_stay(fields: dict[str, object]) -> None:
    scene, size = replace(SCENE, **fields), (240, 160)  # type: ignore[arg-type]
    rough, smooth, same = (weightscape.render(scene, size=size, samples=n, engine="numpy") for n in (1, 9, 1))
    large = weightscape.render(scene, size=size, samples=64, engine="numpy")
    known = {tuple(colour) for colour in rough.reshape(-1, 3)}

    assert np.array_equal(rough, same)
    assert np.abs(smooth.astype(int) - large).mean() < 0.6 * np.abs(rough.astype(int) - large).mean()
    assert any(tuple(colour) not in known for colour in smooth.reshape(-1, 3))
    letters = rough.min(-1) > 170  # no colour is so bright
    assert letters.sum() > 10
    assert np.abs(smooth[letters].astype(int) - rough[letters]).max() < 30


def test_a_chart_is_the_same_with_more_samples() -> None:
    one, many = (weightscape.render(replace(SCENE, lens="slice"), size=(90, 60), samples=n) for n in (1, 4))
    assert np.array_equal(one, many)


def test_what_is_different_on_the_right_is_told() -> None:
    assert differences(replace(SCENE, beside='{"activation": "relu", "seed": 7}')) == "seed 7, activation relu"
    assert differences(replace(SCENE, beside="{}")) == "the same"
    assert differences(replace(SCENE, tied=True, beside='{"tied": false}')) == "independent"
    assert differences(replace(SCENE, beside='{"seed": 1, "layers": 2, "width": 3, "shape": "normal"}')).endswith(" …")


@pytest.mark.parametrize("beside", ["{", "[]", '{"colour": 1}', '{"beside": "{}"}', '{"seed": -1}'])
def test_a_right_half_that_cannot_be_is_told(beside: str) -> None:
    with pytest.raises(SceneError, match="beside: "):
        weightscape.render(replace(SCENE, beside=beside), size=(31, 20))
