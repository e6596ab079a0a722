"""Softmax as a last layer: the same probabilities by every engine, precision, tap and lens, at every zoom."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb
from flint import ctx as balls
from test_perturbation import PIXELS, SIZE, exact

from weightscape.cli.explain import python_code
from weightscape.deep.planner import perturb
from weightscape.deep.tangent import fed, shrink, tangents
from weightscape.engine.question import Engine, Field, Question, pixel_grid
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.tile import Pace, answer
from weightscape.file.npz import write_weights
from weightscape.network.input import fold
from weightscape.network.network import Network, Tap, forward, tapped
from weightscape.network.softmax import difference, jacobian, slope, softmax
from weightscape.picture.questions import centre, foretold, network, questions
from weightscape.picture.render import field, render
from weightscape.scene.lens_name import LENSES
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

WIDTH, CLASSES = 12, 5
SCENE = Scene(
    layers=4,
    width=WIDTH,
    tied=False,
    seed=9,
    inputs=("x", "y", "r"),
    angle=20.0,
    center=(Decimal("0.31415926535897932384626433832795028841971"), Decimal("-0.2718281828459045")),
)
TAPS = (Tap(), Tap(1), Tap(-1, (3, 1)), Tap(3, None, True), Tap(3, (4, 4, 0), True), Tap(0, (2,), True))
# Probabilities of 1/2, of almost nothing, and of all but almost nothing.
TEMPERATURES = (1.0, 40.0)


def classifier(activation: str = "tanh", temperature: float = 1.0, classes: int = CLASSES) -> Network:
    """A network of SCENE's inputs that ends with softmax."""
    drawn, rng = draw(replace(SCENE, activation=activation)), np.random.default_rng(classes)
    top, b = temperature * rng.normal(size=(WIDTH, classes)), rng.normal(size=classes)
    return replace(
        drawn,
        weights=(*drawn.weights[:-1], top),
        biases=(*drawn.biases[:-1], b),
        activations=(*drawn.activations[:-1], "softmax"),
    )


@pytest.fixture(scope="module")
def kept(ctx: Any) -> Iterator[dict[str, Any]]:
    engines: dict[str, Any] = {"fragment": FragmentEngine(ctx)}
    if ctx.version_code >= ComputeEngine.needs:
        engines["compute"] = ComputeEngine(ctx)
    yield engines
    for engine in engines.values():
        engine.release()


@pytest.fixture(params=["numpy", "fragment", "compute"])
def engine(request: Any) -> Any:
    """Each engine in turn; NumPy needs no OpenGL."""
    if request.param == "numpy":
        return request.getfixturevalue("numpy_engine")
    request.getfixturevalue("gl")
    kept = request.getfixturevalue("kept")
    return kept[request.param] if request.param in kept else pytest.skip("no compute shaders")


def plain(made: Network, **more: Any) -> Question:
    folded, radial = fold(made, SCENE.inputs, 0.0, SCENE.view, SIZE)
    return Question(folded, pixel_grid(*SIZE), radial, **more)


def moved(made: Network, radius: float, **more: Any) -> Question:
    view = replace(SCENE, radius=radius).view
    differences, radial, plan = perturb(made, SCENE.inputs, 0.0, view, SIZE, more.pop("wide", False))
    return Question(differences, pixel_grid(*SIZE), radial, precision="perturbed", perturbation=plan, **more)


def axes() -> tuple[Any, Any]:
    grid = pixel_grid(*SIZE)
    return grid.x + np.arange(grid.columns), grid.y - np.arange(grid.rows)


def points(asked: Question) -> Any:
    return fed(asked.radial, *np.meshgrid(*axes()))


def bound(asked: Question) -> float:
    """What float32 may cost: 8 times what it costs NumPy."""
    inside = points(asked)[0]
    lost = [
        np.abs(a - b).max()
        for a, b in zip(
            forward(asked.network, inside.astype(np.float32), asked.taps),
            forward(asked.network, inside, asked.taps),
            strict=True,
        )
    ]
    return 8.0 * float(max(lost)) + 2e-6


def test_its_numbers_are_those_of_the_formula() -> None:
    z = np.array([[0.0, np.log(3.0)], [1e24, -1e24], [-1e24, -1e24], [800.0, 0.0]])

    for dtype in (np.float64, np.float32):
        p = softmax(z.astype(dtype))
        assert p.dtype == dtype
        assert np.allclose(p, [[0.25, 0.75], [1, 0], [0.5, 0.5], [1, 0]], rtol=4 * np.finfo(dtype).eps, atol=0)


