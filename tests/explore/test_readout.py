"""What stands over the picture, in words."""

import math
from typing import Any

import pytest

from weightscape.deep.accuracy import Accuracy
from weightscape.engine.tile import Spent
from weightscape.explore.readout import at_work, badge, in_brief, status, title
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


def test_what_is_empty_takes_no_place_and_theory_stands_last() -> None:
    pieces = status(Scene(), "", "idle", "numpy: asked for")
    assert pieces[0] == "seed 43"
    assert pieces[-2] == "numpy: asked for"
    assert all(pieces)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "chaotic: q* 3.07, χ1 1.42, depth 2.9"),
        ({"scale": 0.3}, "ordered: q* 0.116, χ1 0.749, depth 3.5"),
        ({"layers": 2}, ""),
        ({"weights": "a.npz"}, ""),
    ],
)
def test_the_phase_of_a_random_network_is_told(fields: dict[str, Any], told: str) -> None:
    pieces = status(Scene(**fields), "", "idle", "numpy")
    assert [piece for piece in pieces if "χ1" in piece] == ([told] if told else [])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"lens": "unit", "layer": 10, "unit": 11}, "unit 11 of layer 10, after activation"),
        ({"lens": "unit", "before": True}, "unit 0 of the output layer, before activation"),
        ({"lens": "rgb", "layer": 2}, "units 0, 1, 2 of layer 2, after activation"),
        ({"lens": "height", "layer": 1, "unit": 3}, "height, unit 3 of layer 1, after activation"),
        ({"lens": "cut", "layer": 4}, "cut at layer 4"),
        ({"lens": "stretch"}, "stretch"),
        ({"lens": "weights"}, "weights"),
    ],
)
def test_the_lens_is_told_first(fields: dict[str, Any], told: str) -> None:
    assert status(Scene(**fields), "", "idle", "numpy")[0] == told


@pytest.mark.parametrize(("floor", "told"), [(3.0, "3"), (2.9e-5, "3e-05"), (12.0, "12"), (0.2, "0.2")])
def test_numbers_are_written_as_people_write_them(floor: float, told: str) -> None:
    accuracy = Accuracy({"single": 1e-9}, spread=1.0, stretch=-math.log10(floor))
    assert badge(accuracy, "single", floor) == f"exact, nothing below {told}"


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


def test_the_work_stands_before_speed_and_engine() -> None:
    assert status(Scene(), "exact", "60 fps", "compute: x", "GPU 3.6 ms")[-5:-1] == (
        "exact",
        "GPU 3.6 ms",
        "60 fps",
        "compute: x",
    )
