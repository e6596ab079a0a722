"""Linear pieces: counted exactly by cutting, and against what a fine grid of patterns sees."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from weightscape.lens.countable import is_countable, of_pixels
from weightscape.lens.point import inputs
from weightscape.network.interrupt import interruptible
from weightscape.network.network import Network
from weightscape.network.pattern import PIECEWISE, pattern
from weightscape.network.piece import breakpoints, pieces
from weightscape.network.view import pixel_to_screen
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def drawn(layers: int, width: int, activation: str, seed: int = 1) -> Network:
    return draw(Scene(layers=layers, width=width, activation=activation, rule="he", tied=False, seed=seed))


def area(corners: np.ndarray) -> float:
    x, y = corners.T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def lines(count: int) -> Network:
    """One layer of relu units whose lines are tangents of a circle: all cross each other inside of a large square."""
    angles = np.linspace(0.0, math.pi, count, endpoint=False) + 0.1
    W = np.stack([np.cos(angles), np.sin(angles)])
    return Network((W, np.ones((count, 1))), (np.full(count, -0.5), np.zeros(1)), ("relu", "identity"))


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_lines_in_general_position_cut_the_plane_into_as_many_pieces_as_known(count: int) -> None:
    found = pieces(lines(count), 100.0 * SQUARE, 1000)
    assert found is not None
    assert len(found) == 1 + count + count * (count - 1) // 2


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize(("layers", "width"), [(2, 6), (3, 5), (5, 4)])
def test_pieces_fill_the_polygon_and_the_network_is_affine_on_each(activation: str, layers: int, width: int) -> None:
    network = drawn(layers, width, activation)
    found = pieces(network, SQUARE, 10_000)
    assert found is not None
    assert sum(area(piece.corners) for piece in found) == pytest.approx(4.0, rel=1e-9)
    straight = Network(network.weights, network.biases, (*network.activations[:-1], "identity"))
    for piece in found:
        inside = np.random.default_rng(2).dirichlet(np.ones(len(piece.corners)), 5) @ piece.corners
        assert np.allclose(straight(inside), inside @ piece.A + piece.c, atol=1e-9)
        assert len(np.unique(pattern(network, inside), axis=0)) == 1


@pytest.mark.parametrize("activation", PIECEWISE)
def test_a_grid_sees_at_most_the_exact_count_and_all_of_it_once_it_is_fine_enough(activation: str) -> None:
    network = drawn(3, 4, activation, seed=12)
    found = pieces(network, SQUARE, 10_000)
    assert found is not None
    seen = []
    for side in (5, 24, 384):
        line = (np.arange(side) + 0.5) / side * 2.0 - 1.0
        points = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        seen.append(len(np.unique(pattern(network, points), axis=0)))
    assert seen[0] < seen[1] <= seen[2] == len(found)


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize("layers", [2, 4, 7])
def test_between_breakpoints_a_line_is_straight_and_at_them_it_bends(activation: str, layers: int) -> None:
    network = drawn(layers, 7, activation, seed=layers)
    start, end = np.array([-1.3, 0.4]), np.array([1.1, -0.7])
    found = breakpoints(network, start, end, 1000)
    assert found is not None
    straight = Network(network.weights, network.biases, (*network.activations[:-1], "identity"))
    assert len(found) >= 7
    at = np.concatenate([[0.0], found, [1.0]])
    for a, b in pairwise(at):
        inside = start + np.linspace(a, b, 5)[:, None] * (end - start)
        bend = np.abs(np.diff(straight(inside), n=2, axis=0)).max()
        assert bend < 1e-9
    patterns = [tuple(pattern(network, start + t * (end - start))) for t in 0.5 * (at[1:] + at[:-1])]
    assert all(a != b for a, b in pairwise(patterns))


def test_too_many_pieces_are_told_by_none_and_curves_are_refused() -> None:
    assert pieces(lines(9), 100.0 * SQUARE, 30) is None
    assert breakpoints(lines(9), SQUARE[0], SQUARE[2], 3) is None
    for refused in (lambda n: pieces(n, SQUARE, 9), lambda n: breakpoints(n, SQUARE[0], SQUARE[1], 9)):
        with pytest.raises(ValueError, match="relu, leaky_relu and abs"):
            refused(draw(Scene(layers=3)))


def test_a_count_that_is_not_wanted_any_longer_ends() -> None:
    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError), interruptible(stop):
        pieces(lines(9), SQUARE, 300)


@pytest.mark.parametrize(
    "fields",
    [
        {"inputs": ("x", "y")},
        {"inputs": ("0.5", "y", "x", "sin_t"), "time": 0.15},
        {"inputs": ("x", "y", "1.0"), "origin": (0.3, 0.1, -0.2), "u": (1.0, 0.0, 0.5), "v": (0.2, 1.0, 0.0)},
        {"inputs": ("r",), "origin": (0.3,), "u": (1.0,), "v": (0.5,)},
    ],
)
def test_pixels_fold_the_view_and_all_affine_inputs(fields: dict[str, Any]) -> None:
    scene = Scene(layers=2, width=4, activation="relu", radius=0.7, angle=25.0, center=("0.4", "-2"), **fields)
    network, size = draw(scene), (90, 50)
    assert is_countable(scene, network)
    for pixel in ((45.0, 25.0), (10.5, 40.5)):
        fed = inputs(replace(scene, probe=pixel_to_screen(size, pixel)))
        centred = np.array([pixel[0] - 45.0, 25.0 - pixel[1]])
        assert of_pixels(scene, network, size)(centred) == pytest.approx(network(fed), abs=1e-12)


def test_circles_curves_and_the_smallest_views_are_not_countable() -> None:
    scene = Scene(layers=3, activation="relu", inputs=("x", "1"))
    assert is_countable(scene, draw(scene))
    for changed in (replace(scene, inputs=("x", "r")), replace(scene, activation="tanh"), replace(scene, radius=1e-7)):
        assert not is_countable(changed, draw(changed))
