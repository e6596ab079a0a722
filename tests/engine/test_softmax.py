"""Softmax as a last layer: its formulas, and the pictures, lenses and code of a file that has it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flint import arb
from flint import ctx as balls
from specimen import classifier

from weightscape.cli.explain import python_code
from weightscape.deep.tangent import tangents
from weightscape.engine.question import Engine
from weightscape.file.npz import write_weights
from weightscape.network.network import Tap, tapped
from weightscape.network.softmax import difference, jacobian, slope, softmax
from weightscape.picture.forecast import foretold
from weightscape.picture.network_memory import network
from weightscape.picture.questions import PrecisionName, centre, questions
from weightscape.picture.render import field, render
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import Scene


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


def test_tangents_are_what_small_steps_do() -> None:
    made, rng = classifier(), np.random.default_rng(2)
    at, step = rng.normal(size=(20, 3)), 1e-6
    ((_, slopes),) = tangents(made, at, np.broadcast_to(np.eye(3), (20, 3, 3)))
    for k in range(3):
        moved_by = step * np.eye(3)[k]
        assert np.abs(slopes[..., k] - (made(at + moved_by) - made(at - moved_by)) / (2 * step)).max() < 1e-8


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


@pytest.mark.parametrize("precision", ["single", "double", "perturbed", "wide"])
@pytest.mark.parametrize("lens", ["unit", "rgb", "outputs"])
def test_a_network_from_python_is_shown_before_and_after_it(lens: str, precision: PrecisionName) -> None:
    made = replace(
        classifier("tanh", 4.0), weights=(np.eye(3)[:2] @ classifier().weights[0], *classifier().weights[1:])
    )
    view = Scene(lens=lens, radius=1.0, layer=0, unit=4, units=(3, 0, 4), center=("0.3", "-0.2"))
    units = {"unit": [4], "rgb": [3, 0, 4], "outputs": [0, 1, 2, 3, 4]}[lens]
    x, y = np.meshgrid((np.arange(30) - 14.5) / 10 + 0.3, (9.5 - np.arange(20)) / 10 - 0.2)
    for before, expected in ((False, made), (True, made.logits)):
        shown = replace(view, before=before and lens != "outputs")
        seen = field(made, view=shown, size=(30, 20), engine="numpy", precision=precision)
        truth = (made if lens == "outputs" else expected)(np.stack([x, y], -1))[..., units]
        assert (
            np.abs(seen - truth).max() < (1e-5 if precision in ("single", "perturbed") else 1e-12) * np.abs(truth).max()
        )


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
