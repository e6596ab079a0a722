"""What is explained is true: shapes, counts, and code that really computes the network."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape.cli.explain import WIDTH, explanation, python_code
from weightscape.file.npz import write_weights
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Network
from weightscape.picture.questions import network
from weightscape.scene.mean_field import of_scene
from weightscape.scene.scene import Scene

SCENES = [
    Scene(),
    Scene(layers=1, seed=2**64 - 1),
    Scene(layers=2, width=1, outputs=1, tied=False),
    Scene(layers=3, width=7, rule="orthogonal", shape="normal", tied=False, inputs=("x", "y", "r", "cos_t", "0.5")),
    Scene(layers=4, width=2, center=("-1.25", "0.5"), time=0.3),  # type: ignore[arg-type]
    Scene(layers=256, width=64, rule="he", scale=1e5, activation="relu", output_activation="sin"),
    Scene(layers=2, inputs=("0.123456789012345",) * 62 + ("x", "y")),
    *(Scene(layers=5, width=9, activation=name, output_activation=name, seed=n) for n, name in enumerate(ACTIVATIONS)),
]


def exported(path: Path, made: Network) -> None:
    write_weights(path, made.weights, made.biases, made.activations)


def code_in(text: str) -> str:
    """Cut the code out of an explanation, as a reader would."""
    found = re.search(r"^Python, .*\n((?:  .*\n)+)", text, re.M)
    assert found
    return "\n".join(line[2:] for line in found[1].splitlines())


@pytest.mark.parametrize("scene", SCENES, ids=range(len(SCENES)))
def test_the_code_computes_the_network(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = network(scene)
    exported(Path("net.npz"), made)
    code = code_in(explanation(scene))
    names: dict[str, Any] = {}
    with np.errstate(over="ignore"):
        exec(code, names)
    x, y = map(float, scene.center)
    turn = 2 * np.pi * scene.time
    known = {"x": x, "y": y, "r": np.hypot(x, y), "cos_t": np.cos(turn), "sin_t": np.sin(turn)}
    expected = made([[known[name] if name in known else float(name) for name in scene.inputs]])
    # The formula may round otherwise than the network, layer after layer.
    assert np.allclose(names["y"], expected, rtol=1e-6, atol=1e-9)
    told = re.search(r"# y at .*: (.*)$", code)
    assert told
    assert told[1].split()[0] == f"{expected[0, 0]:.6f}"


@pytest.mark.parametrize("scene", SCENES, ids=range(len(SCENES)))
def test_no_line_is_longer_than_100_characters(scene: Scene) -> None:
    assert max(map(len, explanation(scene).splitlines())) <= WIDTH


def test_the_default_scene_in_words() -> None:
    text = explanation(Scene())
    assert re.search(r"layers 2\.\.26 +30 -> 30 +tanh\n", text)
    assert re.search(r"layer 27 +30 -> 3 +sigmoid\n", text)
    assert "23,433 parameters: 22,650 weights and 783 biases" in text
    assert "1,050 distinct weights, the hidden layers share one matrix" in text
    assert "h[k] = tanh(h[k-1] W[k] + b[k])   for k = 2 .. 26" in text
    assert "0.513632 0.308902 0.322001" in text  # the article's golden outputs at (0, 0)
    assert "counter (block, 0, 43, 0)" in text
    found = of_scene(Scene())
    for name, value in (("sigma_w", found.sigma_w), ("q*", found.q), ("stretch", found.stretch)):
        assert re.search(rf"{re.escape(name)} +{re.escape(f'{value:.5g}')} ", text)


def test_independent_layers_share_nothing() -> None:
    text = explanation(Scene(layers=4, width=10, tied=False, seed=2**32 + 7, rule="he"))
    assert "250 distinct weights\n" in text
    assert "key (7, 1)" in text
    assert "√(2/inputs)" in text
    assert "= sigmoid(tanh(tanh(tanh(x W1 + b1) W2 + b2) W3 + b3) W4 + b4)" in text


def test_one_layer_has_no_mean_field() -> None:
    assert "nothing to say" in explanation(Scene(layers=1))


def test_loaded_weights_are_explained_by_what_they_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    widths = [2, 200, 200, 200, 4]
    made = Network(
        tuple(rng.normal(size=pair) * 1.5 / pair[0] ** 0.5 for pair in pairwise(widths)),
        tuple(rng.normal(size=n) * 0.2 for n in widths[1:]),
        ("tanh", "tanh", "tanh", "identity"),
    )
    exported(tmp_path / "net.npz", made)
    text = explanation(Scene(weights=str(tmp_path / "net.npz")))
    assert "read from" in text
    assert "Philox" not in text
    assert re.search(r"layers 2\.\.3 +200 -> 200 +tanh\n", text)
    sigma_w = re.search(r"sigma_w +([\d.]+)", text)
    assert sigma_w
    assert float(sigma_w[1]) == pytest.approx(1.5, rel=0.02)


def test_mixed_activations_are_told_run_by_run(tmp_path: Path) -> None:
    names = ("sin", "relu", "relu", "relu", "tanh", "tanh", "sigmoid")
    made = Network((np.eye(2),) * 7, (np.zeros(2),) * 7, names)
    exported(tmp_path / "net.npz", made)
    scene = Scene(weights=str(tmp_path / "net.npz"))
    text = explanation(scene)
    for line in (
        "h1 = sin(x W1 + b1)",
        "h[k] = relu(h[k-1] W[k] + b[k])   for k = 2 .. 4",
        "h5 = tanh(h4 W5 + b5)",
        "h6 = tanh(h5 W6 + b6)",
        "y = sigmoid(h6 W7 + b7)",
    ):
        assert f"  {line}\n" in text
    assert "nothing to say" in text
    assert '"relu"' in python_code(scene, made)
