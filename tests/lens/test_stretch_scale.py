"""The numbers of the stretch's legend are those of the lens, evaluated another way."""

from dataclasses import replace

import numpy as np
import pytest

import weightscape
from weightscape.lens.stretch import STRETCH
from weightscape.lens.stretch_scale import SIDE, factor, log_stretches, measured
from weightscape.picture.network_memory import network
from weightscape.picture.questions import question
from weightscape.publish import gallery
from weightscape.scene.scene import Scene

DIGITS = replace(gallery.scene("digits"), lens="stretch")


@pytest.mark.parametrize(
    "scene",
    [
        Scene(layers=4, width=6, lens="stretch", angle=20.0),
        Scene(layers=1, lens="stretch"),
        Scene(layers=5, width=7, layer=2, lens="stretch", center=("0.3", "-0.7"), activation="relu", rule="he"),
        Scene(layers=3, width=5, inputs=("x", "y", "r", "sin_t", "0.5"), time=0.2, lens="stretch", outputs=1),
        DIGITS,
        replace(DIGITS, layer=1),
    ],
    ids=range(6),
)
def test_the_numbers_are_those_of_the_lens(scene: Scene) -> None:
    size = (45, 45)  # of 5 x 5 squares of nine pixels: the points are the middles of pixels
    made = network(scene)
    found = log_stretches(scene, made, size)
    at = np.rint((np.linspace(-0.9, 0.9, SIDE) + 1.0) / 2.0 * 45 - 0.5).astype(int)
    shown = weightscape.field(scene, size=size, engine="numpy", precision="double")[..., 0]
    expected = shown[np.ix_(at[::-1], at)].ravel()
    assert found is not None
    assert found.shape == expected.shape
    assert np.ptp(np.exp(expected)) > 0.05
    # A point may lie up to half a pixel beside the pixel's middle.
    assert np.isclose(np.exp(found), np.exp(expected), rtol=0.1, atol=1e-9).mean() > 0.75
    assert measured(scene, made)[0].layers == question(scene, size).network.layers
    assert STRETCH.shading is None


def test_what_is_too_small_or_too_large_has_no_numbers() -> None:
    scene = Scene(layers=4, lens="stretch")
    assert log_stretches(replace(scene, radius=1e-12), network(scene), (40, 30)) is None
    flat = replace(scene, scale=0.0)
    found = log_stretches(flat, network(flat), (40, 30))
    assert found is not None
    assert np.isneginf(found).all()


def test_factors_are_words() -> None:
    assert [factor(x) for x in (0.0, 0.5, -0.5, -np.inf, 100.0, -100.0)] == [
        "1 ×",
        "1.6 ×",
        "0.61 ×",
        "0 ×",
        "10^43 ×",
        "10^-43 ×",
    ]
