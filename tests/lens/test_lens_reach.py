"""Outputs that colours cannot show are told: on the command line, and as a hint that a key follows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.cli.cli import run
from weightscape.explore.tell.advice import hinting, seen
from weightscape.file.npz import write_weights
from weightscape.lens.reach import Reach, is_plain, reach
from weightscape.lens.stretch_scale import fed
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene

SIZE = (60, 40)


def written(path: Path, outputs: int, last: str, gain: float = 1.0) -> Scene:
    """Write a network whose outputs are gain times x, y, x, ..."""
    W = np.resize(np.eye(2), (outputs, 2)).T * gain
    write_weights(path, [W], [np.zeros(outputs)], [last])
    return Scene(weights=str(path))


@pytest.mark.parametrize(("outputs", "noun"), [(1, "the output reaches"), (2, "outputs reach"), (10, "outputs reach")])
def test_values_outside_of_0_to_1_are_told_with_their_range(tmp_path: Path, outputs: int, noun: str) -> None:
    scene = written(tmp_path / "a.npz", outputs, "identity", 4.0)
    found = reach(scene, network(scene), SIZE)
    assert found
    values = network(scene)(fed(scene, SIZE)[0])
    assert (found.low, found.high, found.outputs) == (values.min(), values.max(), outputs)
    assert found.told == f"{noun} from {values.min():.3g} to {values.max():.3g}, colours show 0 to 1"


@pytest.mark.parametrize(
    "scene",
    [
        lambda path: written(path, 3, "sigmoid", 4.0),
        lambda path: written(path, 3, "softmax", 4.0),
        lambda path: written(path, 3, "tanh", 4.0),
        lambda path: written(path, 1, "relu", 0.1),
        lambda path: replace(written(path, 3, "identity", 4.0), levels="auto"),
        lambda path: replace(written(path, 3, "identity", 4.0), lens="winner"),
        lambda _: Scene(output_activation="identity", scale=3.0),
    ],
)
def test_what_colours_show_is_not_told(tmp_path: Path, scene: object) -> None:
    assert callable(scene)
    found = scene(tmp_path / "a.npz")
    assert reach(found, network(found), SIZE) is None


def test_the_hint_leads_to_levels_that_follow_the_view(tmp_path: Path) -> None:
    scene = written(tmp_path / "a.npz", 3, "identity", 4.0)
    assert is_plain(scene)
    network(scene)
    found = hinting(scene, seen(scene, 10.0, SIZE), SIZE)
    assert found
    assert "colours show 0 to 1: press L to stretch them, G for the largest, or Enter" in found.text
    assert found.scene == replace(scene, levels="auto")
    assert hinting(found.scene, seen(found.scene, 10.0, SIZE), SIZE) is None
    one = written(tmp_path / "b.npz", 1, "identity", 4.0)
    network(one)
    found = hinting(one, seen(one, 10.0, SIZE), SIZE)
    assert found
    assert found.text.endswith("press L to stretch them, or Enter")


def test_render_says_it_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = written(tmp_path / "a.npz", 3, "identity", 4.0)
    words = [
        "render",
        "--weights",
        scene.weights,
        "--size",
        "60x40",
        "--engine",
        "numpy",
        "-o",
        str(tmp_path / "a.png"),
    ]
    assert run(words) == 0
    found = reach(scene, network(scene), SIZE)
    assert isinstance(found, Reach)
    cure = "--levels auto stretches them, --lens winner shows the largest"
    assert capsys.readouterr().err == f"weightscape: {found.told}: {cure}\n"
    assert run([*words, "--levels", "auto"]) == 0
    assert capsys.readouterr().err == ""
