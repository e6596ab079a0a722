"""What stands over the picture, in words."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.deep.accuracy import Accuracy
from weightscape.engine.tile import Spent
from weightscape.explore.tell.readout import at_work, badge, changed, controls, in_brief, title
from weightscape.explore.tell.words import seen
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene


@pytest.mark.parametrize(
    ("reason", "brief"),
    [
        (
            "OpenGL is software here (llvmpipe (LLVM 15.0.6, 256 bits)) and NumPy is faster",
            "numpy: OpenGL is software here and NumPy is faster",
        ),
        ("2.1 x compute on some GPU", "numpy: 2.1 x compute on some GPU"),
        ("asked for", "numpy: asked for"),
    ],
)
def test_the_engine_is_told_with_its_reason(reason: str, brief: str) -> None:
    assert in_brief("numpy", reason) == brief


@pytest.mark.parametrize(("floor", "told"), [(3.0, "3"), (2.9e-5, "3e-05"), (12.0, "12"), (0.2, "0.2")])
def test_numbers_are_written_as_people_write_them(floor: float, told: str) -> None:
    accuracy = Accuracy({"single": 1e-9}, spread=1.0, stretch=-math.log10(floor))
    assert badge(accuracy, "single", floor) == f"exact, smallest detail {told}"
    assert badge(accuracy, "single", math.inf) == "exact"


def test_the_panel_calls_a_lens_what_it_shows() -> None:
    (knob,) = (each for each in controls(Scene(lens="height")) if each.name == "lens")
    assert (knob.value, knob.word("height"), knob.word("norms")) == ("height", "landscape", "norms")
    assert len(knob.words) == len(knob.choices)


def test_a_network_without_a_slope_is_told_to_be_flat() -> None:
    accuracy = Accuracy({"single": 1e-9}, spread=1.0, stretch=-301.0)
    assert badge(accuracy, "single", 2.6) == "exact, flat in the middle"


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ("", "weightscape — seed 43, 27 × 30 tanh"),
        ("/home/me/nets/own.npz", "weightscape — own.npz"),
        (r"C:\nets\own.npz", "weightscape — own.npz"),
    ],
)
def test_the_title_names_the_network_and_no_folder(weights: str, told: str) -> None:
    assert title(Scene(weights=weights)) == told


@pytest.mark.parametrize(
    ("spent", "told"),
    [
        (Spent(), ""),
        (Spent(gpu_s=0.00357), "GPU 3.6 ms"),
        (Spent(gpu_s=0.00036), "GPU 0.36 ms"),
        (Spent(gpu_s=0.00997), "GPU 10 ms"),
        (Spent(cpu_s=0.0412), "CPU 41 ms"),
        (Spent(cpu_s=0.9996), "CPU 1.0 s"),
        (Spent(cpu_s=12.34), "CPU 12.3 s"),
        (Spent(0.002, 0.03), "GPU 2 ms, CPU 30 ms"),
    ],
)
def test_who_was_how_long_at_work_is_told_in_a_few_signs(spent: Spent, told: str) -> None:
    assert at_work(spent) == told


def test_knobs_of_activations_are_there_where_a_weights_file_does_not_tell_them(tmp_path: Path) -> None:
    def knobs(*names: str) -> set[str]:
        np.savez(tmp_path / "net.npz", W1=np.eye(2), W2=np.eye(2), **({"activations": names} if names else {}))
        scene = Scene(weights=str(tmp_path / "net.npz"))
        network(scene)
        return {each.name for each in controls(scene) if each.group == "Network"}

    assert knobs("relu", "relu") == {"inputs"}
    assert knobs("relu") == {"inputs", "output_activation"}
    assert knobs() == {"inputs", "activation", "output_activation"}
    scene = Scene(weights=str(tmp_path / "net.npz"))
    assert changed(scene, {"activation": "relu"}) == replace(scene, activation="relu"), "no scale of ours is touched"
    assert seen(scene) == "net.npz, 2 layers, taken as tanh, sigmoid"
