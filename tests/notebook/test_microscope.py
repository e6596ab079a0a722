"""The widget's Python side, without a browser: traits, networks, and what its kernel draws."""

import json
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import traitlets
from patience import PATIENCE_S
from PIL import Image

from weightscape import FileError, Microscope, Network, Scene, SceneError, render
from weightscape.notebook.module import local, module
from weightscape.scene.link import link

SMALL = Scene(seed=7, layers=4, width=8)
NET = Network([[[1.0, 2.0], [3.0, 4.0]]], [[0.5, 0]], ["tanh"])


@pytest.mark.parametrize(
    "given", [SMALL, SMALL.to_text(), json.loads(SMALL.to_text()), link(SMALL), {"seed": 7, "layers": 4, "width": 8}]
)
def test_a_scene_is_taken_in_every_form(given: Any) -> None:
    assert Microscope(given).scene == SMALL
    made = Microscope()
    assert made.scene == Scene()
    made.scene = given
    assert made.scene == SMALL


@pytest.mark.parametrize("given", [{"seed": -1}, {"nonsense": 1}, "{", 7, Scene(weights="/nowhere/net.npz").to_text()])
def test_what_is_no_scene_is_refused_and_the_old_one_stays(given: Any) -> None:
    made = Microscope(SMALL)
    with pytest.raises((ValueError, traitlets.TraitError, FileError)):
        made.scene = given
    assert made.scene == SMALL


def test_the_hand_is_heard() -> None:
    made, heard = Microscope(SMALL), []
    made.observe(lambda change: heard.append(change["new"]), "scene")
    made.set_state({"scene": Scene(seed=8).to_text()})  # as the browser does
    assert (heard, made.scene) == ([Scene(seed=8)], Scene(seed=8))


def test_a_network_stands_in_place_of_weights() -> None:
    made = Microscope(NET, view=Scene(radius=1.5))
    assert made.scene.radius == 1.5
    assert np.array_equal(made.network.weights[0], NET.weights[0])
    assert np.array_equal(render(made.scene, size=(8, 8)), render(NET, size=(8, 8), view=Scene(radius=1.5)))
    with pytest.raises(ValueError, match="int"):
        made.network = 7
    assert np.array_equal(made.network.weights[0], NET.weights[0])


def test_weights_that_change_in_place_are_another_network() -> None:
    W, b = np.eye(2), np.zeros(2)
    made = Microscope(Network([W], [b], ["tanh"]))
    first = made.scene
    W *= 3
    assert made.network.weights[0][0, 0] == 1.0
    made.network = Network([W], [b], ["tanh"])
    assert made.network.weights[0][0, 0] == 3.0
    assert made.scene.weights != first.weights
    assert list(made.networks) == [made.scene.weights]


def test_a_view_of_an_older_network_is_of_the_newest() -> None:
    made = Microscope(NET)
    old = made.scene
    made.network = Network([2 * NET.weights[0]], NET.biases, NET.activations)
    newest = made.scene.weights
    made.set_state({"scene": old.looking(Scene(radius=0.5).view).to_text()})  # as the browser does, a moment late
    assert (made.scene.radius, made.scene.weights) == (0.5, newest)


def test_a_network_must_fit_the_view() -> None:
    with pytest.raises(ValueError, match="3 inputs and is fed 2"):
        Microscope(Network([np.ones((3, 2))], [np.zeros(2)], ["tanh"]))


def test_a_network_that_nobody_holds_is_missed_in_a_sentence() -> None:
    with pytest.raises(SceneError, match="holds no more"):
        Microscope(Scene(weights="\0network 0000000000000000"))


def test_shipped_weights_travel_to_the_browser() -> None:
    made = Microscope(Scene(weights="street-light", inputs=("x", "y", "0")))
    assert list(made.networks) == ["street-light"]


def test_sliders_are_known_fields() -> None:
    assert Microscope(SMALL, sliders=["radius"]).sliders == ("radius",)
    with pytest.raises(traitlets.TraitError, match="'lens' is not one of layers"):
        Microscope(SMALL, sliders=["lens"])


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the painter's thread end as soon as nobody asks, and wait for that."""
    monkeypatch.setattr("weightscape.notebook.painter.IDLE_S", 0.0)
    yield
    for thread in threading.enumerate():
        if thread.name == "weightscape notebook":
            thread.join(timeout=PATIENCE_S)


class Asked:
    """Ask a widget's kernel for a picture, as its browser does."""

    def __init__(self, made: Microscope, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[tuple[dict[str, Any], bytes]] = []
        self.made, self.done = made, Event()
        monkeypatch.setattr(made, "send", self.take)

    def take(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.answers.append((content, buffers[0] if buffers else b""))
        if content["kind"] == "problem" or content["isFine"]:
            self.done.set()

    def ask(self, scene: str, size: Any, number: int = 1) -> list[tuple[dict[str, Any], bytes]]:
        self.made._hear(self.made, {"kind": "draw", "id": number, "scene": scene, "size": size}, [])
        assert self.done.wait(timeout=PATIENCE_S)
        return self.answers


@pytest.mark.usefixtures("painter")
def test_the_kernel_draws_coarse_and_then_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = Scene(seed=7, radius=1e-9, layers=8)
    answers = Asked(Microscope(SMALL), monkeypatch).ask(deep.to_text(), [160, 128], 5)
    assert [(told["kind"], told["isFine"], told["id"]) for told, _ in answers] == [
        ("picture", False, 5),
        ("picture", True, 5),
    ]
    coarse, fine = (np.asarray(Image.open(BytesIO(data))) for _, data in answers)
    assert (coarse.shape, fine.shape) == ((32, 40, 3), (128, 160, 3))
    wanted = render(deep, size=(160, 128), engine="numpy")
    assert np.abs(fine.astype(int) - wanted).max() <= 2


@pytest.mark.parametrize(
    ("scene", "size"),
    [
        ("{", [64, 64]),
        (SMALL.to_text(), [0, 64]),
        (SMALL.to_text(), "no"),
        (Scene(lens="unit", unit=9).to_text(), [8, 8]),
    ],
)
@pytest.mark.usefixtures("painter")
def test_what_cannot_be_drawn_is_a_sentence(scene: str, size: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    [(told, _)] = Asked(Microscope(SMALL), monkeypatch).ask(scene, size)
    assert told["kind"] == "problem"
    assert told["text"]
    assert "\n" not in str(told["text"])


def test_a_reader_without_a_kernel_sees_a_picture() -> None:
    data, about = Microscope(SMALL)._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    assert "application/vnd.jupyter.widget-view+json" in data
    assert about["image/png"] == {"width": 360, "height": 225}


def test_the_module_holds_the_pages_scripts_and_asks_no_other() -> None:
    text = module()
    assert "class Picture" in text
    assert "class KernelPicture" in text
    assert "import " not in text.replace("Import", "")
    assert text.count("const PLACE") == 1
    assert "@media (max-width" not in local("@media (max-width: 3px) { :root { } }")


def test_activations_that_a_file_does_not_tell_are_the_scenes(tmp_path: Path) -> None:
    np.savez(tmp_path / "net.npz", W1=np.eye(2), W2=np.eye(2, 3))
    name = str(tmp_path / "net.npz")
    made = Microscope(Scene(weights=name))
    assert made.networks[name]["activations"] == ["tanh", "sigmoid"]
    made.scene = Scene(weights=name, activation="relu", output_activation="identity")
    assert made.networks[name]["activations"] == ["relu", "identity"]
    assert made.network.activations == ("relu", "identity")