@pytest.mark.parametrize("size", [1e-300, 1e-30, 1e-9, 1e-3, 1.0, 30.0, 1e3, 1e24])
@pytest.mark.parametrize("spread", [1.0, 100.0])
def test_differences_lose_nothing(size: float, spread: float) -> None:
    rng = np.random.default_rng(4)
    z, delta = spread * rng.normal(size=6), rng.normal(size=(40, 6))
    found = difference(z, delta, size) * (1.0 if size < 1e-280 else size)
    with balls.workprec(6000):
        unit = arb(1.0 if size < 1e-280 else size)
        before = [arb(v).exp() for v in z]
        for row, seen in zip(delta, found, strict=True):
            after = [b * (arb(d) * arb(size)).exp() for b, d in zip(before, row, strict=True)]
            total, first = sum(after, arb(0)), sum(before, arb(0))
            exactly = [float((a / total - b / first) / arb(size) * unit) for a, b in zip(after, before, strict=True)]
            # A difference of two units' changes is as exact as those are; probabilities below 1e-300 are 0.
            assert np.abs(seen - exactly).max() <= 1e-12 * np.abs(exactly).max()
            likeliest = int(z.argmax())
            assert abs(seen[likeliest] - exactly[likeliest]) <= 1e-9 * abs(exactly[likeliest]) + 1e-300


def test_slopes_are_the_jacobian_and_keep_what_the_likeliest_unit_changes() -> None:
    p, dz = softmax(np.array([0.3, -1.0, 2.0])), np.array([0.5, 3.0, -2.0])
    assert np.allclose(slope(p, dz), jacobian(p) @ dz, rtol=1e-13, atol=0)

    assert np.allclose(slope(softmax(np.array([60.0, 0.0])), np.array([7.0, 8.0])), np.exp(-60) * np.array([-1, 1]))


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_every_engine_gives_the_probabilities(engine: Engine, temperature: float) -> None:
    made = classifier(temperature=temperature)
    asked = plain(made)
    seen = engine.field(asked)
    assert np.abs(seen.values - asked.network(points(asked)[0])).max() <= bound(asked)
    assert np.abs(seen.values.sum(-1) - 1).max() < 1e-5

    if "double" in engine.methods:
        seen = engine.field(replace(asked, precision="double"))
        assert seen.data.dtype == np.float64
        assert np.abs(seen.values - asked.network(points(asked)[0])).max() < 1e-12


def test_every_tap_is_what_it_says(engine: Engine) -> None:
    asked = plain(classifier(), taps=TAPS)
    expected = np.concatenate(forward(asked.network, points(asked)[0], TAPS), axis=-1)
    seen = engine.field(asked)
    assert seen.data.shape == expected.shape == (*SIZE[::-1], asked.channels)
    assert np.abs(seen.values - expected).max() <= bound(asked)
    for tap in TAPS:
        one = engine.field(replace(asked, taps=(tap,)))
        assert np.abs(one.values - forward(asked.network, points(asked)[0], (tap,))[0]).max() <= bound(asked)


def test_tiles_are_the_parts_of_the_whole(engine: Engine) -> None:
    asked = moved(classifier(), 1e-9)
    whole, pace = engine.field(asked), Pace(first=1e4)
    parts = answer(engine, asked, pace)
    assert (parts.offset == whole.offset).all()
    assert np.abs(parts.values - whole.values).max() <= 1e-6 * np.ptp(whole.relative)


def test_derivatives_are_those_of_the_probabilities(engine: Engine) -> None:
    made = classifier()
    folded, radial = fold(made, SCENE.inputs, 0.0, SCENE.view, SIZE)
    asked = plain(made, taps=TAPS, answer="derivatives", shrink=shrink(folded, radial, *SIZE))
    values, slopes = zip(*tangents(asked.network, *points(asked), TAPS), strict=True)
    expected = np.concatenate([*values, *(s[..., 0] for s in slopes), *(s[..., 1] for s in slopes)], -1)
    seen = engine.field(asked).values
    n = asked.channels // 3
    assert np.abs(seen[..., :n] - expected[..., :n]).max() <= bound(asked)
    assert np.abs(seen[..., n:] - expected[..., n:]).max() <= 1e-4 * np.abs(expected[..., n:]).max()


def test_tangents_are_what_small_steps_do() -> None:
    made, rng = classifier(), np.random.default_rng(2)
    at, step = rng.normal(size=(20, 3)), 1e-6
    ((_, slopes),) = tangents(made, at, np.broadcast_to(np.eye(3), (20, 3, 3)))
    for k in range(3):
        moved_by = step * np.eye(3)[k]
        assert np.abs(slopes[..., k] - (made(at + moved_by) - made(at - moved_by)) / (2 * step)).max() < 1e-8


