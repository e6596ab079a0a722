"""explain() and explore() from Python: of scenes and of networks, which have no file until a window shows them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from display import press, until
from program import running

import weightscape
from weightscape import FileError, Network, Scene
from weightscape.cli.door import explain, explore
from weightscape.cli.explain import explanation
from weightscape.file.npz import read_weights
from weightscape.network.fingerprint import fingerprint
from weightscape.publish import gallery

RNG = np.random.default_rng(2)
ARRAYS = [RNG.normal(size=(2, 6)), RNG.normal(size=6), RNG.normal(size=(6, 3)), RNG.normal(size=3)]
MADE = Network.of(ARRAYS, ["tanh", "softmax"])
CODE = """
import sys
import numpy as np
import weightscape
rng = np.random.default_rng(2)
arrays = [rng.normal(size=(2, 6)), rng.normal(size=6), rng.normal(size=(6, 3)), rng.normal(size=3)]
made = weightscape.Network.of(arrays, ["tanh", "softmax"])
points = np.array([[0.5, 1.0], [1 / 3, -2.0], [0.0, 0.25]]), ["cat", "dog", "cat"]
weightscape.explore(made, view=weightscape.Scene(radius=4, lens="winner"), size=(300, 200), points=points)
weightscape.explore(made, size=(300, 200))
sys.exit(7)
"""


def test_a_scene_is_explained_as_on_the_command_line() -> None:
    assert weightscape.explain() == explanation(Scene())
    assert weightscape.explain(Scene(seed=7, layers=3)) == explanation(Scene(seed=7, layers=3))


def test_a_network_is_explained_without_a_file() -> None:
    text = weightscape.explain(MADE)
    assert f"handed in from Python, fingerprint {fingerprint(MADE)}" in text
    assert "Python, where net.npz holds W1, b1 ... and activations\n" in text
    assert text.isprintable() or set(filter(lambda c: not c.isprintable(), text)) == {"\n"}
    assert " ".join(f"{value:.6f}" for value in MADE([0.0, 0.0])) in text


def test_a_network_is_explained_in_the_view_it_is_given() -> None:
    text = weightscape.explain(MADE, view=Scene(center=("0.5", "-1")))
    assert " ".join(f"{value:.6f}" for value in MADE([0.5, -1.0])) in text
    plane = weightscape.explain(MADE, view=Scene(origin=(1, 2), u=(1, 0), v=(0, 1)))
    assert "Python, where net.npz holds W1, b1 ... and activations, scene.json the view.to_text()\n" in plane
    assert max(map(len, plane.splitlines())) <= 100


@pytest.mark.parametrize("door", [explain, explore])
@pytest.mark.parametrize(
    ("given", "view", "reason"),
    [
        (7, None, "scene: 7 is neither a Scene nor a Network"),
        (Scene(), Scene(), "view: it is a Scene, for a Network"),
        (Network.of([np.ones((3, 1)), [0.0]], ["tanh"]), None, "view: the network has 3 inputs and is fed 2"),
        (Network.of([[[np.inf], [0.0]], [0.0]], ["tanh"]), None, "layer 1: a weight or bias is not a finite"),
    ],
)
def test_what_does_not_fit_is_told_first(door: Any, given: Any, view: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        door(given, view=view)


def test_no_window_opens_without_a_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path))
    with pytest.raises(RuntimeError, match="cannot open a window: there is no display"):
        explore(MADE)
    with pytest.raises(FileError, match=r"none\.npz"):
        explore(Scene(weights=str(tmp_path / "none.npz")))
    with pytest.raises(ValueError, match="size: 3 is not two whole numbers"):
        explore(MADE, size=3)  # type: ignore[arg-type]  # as somebody may write it
    assert list(tmp_path.iterdir()) == []


def test_a_network_is_explored_and_kept_beside_its_captures(tmp_path: Path) -> None:
    with running(tmp_path, before=CODE) as program:
        path = tmp_path / "captures" / f"network-{fingerprint(MADE)}.npz"
        assert f"the network is kept as {path}" in (tmp_path / "stderr").read_text()
        scene = program.scene()
        assert (scene.weights, scene.lens, scene.radius) == (str(path), "winner", 4.0)
        assert program.size() == (300, 200)
        weights, biases, names = read_weights(path)
        assert all(map(np.array_equal, [*weights, *biases], [*MADE.weights, *MADE.biases]))
        assert names == ["tanh", "softmax"]
        (table,) = path.parent.glob("points-*.csv")
        assert f"the points are kept as {table}" in (tmp_path / "stderr").read_text()
        assert scene.points == str(table)
        assert table.read_text().split() == ["x1,x2,class", "0.5,1.0,cat", f"{1 / 3},-2.0,dog", "0.0,0.25,cat"]

        program.settled()
        program.said_after("s", "picture saved")
        (picture,) = path.parent.glob("*.png")
        assert picture.name.startswith(f"weightscape-network-{fingerprint(MADE)}-")
        assert gallery.inside(str(picture))["scene"]["weights"] == str(path)
        program.asked_after("l")  # a deed: there is a session
        program.settled()
        first = len(program.said("ask"))
        program.key("ctrl+q")
        until(lambda: len(program.said("ask")) > first, "the second window")
        assert (program.scene().weights, program.scene().lens) == (str(path), "outputs")
        session = json.loads((tmp_path / "state" / "session.json").read_text())
        assert session["steps"][0]["weights"] == str(path)
        press(program.display, "search", "--sync", "--name", "^weightscape")
        program.settled()
        until(lambda: [program.key("ctrl+q")] and program.process.poll() is not None, "the end")
        assert program.process.returncode == 7


def test_a_window_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "warp")
    with pytest.raises(RuntimeError, match="the window ended with status 2; why stands on stderr"):
        explore(Scene(layers=2, width=3))
