"""Derivatives by forward mode against differences, the tangents' range, and the patterns of linear pieces."""

import numpy as np
import pytest

from weightscape.deep.tangent import fed, shrink, tangents
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.input import fold
from weightscape.network.network import Tap, forward
from weightscape.network.pattern import counted, pattern, unit_words
from weightscape.network.view import View
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

SIZE = (40, 30)
TAPS = (Tap(0, (1, 3)), Tap(2, None, before=True), Tap())


def grid() -> tuple[np.ndarray, np.ndarray]:
    x, y = np.meshgrid(np.linspace(-19.3, 18.1, 7), np.linspace(-14.2, 13.7, 5))
    return x, y


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("inputs", [("x", "y"), ("x", "r", "y")])
def test_derivatives_are_the_limits_of_differences(activation: str, inputs: tuple[str, ...]) -> None:
    scene = Scene(layers=4, width=6, activation=activation, tied=False, inputs=inputs)
    network, radial = fold(draw(scene), inputs, 0.0, View((0, 0), 2.6, 10.0), SIZE)  # type: ignore[arg-type]
    x, y = grid()
    found = tangents(network, *fed(radial, x, y), TAPS)
    step = 1e-5
    for axis, (dx, dy) in enumerate(((step, 0.0), (0.0, step))):
        after = forward(network, fed(radial, x + dx, y + dy)[0], TAPS)
        before = forward(network, fed(radial, x - dx, y - dy)[0], TAPS)
        for (_, slopes), up, down in zip(found, after, before, strict=True):
            assert np.abs((up - down) / (2 * step) - slopes[..., axis]).max() < 1e-7


@pytest.mark.parametrize("scale", [0.05, 0.7, 3.0])
def test_shrunk_tangents_stay_in_the_range_of_float32(scale: float) -> None:
    network, _ = fold(draw(Scene(layers=120, scale=scale)), ("x", "y"), 0.0, Scene().view, SIZE)
    once = shrink(network, None, *SIZE)
    x, y = grid()
    (_, slopes) = tangents(network, *fed(None, x, y))[0]
    assert abs(np.log2(np.median(np.abs(slopes).max((-2, -1)))) + 120 * np.log2(once)) < 120


def test_patterns_differ_where_a_unit_switches_and_only_there() -> None:
    network = draw(Scene(layers=4, width=8, activation="relu", output_activation="identity", tied=False))
    points = np.random.default_rng(1).uniform(-3, 3, (2000, 2))
    bits = np.concatenate(forward(network, points, [Tap(k, before=True) for k in range(3)]), -1) > 0
    words = pattern(network, points)

    # NumPy 2.0 alone gives these a second axis.
    by_bits, by_words = (np.unique(each, axis=0, return_inverse=True)[1].ravel() for each in (bits, words))
    assert len(set(by_bits)) == len(set(by_words)) == len(set(zip(by_bits, by_words, strict=True))) > 50
    assert counted(network) == [0, 1, 2]


def test_words_of_units_are_all_different() -> None:
    words = np.concatenate([unit_words(k, 512) for k in range(256)])
    assert words.max() < 2**16
    assert len(np.unique(words @ (1 << np.array([0, 16, 32, 48], np.uint64)))) == len(words)