def test_linear_pieces_are_those_of_the_hidden_layers(engine: Engine) -> None:
    asked = plain(classifier("relu"), answer="pattern")
    expected = engine.field(replace(asked, network=asked.network.logits))
    assert len(np.unique(expected.data)) > 4
    assert (engine.field(asked).data == expected.data).all()


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("radius", [1.0, 1e-3, 1e-9, 1e-30, 1e-300])
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_deep_views_are_exact(engine: Engine, temperature: float, radius: float, wide: bool) -> None:
    if wide and "wide" not in engine.methods:
        pytest.skip("floats alone")
    made = classifier(temperature=temperature)
    asked = moved(made, radius, wide=wide)
    seen = engine.field(asked)
    assert np.isfinite(seen.data).all()
    differences, z = exact(replace(SCENE, radius=radius), made.logits, SIZE, PIXELS)
    truth = difference(z, differences / radius, radius)
    got = np.array([seen.data[j, i] for i, j in PIXELS]).astype(np.float64) * (seen.scale / radius)
    assert np.abs(got - truth).max() <= (1e-9 if wide else 1e-4) * np.abs(truth).max()
    assert np.abs(seen.offset - made(point(SCENE))).max() < 1e-12


def point(scene: Scene) -> Any:
    x, y = map(float, scene.center)
    return np.array([x, y, np.hypot(x, y)])


def test_deep_taps_and_derivatives_agree_with_plain_ones(engine: Engine) -> None:
    made = classifier()
    view = replace(SCENE, radius=0.3).view
    folded, radial = fold(made, SCENE.inputs, 0.0, view, SIZE)
    asked = moved(made, 0.3, taps=TAPS, answer="derivatives")
    values, slopes = zip(*tangents(folded, *fed(radial, *np.meshgrid(*axes())), TAPS), strict=True)
    expected = np.concatenate([*values, *(s[..., 0] for s in slopes), *(s[..., 1] for s in slopes)], -1)
    seen: Field = engine.field(asked)
    n = asked.channels // 3
    assert np.abs(seen.values[..., :n] - expected[..., :n]).max() < 1e-4
    assert np.abs(seen.values[..., n:] - expected[..., n:]).max() <= 1e-3 * np.abs(expected[..., n:]).max()


@pytest.fixture
def spiral(tmp_path: Path) -> Scene:
    """A scene of a file whose network ends with softmax."""
    made = classifier("relu", 4.0, 3)
    W1 = made.weights[0][:2]
    write_weights(tmp_path / "net.npz", [W1, *made.weights[1:]], made.biases, made.activations)
    return Scene(weights=str(tmp_path / "net.npz"), radius=1.0, center=("0.3", "-0.2"))


def test_a_file_with_it_is_a_picture(spiral: Scene) -> None:
    made = network(spiral)
    assert made.activations[-1] == "softmax"
    seen = np.asarray(field(spiral, size=(30, 20), engine="numpy", precision="double"))
    x, y = np.meshgrid((np.arange(30) - 14.5) / 10 + 0.3, (9.5 - np.arange(20)) / 10 - 0.2)
    assert np.abs(seen - made(np.stack([x, y], -1))).max() < 1e-12


@pytest.mark.parametrize("radius", [1.0, 1e-9])
def test_what_is_foretold_of_it_holds(spiral: Scene, numpy_engine: Engine, radius: float) -> None:
    scene, size = replace(spiral, radius=radius), (48, 32)
    told = foretold(scene, size)
    assert told
    assert max(told.error.values()) <= 1.0
    (best,) = questions(scene, size, "wide")
    (short,) = questions(scene, size, "single")
    truth = numpy_engine.field(best)
    lost = np.abs(numpy_engine.field(short).values - truth.values).max()
    assert told.error["single"] / 30 <= lost <= 4 * told.error["single"]
    assert np.isclose(told.spread, np.ptp(truth.relative, axis=(0, 1)).max(), rtol=0.3)
    assert np.allclose(centre(scene, size), network(scene)([0.3, -0.2]), rtol=1e-12)


@pytest.mark.parametrize("lens", [name for name in LENSES if name != "split"])
def test_every_lens_draws_it(spiral: Scene, lens: str) -> None:
    picture = render(replace(spiral, lens=lens, levels="auto"), size=(120, 80), engine="numpy")
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 3


def test_one_unit_is_shown_with_all_the_others_evaluated(spiral: Scene) -> None:
    outputs = field(spiral, size=(12, 8), engine="numpy")
    for unit in range(3):
        one = field(replace(spiral, lens="unit", layer=0, unit=unit), size=(12, 8), engine="numpy")
        assert np.abs(one[..., 0] - outputs[..., unit]).max() < 1e-6


def test_the_code_that_explains_it_computes_it(spiral: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made, names = network(spiral), {}
    exec(python_code(spiral, made), names)
    assert np.abs(names["y"][0] - made([0.3, -0.2])).max() < 1e-14
    assert max(map(len, python_code(spiral, made).split("\n"))) <= 98


def test_it_stands_nowhere_else() -> None:
    made = classifier()
    with pytest.raises(ValueError, match="layer 3: softmax is for the last layer alone"):
        replace(made, activations=("tanh", "tanh", "softmax", "softmax"))
    with pytest.raises(ValueError, match="output_activation: 'softmax' is not one of identity, tanh"):
        Scene(output_activation="softmax")
    assert made.logits is made.logits.logits
    assert tapped(made, Tap(-1, (2,), True)).activations == ("tanh", "tanh", "tanh", "identity")
