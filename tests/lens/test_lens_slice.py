"""The slice: its curves are the network's values at the very pixels of the probe's row, and its axes hold them."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import weightscape
from weightscape.draw.chart import Axis, coordinates, labels, number, ticks, value
from weightscape.engine.choice import opened
from weightscape.engine.question import Values
from weightscape.lens import point
from weightscape.lens.curve import Curves, along, bundle, columns, crowd, is_flat, span
from weightscape.lens.lens import Answered
from weightscape.lens.slice import bends, line, panels, title, units_of
from weightscape.lens.slice_panel import Panel, _label_boxes
from weightscape.lens.slice_units import UNITS, told
from weightscape.lens.winner import THREE
from weightscape.network.network import Tap, forward
from weightscape.network.pattern import pattern
from weightscape.network.view import moved, pixel_to_plane, pixel_to_screen, screen_to_offset, screen_to_pixel
from weightscape.picture.network_memory import network
from weightscape.picture.questions import questions
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.scene_error import SceneError

# Every third parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(7)

SCENE = Scene(layers=4, width=5, lens="slice")
SIZE = (37, 20)
ROW = 4


def on_row(scene: Scene, row: int = ROW, size: tuple[int, int] = SIZE) -> Scene:
    """Move the probe to the middle of a row of pixels."""
    return replace(scene, probe=(0.3, pixel_to_screen(size, (0.0, row + 0.5))[1]))


def answers(scene: Scene, size: tuple[int, int], engine: str = "numpy", precision: str = "single") -> list[Answered]:
    with opened(engine) as choice:  # type: ignore[arg-type]
        asked = questions(scene, size, precision)  # type: ignore[arg-type]
        return [Answered(each, choice.engine.field(each)) for each in asked]


def row_of(scene: Scene, row: int = ROW) -> Values:
    points = [pixel_to_plane(scene.view, SIZE, (i + 0.5, row + 0.5)) for i in range(SIZE[0])]
    return np.array([[float(x), float(y)] for x, y in points])


@pytest.mark.parametrize("engine", ["numpy", "fragment", "compute"])
@pytest.mark.parametrize("angle", [0.0, 30.0])
@pytest.mark.parametrize(("layer", "before"), [(0, False), (2, True)])
def test_curves_are_the_values_at_the_pixels_of_the_row(
    angle: float, layer: int, before: bool, engine: str, gl: object
) -> None:
    scene = on_row(replace(SCENE, angle=angle, layer=layer, before=before, center=("0.5", "-0.25")))
    made = network(scene)
    curves = along(answers(scene, SIZE, engine)[0], auto=False)
    tap = Tap((layer or 3) - 1, None, before)
    expected, other = (
        np.concatenate(forward(made, row_of(scene, row), (Tap(), tap)), axis=-1) for row in (ROW, ROW + 2)
    )

    assert units_of(scene, made) == tap
    assert curves.values.shape == (SIZE[0], 3 + 5)
    assert np.allclose(curves.values, expected, atol=2e-5)
    assert not np.allclose(curves.values, other, atol=0.01)


def test_in_double_precision_curves_are_the_reference() -> None:
    scene = on_row(replace(SCENE, angle=30.0))
    expected = np.concatenate(forward(network(scene), row_of(scene), (Tap(), Tap(2))), axis=-1)

    assert np.allclose(along(answers(scene, SIZE, precision="double")[0], False).values, expected, atol=1e-12)


def test_the_values_beside_the_probe_are_those_of_its_point_not_of_the_next_pixel() -> None:
    scene = replace(Scene(lens="slice"), probe=(0.0, 0.0))
    seen = answers(scene, (40, 30), precision="double")[1].field.values[0, 0]

    # The article's golden outputs at (0, 0).
    assert np.allclose(seen, (0.513632, 0.308902, 0.322001), atol=1e-6)


def test_a_deep_curve_keeps_its_own_digits() -> None:
    scene = on_row(replace(SCENE, radius=1e-14, levels="auto", center=("0.3", "0.2")))
    curves = along(answers(scene, SIZE, precision="perturbed")[0], auto=True)
    made, middle = network(scene), [float(c) for c in line(scene, SIZE).center]
    step = 1e-3
    ahead, behind = (made([[middle[0] + s * step, middle[1]]])[0] for s in (1, -1))
    slope = (ahead - behind) / (2 * step)
    pixel = 2 * scene.radius / min(SIZE)
    outputs = curves.part(0, 3)

    assert is_flat(outputs)
    assert np.allclose(np.diff(outputs.rise, axis=0) / pixel, slope, rtol=1e-3)
    low, high = span(outputs, "sigmoid", auto=True)
    assert 0 < high - low < 1e-12
    assert low < outputs.rise.min() < outputs.rise.max() < high


def test_flat_curves_that_are_rounded_are_not_blown_up() -> None:
    rounded = Curves(np.array([0.5]), np.array([[0.0], [1e-8], [-1e-8]]))

    assert not is_flat(rounded)
    assert span(rounded, "sigmoid", auto=False) == pytest.approx((-0.05, 1.05))
    assert is_flat(replace(rounded, fine=True))


@pytest.mark.parametrize(
    ("low", "high", "activation", "auto", "expected"),
    [
        (0.2, 0.8, "sigmoid", False, (0.0, 1.0)),
        (0.2, 0.8, "sigmoid", True, (0.2, 0.8)),
        (-0.5, 0.1, "tanh", False, (-1.0, 1.0)),
        (2.0, 30.0, "relu", False, (0.0, 30.0)),
    ],
)
def test_an_axis_holds_what_the_activation_can_give_or_what_the_curves_do(
    low: float, high: float, activation: str, auto: bool, expected: tuple[float, float]
) -> None:
    free = 0.05 * (expected[1] - expected[0])
    curves = Curves(np.array([0.0]), np.array([[low], [high]]), True)

    assert span(curves, activation, auto) == pytest.approx((expected[0] - free, expected[1] + free))


def test_curves_that_never_change_still_have_an_axis() -> None:
    for middle in (0.0, 3.0, -1e24):
        low, high = span(Curves(np.array([middle]), np.zeros((4, 1)), True), "identity", True)
        assert low < high
        assert np.isfinite(Axis(low, high, 10.0, 90.0).place(np.array([middle, 0.0]))).all()


def test_round_numbers_and_their_digits() -> None:
    assert labels(ticks(-0.02, 1.02, 6)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert labels(ticks(-2.6, 2.6, 6)) == ["−2", "−1", "0", "1", "2"]
    assert labels(ticks(-1.1e-19, 1e-19, 3)) == ["−1e−19", "0", "1e−19"]
    assert ticks(1.0, 1.0, 5) == []
    assert labels(ticks(0.0, 1e24, 2)) == ["0", "5.0e23", "1.0e24"]
    assert (number(-1.5e-7), value(0.25), value(-0.00001), value(0.0)) == ("−1.5e−7", "0.2500", "−1.000e−5", "0.0000")


def test_the_title_tells_the_line_with_the_digits_of_a_pixel() -> None:
    scene = replace(SCENE, probe=(0.5, 0.25), radius=2.0)
    assert title(scene, (200, 100)) == "along y = 0.50"
    assert title(replace(scene, angle=90.0), (200, 100)) == "through (−0.50, 1.00), turned by 90°"
    deep = replace(scene, radius=1e-30, center=("0.123456789012345678901234567890123", "0"))
    assert title(deep, (200, 100)).endswith(", numbers from the middle of the picture")
    point = Decimal("0.123456789012345678"), Decimal(-7)
    assert coordinates(point, 1e-20) == ("0.12345678901235…", "−7.00000000000000…")


def test_a_layer_that_is_not_there_is_named() -> None:
    with pytest.raises(SceneError, match=r"layer: 5 is not in 0\.\.4"):
        weightscape.render(replace(SCENE, layer=5), size=SIZE)


def test_one_layer_has_outputs_alone_and_ten_of_many_are_drawn() -> None:
    scene = Scene(layers=1, lens="slice")
    made, size = network(scene), (300, 300)
    assert len(panels(scene, made, size, along(answers(scene, size)[0], False))) == 1
    seen = weightscape.render(scene, size=size, engine="numpy")
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 20


def test_the_picture_has_each_output_where_the_reference_says() -> None:
    scene = Scene(seed=7, layers=2, width=4, lens="slice", probe=(0.0, 0.1))
    size = (240, 320)
    made = network(scene)
    curves = along(answers(scene, size)[0], False)
    axis = panels(scene, made, size, curves)[0].axis
    seen = weightscape.render(scene, size=size, engine="numpy") / 255.0
    centre = moved(scene.center, screen_to_offset(scene.view, pixel_to_screen(size, (155.5, 0.0))))
    y = float(line(scene, size).center[1])
    places = axis.place(made([[float(centre[0]), y]])[0])
    assert np.diff(np.sort(places)).min() > 6

    for colour, place in zip(THREE, places, strict=True):
        near = seen[int(place) - 2 : int(place) + 3, 155]
        assert np.abs(near - colour).sum(-1).min() < 0.25


def test_many_curves_are_light_that_adds_up_and_those_that_are_told_apart_are_by_themselves() -> None:
    flat = np.full((6, 3), 4.5)
    light = bundle(flat, 9, np.ones(3), [1])
    assert np.allclose(light[:, 4].T, (2.0, 1.0))
    assert np.allclose(np.delete(light, 4, axis=1), 0.0)
    # A line half a pixel lower lies in two rows; a step covers all between.
    cover = bundle(np.array([[4.0], [4.0], [8.0]]), 9, np.ones(1), [])[0]
    assert cover[3:5, 0, ...].tolist() == [0.5, 0.5]
    assert cover[:, 2].sum() == pytest.approx(2.0 + 1.0)
    assert bundle(flat, 9, np.array([1.0, 0.5, 1.0]), [1])[1, 4, 0] == 0.5
    assert columns(np.array([[0.0], [4.0]]), 4, 8)[:, 0].tolist() == [0.0, 0.0, 0.5, 1.5, 2.5, 3.5, 4.0, 4.0]


def panel_of(rise: np.ndarray) -> Panel:
    return Panel(Curves(np.zeros(rise.shape[1]), rise), Axis(-1.0, 1.0, 0.0, 100.0), "", 12.0)


def test_eight_units_at_most_are_told_apart_each_by_the_colour_of_its_number() -> None:
    vary = np.random.default_rng(3).permutation(30) / 30.0
    chosen = told(panel_of(np.array([-1.0, 1.0])[:, None] * vary))
    assert len({n % len(UNITS) for n in chosen}) == len(chosen) == len(UNITS) == 8
    for n in chosen:
        assert vary[n] == max(vary[n % 8 :: 8])
    assert told(panel_of(np.zeros((4, 3)))) == (0, 1, 2), "there is room for all"
    assert told(panel_of(np.zeros((4, 9)))) == (), "none of them varies"


def test_the_units_colours_are_far_apart_also_for_who_sees_no_red_or_no_green() -> None:
    # Viénot, Brettel, Mollon (1999): linear RGB as a dichromat sees it.
    seen = {
        "all": np.eye(3),
        "protan": np.array([[0.1124, 0.8876, 0.0], [0.1124, 0.8876, 0.0], [0.0040, -0.0040, 1.0]]),
        "deutan": np.array([[0.2925, 0.7075, 0.0], [0.2925, 0.7075, 0.0], [-0.0223, 0.0223, 1.0]]),
    }
    for name, matrix in seen.items():
        colours = np.clip(np.array(UNITS) ** 2.2 @ matrix.T, 0.0, 1.0) ** (1 / 2.2)
        apart = np.abs(colours[:, None] - colours).max(-1)
        assert apart[~np.eye(len(UNITS), dtype=bool)].min() > 0.1, name


def test_the_legend_names_the_colours_that_are_drawn() -> None:
    size = (640, 400)
    scene = Scene(lens="slice")
    panel = panels(scene, network(scene), size, along(answers(scene, size)[0], False))[1]
    seen = weightscape.render(scene, size=size, engine="numpy") / 255.0
    row = seen[int(panel.axis.top - 1.5 * panel.letter) : int(panel.axis.top)]
    below = seen[int(panel.axis.top) + 2 : int(panel.axis.bottom) - 2, 100:]
    assert len(told(panel)) == 8
    for n in told(panel):
        for part in (row, below):
            assert (np.abs(part - UNITS[n % 8]).max(-1) < 0.04).sum() > 8


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (7, 3), (50, 40), (276, 1280)])
@pytest.mark.parametrize("most", [0.4, 3.0, 60.0])
def test_a_crowd_is_what_one_pixel_in_a_hundred_has_more_of(most: float, shape: tuple[int, int]) -> None:
    cover = np.random.default_rng(1).uniform(0.0, most, shape).astype(np.float32)
    for quiet in (0, shape[1] // 2, shape[1]):  # a sample of columns may tell nothing of the others
        cover[:, :quiet:16] = 0.0
        expected = max(1.0, float(np.percentile(cover.astype(float), 99.0)))
        assert crowd(cover.copy()) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("size", [(20, 10), (1, 1), (320, 240), (1280, 720), (100, 400)])
@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        Scene(layers=60, width=64, activation="relu"),
        Scene(layers=1),
        Scene(layers=3, outputs=1, angle=30.0),
        Scene(layers=3, width=512, probe=(5.0, -3.0), levels="auto"),
        Scene(radius=1e-40, levels="auto", probe=(0.9, 0.9)),
        Scene(scale=0.0),
        Scene(layers=40, activation="relu", output_activation="identity", scale=1e6),
    ],
    ids=range(8),
)
def test_any_network_makes_a_picture_of_any_size(scene: Scene, size: tuple[int, int]) -> None:
    seen = weightscape.render(replace(scene, lens="slice"), size=size, engine="numpy")

    assert seen.shape == (size[1], size[0], 3)
    assert size == (1, 1) or len(np.unique(seen.reshape(-1, 3), axis=0)) > 1


@pytest.mark.parametrize(("width", "caption"), [(1, "layer 3, 1 unit, tanh"), (2, "layer 3, 2 units, tanh")])
def test_one_unit_is_a_unit(width: int, caption: str) -> None:
    scene = replace(SCENE, width=width)
    made = network(scene)
    assert panels(scene, made, (300, 300), along(answers(scene, (300, 300))[0], False))[1].caption == caption


def test_curves_stand_back_behind_the_numbers() -> None:
    scene, size = Scene(lens="slice", probe=(0.5, 0.0)), (640, 480)
    panel = panels(scene, network(scene), size, along(answers(scene, size)[0], False))[1]
    seen = weightscape.render(scene, size=size, engine="numpy")
    boxes = _label_boxes(panel, size[0])
    assert len(boxes) > 3
    for left, top, right, bottom in boxes:
        part = seen[int(top) : int(bottom), int(left) : int(right)].reshape(-1, 3).astype(float)
        # Letters and paper are grey, curves stand back behind them.
        assert np.ptp(part, axis=1).max() < 50.0
        assert np.mean(part.max(1) < 75.0) > 0.4
        assert part.max() > 120.0
    beside = seen[int(boxes[-1][1]) : int(boxes[0][3]), 120:600].astype(float)
    assert np.ptp(beside, axis=-1).max() > 80.0


def test_the_bends_of_a_relu_network_are_marked_where_they_are() -> None:
    scene = Scene(
        layers=3, width=6, activation="relu", rule="he", tied=False, lens="slice", angle=20.0, probe=(0.0, 0.3)
    )
    size = (400, 300)
    made = network(scene)
    found = bends(scene, made, size)
    assert found is not None
    assert len(found) > 3
    straight = replace(made, activations=(*made.activations[:-1], "identity"))

    def values(pixel: float) -> np.ndarray:
        point = pixel_to_plane(scene.view, size, (pixel, screen_to_pixel(size, scene.probe)[1]))
        return straight([float(part) for part in point])

    def bend(pixel: float) -> float:
        return float(np.abs(values(pixel - 0.02) - 2.0 * values(pixel) + values(pixel + 0.02)).max())

    assert sum(bend(x) > 1e-6 for x in found) > len(found) / 2  # behind units that are off nothing is seen of a switch
    between = 0.5 * (found[1:] + found[:-1])
    assert all(bend(x) < 1e-9 for x in between[np.diff(found) > 0.1])
    assert bends(replace(scene, activation="tanh"), network(replace(scene, activation="tanh")), size) is None


@pytest.mark.parametrize(("name", "weights"), [("street-light", ""), ("digits", "digits-relu")])
def test_bends_are_counted_of_all_inputs_that_are_affine_in_the_plane(name: str, weights: str) -> None:
    written = (Path(__file__).parents[2] / "assets" / "scenes" / f"{name}.json").read_text()
    scene = replace(from_text(written), lens="slice", angle=15.0, probe=(0.0, 0.3))
    scene, size = replace(scene, weights=weights or scene.weights), (400, 300)
    made = network(scene)
    found = bends(scene, made, size)
    assert found is not None
    assert len(found) > 1

    def piece(pixel: float) -> list[int]:
        probe = pixel_to_screen(size, (pixel, 0.0))[0], scene.probe[1]
        return pattern(made, point.inputs(replace(scene, probe=probe))).tolist()

    edges = np.concatenate([[0.0], found, [400.0]])
    for left, bend, right in zip(edges[:-2], found, edges[2:], strict=True):
        step = 0.25 * min(bend - left, right - bend)
        assert piece(bend - step) != piece(bend + step)
        assert piece(bend - 3 * step) == piece(bend - step)
    dense = [tuple(piece(x)) for x in np.linspace(0.5, 399.5, 800)]
    assert sum(a != b for a, b in pairwise(dense)) <= len(found)
