"""Where a weights file tells no activations the scene does: in pictures, films, files and words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape import render
from weightscape.cli.explain import explanation
from weightscape.file.npz import write_weights
from weightscape.file.weights import read_weights
from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network
from weightscape.page.told import told
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.network_memory import latest, network, untold
from weightscape.scene.scene import Scene

RANDOM = np.random.default_rng(3)
PARTS = [RANDOM.normal(size=shape) for shape in ((2, 8), (8,), (8, 8), (8,), (8, 3), (3,))]
POINTS = RANDOM.normal(size=(50, 2))
LIKE_TORCH = {f"{2 * k}.{kind}": PARTS[2 * k + n].T for k in range(3) for n, kind in enumerate(("weight", "bias"))}


def truth(hidden: str, last: str) -> Network:
    return Network(tuple(PARTS[::2]), tuple(PARTS[1::2]), (hidden, hidden, last))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    np.savez(tmp_path / "net.npz", **LIKE_TORCH)
    return tmp_path / "net.npz"


def test_the_scene_tells_them_and_without_a_word_they_are_tanh_and_sigmoid(path: Path) -> None:
    plain = Scene(weights=str(path))
    assert np.array_equal(network(plain)(POINTS), truth("tanh", "sigmoid")(POINTS))
    for hidden, last in (("relu", "identity"), ("sin", "sigmoid"), ("tanh", "relu")):
        scene = replace(plain, activation=hidden, output_activation=last)
        assert np.array_equal(network(scene)(POINTS), truth(hidden, last)(POINTS))
        assert network(scene) is network(replace(scene, radius=9.0)), "engines know it again"
        assert network(scene).weights[0] is network(plain).weights[0]
        assert fingerprint(network(scene)) == fingerprint(truth(hidden, last))
    assert untold(plain.weights) == ("activation", "output_activation")
    pictures = [render(each, size=(20, 16), engine="numpy") for each in (plain, replace(plain, activation="relu"))]
    assert (pictures[0] != pictures[1]).any()


@pytest.mark.parametrize(
    ("members", "names"),
    [
        ({"activations": ["relu", "relu", "softmax"]}, ("relu", "relu", "softmax")),
        ({"activations": "relu"}, ("relu", "relu", "cos")),
        ({"output_activation": "softmax"}, ("sin", "sin", "softmax")),
    ],
)
def test_what_the_file_tells_no_scene_changes(tmp_path: Path, members: dict[str, Any], names: tuple[str, ...]) -> None:
    np.savez(tmp_path / "net.npz", **LIKE_TORCH, **members)
    scene = Scene(weights=str(tmp_path / "net.npz"), activation="sin", output_activation="cos")
    assert network(scene).activations == names
    told = {"activations": (), "output_activation": ("activation",)}
    assert untold(scene.weights) == (("output_activation",) if names[-1] == "cos" else told[next(iter(members))])


def test_a_file_that_is_followed_keeps_what_the_scene_tells(path: Path) -> None:
    EPOCHS.follow([str(path)])
    scene = Scene(weights=str(path), activation="relu", output_activation="identity")
    first = network(scene)(POINTS)
    assert np.array_equal(first, truth("relu", "identity")(POINTS))
    np.savez(path, **{name: 2.0 * array for name, array in LIKE_TORCH.items()})
    newer = replace(scene, weights=latest(str(path)))
    assert newer.weights != scene.weights
    assert network(newer).activations == ("relu", "relu", "identity")
    assert untold(newer.weights) == ("activation", "output_activation")
    assert np.array_equal(network(newer).weights[0], 2.0 * PARTS[0])
    assert np.array_equal(network(scene)(POINTS), first)


def test_what_is_written_tells_them(path: Path, tmp_path: Path) -> None:
    scene = Scene(weights=str(path), activation="relu", output_activation="identity")
    made = network(scene)
    write_weights(tmp_path / "own.npz", made.weights, made.biases, made.activations)
    assert read_weights(tmp_path / "own.npz")[2] == ["relu", "relu", "identity"]
    assert untold(str(tmp_path / "own.npz")) == ()
    assert told(scene, "a.html")["networks"]["net.npz"]["activations"] == ["relu", "relu", "identity"]
    assert f"read from {path}, activations as the scene has them" in " ".join(explanation(scene).split())
    assert "y = identity(h2 W3 + b3)" in explanation(scene)
