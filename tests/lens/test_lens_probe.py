"""The forward pass: its numbers are the network's, its words are right, and it never leaves the picture."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from lettering import outside, recorded

import weightscape
from weightscape.draw.block import coloured, resampled, sampled, side_of_image
from weightscape.draw.cell_number import short, written
from weightscape.draw.plate import PAPER, signed
from weightscape.draw.script import script_width
from weightscape.engine.choice import opened
from weightscape.file.npz import read_weights, write_weights
from weightscape.lens import formula, point
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import Answered, DrawnLens
from weightscape.lens.probe import _formulas, values_of
from weightscape.lens.probe_layout import layout
from weightscape.network.network import Network, Tap, forward
from weightscape.picture.network_memory import network
from weightscape.picture.questions import questions
from weightscape.scene.scene import Scene, from_text

# Every third parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(7)

ASSETS = Path(__file__).parents[2] / "assets"
LIGHTS = replace(
    from_text((ASSETS / "scenes" / "street-light.json").read_text()),
    weights=str(ASSETS / "weights" / "street-light.npz"),
)
SIZES = [(20, 10), (320, 240), (64, 64), (640, 640), (1280, 720), (3840, 2160)]


def made(widths: tuple[int, ...], activation: str = "tanh", bias: float = 0.1, seed: int = 1) -> Network:
    rng = np.random.default_rng(seed)
    return Network(
        tuple(rng.normal(size=pair) / pair[0] ** 0.5 for pair in pairwise(widths)),
        tuple(rng.normal(size=n) * bias for n in widths[1:]),
        (*[activation] * (len(widths) - 2), "sigmoid"),
    )


SHAPES = {
    "27 x 30": made((2, *[30] * 26, 3)),
    "60 x 512": network(Scene(layers=60, width=512)),
    "256 x 30": made((2, *[30] * 255, 3)),
    "3-4-1": made((3, 4, 1), "relu", 0.0),
    "784-16-16-10": made((784, 16, 16, 10)),
    "2-3": made((2, 3)),
    "3 x 512": made((2, 512, 512, 2)),
    "mixed": made((2, 60, 4, 100, 3, 7, 5, 6, 8, 3)),
    "4096-512-1": made((4096, 512, 1)),
}


def loaded(shape: str, path: Path, **fields: Any) -> Scene:
    """Write a network of a shape, and make the scene that shows it."""
    net = SHAPES[shape]
    if shape == "60 x 512":  # too large a file
        return Scene(layers=60, width=512, lens="probe", **fields)
    write_weights(path / "net.npz", net.weights, net.biases, net.activations)
    count = net.widths[0]
    if count > 3:
        fields |= {"origin": tuple(np.linspace(0.0, 1.0, count)), "u": (0.1,) * count, "v": (-0.1,) * count}
    return Scene(weights=str(path / "net.npz"), inputs=("x", "y", "1")[:count], lens="probe", **fields)


def seen_values(scene: Scene, size: tuple[int, int], engine: str = "numpy") -> dict[int, Any]:
    with opened(engine) as choice:
        (asked,) = questions(scene, size)
        values = choice.engine.field(asked).values[0, 0]
    return values_of(scene, network(scene), layout(network(scene), size), values)


def test_the_street_light_weights_are_what_its_script_trains() -> None:
    source = (ASSETS.parent / "tools" / "street_light.py").read_text()
    space: dict[str, Any] = {"__name__": "street_light"}
    exec(source, space)
    weights, biases, activations = read_weights(ASSETS / "weights" / "street-light.npz")

    for trained, shipped in zip(space["train"](), weights, strict=True):
        assert np.array_equal(trained, shipped)
    assert not any(b.any() for b in biases)
    assert activations == ["relu", "identity"]


def test_the_street_light_forward_pass_is_that_of_a_hand_computation() -> None:
    values = seen_values(LIGHTS, (640, 480))

    # The lights 1 0 1 add the matrix's first and third row, column by column; below 0 relu leaves 0.
    # -0.04 + 1.03 = 0.99      0.40 + 0.11 = 0.51      -0.68 + 0.66 = -0.02      0.88 - 0.88 = 0.00
    assert np.allclose(values[0], (1.0, 0.0, 1.0))
    assert np.allclose(values[1], (0.99, 0.51, 0.0, 0.0), atol=1e-6)
    # 0.99 * 0.71 + 0.51 * 0.40 = 0.7029 + 0.2040 = 0.9069
    assert np.allclose(values[2], (0.9069,), atol=1e-6)
    assert written(values[2][:, None], (60, 40), 14.0)[0] == [["0.91"]]


@pytest.mark.parametrize(("corner", "walk"), [((0.5, -0.5), 1), ((-0.5, 0.5), 1), ((-0.5, -0.5), 0), ((0.5, 0.5), 0)])
def test_the_street_light_has_learnt_its_four_patterns(corner: tuple[float, float], walk: int) -> None:
    assert seen_values(replace(LIGHTS, probe=corner), (640, 480))[2][0] == pytest.approx(walk, abs=0.15)


@pytest.mark.parametrize("engine", ["numpy", "fragment", "compute"])
@pytest.mark.parametrize(
    "scene",
    [
        Scene(layers=5, width=7, probe=(0.4, -0.7), angle=25.0),
        Scene(layers=12, width=6, tied=False, probe=(1.4, 0.2), inputs=("x", "cos_t", "r", "0.5"), time=0.2),
    ],
)
def test_the_numbers_in_the_strips_are_the_reference(scene: Scene, engine: str, gl: object) -> None:
    scene, size = replace(scene, lens="probe"), (900, 500)
    net, values = network(scene), seen_values(scene, size, engine)
    fed = point.inputs(scene)
    layers = sorted(values)

    assert layers[0] == 0
    assert layers[-1] == net.layers
    assert np.array_equal(values[0], fed)
    for k in layers[1:]:
        assert np.allclose(values[k], forward(net, fed, (Tap(k - 1),))[0], atol=2e-5)
    x, y = map(float, point.place(scene))
    assert fed.tolist() == ([x, y] if len(fed) == 2 else [x, np.cos(0.4 * np.pi), np.hypot(x, y), 0.5])


def test_a_plane_through_many_inputs_is_fed_its_own_point(tmp_path: Path) -> None:
    scene = loaded("784-16-16-10", tmp_path, probe=(0.5, 0.25), radius=2.0)
    fed = np.linspace(0.0, 1.0, 784) + 0.1 * 1.0 - 0.1 * 0.5
    values = seen_values(scene, (640, 480))

    assert np.allclose(values[0], fed)
    assert np.allclose(values[3], SHAPES["784-16-16-10"](fed), atol=1e-5)


def test_a_deep_zoom_shows_the_numbers_of_its_point() -> None:
    scene = Scene(layers=4, width=5, center=("0.3", "0.2"), radius=1e-30, levels="auto", lens="probe")
    (asked,) = questions(scene, (640, 480), "auto")
    with opened("numpy") as choice:
        values = choice.engine.field(asked).values[0, 0]

    assert np.allclose(values[-3:], network(scene)([0.3, 0.2]), atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_overflows_and_each_block_stands_between_its_strips(shape: str, size: tuple[int, int]) -> None:
    net, parts = SHAPES[shape], layout(SHAPES[shape], size).parts
    for part in parts:
        assert part.left >= 0
        assert part.left + part.width <= size[0]
        assert part.top >= 0
        assert part.top + part.height <= size[1]
    for before, after in pairwise(parts):
        assert before.left + before.width < after.left
        if after.kind == "block" and size != (20, 10):
            assert before.layers == after.layers
            assert after.shape == " × ".join(map(str, net.weights[after.layers[0]].shape))
    assert parts[-1].layers == (net.layers,)
    if size == (20, 10):  # where some parts have no room
        return
    assert parts[0].layers == (0,)
    blocks = [part.layers[0] for part in parts if part.kind == "block"]
    assert {0, net.layers - 1} <= set(blocks)
    folds = [part for part in parts if part.kind == "fold"]
    left_out = net.layers - len(blocks)
    assert bool(folds) == (left_out > 0)
    assert all(f"{left_out} more" in part.name + part.shape for part in folds)


@pytest.mark.parametrize("size", SIZES[:5])
@pytest.mark.parametrize("shape", SHAPES)
def test_any_network_makes_a_picture_of_any_size(shape: str, size: tuple[int, int], tmp_path: Path) -> None:
    scene = loaded(shape, tmp_path)
    seen = weightscape.render(scene, size=size, engine="numpy")

    assert seen.shape == (size[1], size[0], 3)
    # Something is drawn, and something is left free.
    paper = np.floor(np.array(PAPER) * 255 + 0.5)
    is_free = (seen == paper).all(-1)
    assert 0.0 < is_free.mean() < 1.0


@pytest.mark.parametrize("size", [(320, 240), (240, 320), (640, 480), (64, 64), (48, 200), (20, 10)])
@pytest.mark.parametrize("inputs", [("x", "y", "0.333333333"), ("cos_t", "-123456.7", "1e-6"), ("x", "y", "r")])
def test_names_and_numbers_stand_inside_of_any_picture(
    size: tuple[int, int], inputs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = recorded(monkeypatch)
    weightscape.render(Scene(lens="probe", inputs=inputs, width=4, layers=3), size=size, engine="numpy")

    assert outside(lines) == []
    assert bool(lines) == (size not in ((64, 64), (20, 10)))
    if size in ((320, 240), (640, 480)):
        short_ones = {"0.333333333": "0.333", "-123456.7": "−1.23e5" if size[0] == 640 else "−1e5", "1e-6": "1e−6"}
        assert {short_ones.get(name, name) for name in inputs} <= {text for _, text, _ in lines}


def test_a_matrix_larger_than_its_block_shows_numbers_of_its_own() -> None:
    matrix = np.random.default_rng(3).normal(size=(300, 250))
    largest = float(np.abs(matrix).max())
    assert np.allclose(coloured(matrix, 60, 100), signed(sampled(matrix, 60, 100), largest))
    assert np.isin(sampled(matrix, 60, 100), matrix).all()


def test_a_block_has_its_matrix_and_its_bias_in_colours() -> None:
    scene = Scene(layers=2, width=4, lens="probe")
    net, size = network(scene), (1280, 720)
    lens = CATALOGUE["probe"]
    assert isinstance(lens, DrawnLens)
    answer: Any = SimpleNamespace(field=SimpleNamespace(values=np.zeros((1, 1, 7))))
    shown: list[Answered] = [answer]
    picture = lens.draw(scene, net, size, shown)
    block = next(part for part in layout(net, size).parts if part.kind == "block")
    wide, high = block.cell
    largest = max(np.abs(net.weights[0]).max(), np.abs(net.biases[0]).max())
    for i, row in enumerate(np.vstack([net.weights[0], net.biases[0]])):
        # The bias stands below, with a gap.
        y = block.top + i * high + 3 + (block.has_bias and i == 2) * 6
        for j, weight in enumerate(row):
            assert np.allclose(picture[y, block.left + j * wide + 3], signed(np.array(weight), largest), atol=1e-5)


def test_algebra_is_broken_between_its_formulas_where_there_is_room() -> None:
    net = network(Scene(layers=4, width=8))
    lines, size = _formulas(net, 310.0, 12.0)
    assert lines == ["l_k+1 = tanh(l_k W_k + b_k+1)  for k = 0 … 2;", "l_4 = sigmoid(l_3 W_3 + b_4)"]
    assert max(script_width(line, size) for line in lines) <= 310.0
    assert _formulas(net, 2000.0, 12.0)[0] == [formula.algebra(net), formula.python(net)]


def test_formulas_are_the_books() -> None:
    plain = made((3, 4, 1), "relu", 0.0)
    book = replace(plain, activations=("relu", "identity"))
    assert formula.algebra(book) == "l_2 = relu(l_0 W_0) W_1"
    assert formula.python(book) == "layer_2 = relu(layer_0.dot(weights_0_1)).dot(weights_1_2)"
    deep = made((2, 5, 5, 5, 5, 3))
    assert formula.algebra(deep) == "l_k+1 = tanh(l_k W_k + b_k+1)  for k = 0 … 3;   l_5 = sigmoid(l_4 W_4 + b_5)"
    assert formula.python(deep).endswith("for weights, bias, f in network: layer = f(layer.dot(weights) + bias)")


@pytest.mark.parametrize("bias", [0.0, 0.3])
@pytest.mark.parametrize("names", [("tanh",), ("relu", "identity"), ("identity", "identity", "tanh"), ("tanh",) * 3])
def test_the_line_of_python_computes_the_network(names: tuple[str, ...], bias: float) -> None:
    net = replace(made((2, 4, 5, 3)[-len(names) - 1 :], bias=bias), activations=names)
    fed = np.linspace(-1.0, 1.0, net.widths[0])
    space: dict[str, Any] = {"layer_0": fed, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0)}
    for k in range(net.layers):
        space |= {f"weights_{k}_{k + 1}": net.weights[k], f"bias_{k + 1}": net.biases[k]}
    exec(formula.python(net), space)
    algebra = formula.algebra(net)

    assert np.allclose(space[f"layer_{net.layers}"], net(fed))
    assert algebra.count("(") == formula.python(net).replace(".dot(", "").count("(")


def test_numbers_are_written_only_where_they_fit() -> None:
    matrix = np.array([[0.914, -12.34], [0.0, 4e7]])
    assert written(matrix, (60, 40), 14.0)[0] == [["0.91", "−12.3"], ["0.00", "4e7"]]
    assert written(matrix, (12, 12), 14.0)[0] == []
    assert written(matrix, (300, 5), 14.0)[0] == []
    assert short(-0.001) == "0.00"
    assert short(1e24) == "1e24"


def test_matrices_become_pictures_of_whole_cells_or_of_means() -> None:
    matrix = np.array([[1.0, -1.0], [0.0, 0.5]])
    assert resampled(matrix, 4, 2).tolist() == [[1, -1], [1, -1], [0, 0.5], [0, 0.5]]
    assert resampled(matrix, 1, 1).tolist() == [[0.125]]
    assert resampled(np.arange(5.0)[:, None], 2, 1).ravel().tolist() == [0.5, 3.0]
    picture = coloured(matrix, 4, 4)
    assert np.allclose(picture[1, 1], signed(np.array(1.0), 1.0))
    assert np.allclose(picture[3, 2], signed(np.array(0.5), 1.0))
    with_gaps = coloured(matrix, 40, 40)
    assert np.allclose(with_gaps[19], PAPER, atol=1e-6)
    assert np.allclose(with_gaps[10, 30], signed(np.array(-1.0), 1.0))
    assert [side_of_image(n) for n in (784, 64, 49, 65, 2)] == [28, 8, 0, 0, 0]
