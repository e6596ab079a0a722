"""Weights that are set to other numbers, and units that are silenced."""

import numpy as np
import pytest

from weightscape.network.edit import (
    Cell,
    Unit,
    edited,
    edits_of,
    fitting,
    silenced_of,
    unsilenced,
    written_edits,
    written_units,
)
from weightscape.network.network import Network, Tap, distinct_weights, forward
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

POINTS = np.random.default_rng(3).normal(size=(50, 2))


def network(tied: bool = True) -> Network:
    return draw(Scene(layers=6, width=9, tied=tied))


def test_a_weight_is_set_and_all_others_stay() -> None:
    before = network(tied=False)
    after = edited(before, {Cell(3, 4, 5): 0.5})
    for k, (W, V) in enumerate(zip(before.weights, after.weights, strict=True), start=1):
        different = [tuple(map(int, each)) for each in np.argwhere(W != V)]
        assert different == ([(4, 5)] if k == 3 else [])
    assert after.weights[2][4, 5] == 0.5
    assert before.weights[2][4, 5] != 0.5


def test_tied_layers_share_their_edits() -> None:
    after = edited(network(), {Cell(3, 4, 5): 0.5})
    assert all(W is after.weights[1] for W in after.weights[1:-1])
    assert after.weights[4][4, 5] == 0.5


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("layer", [1, 3, 5])
def test_a_silenced_unit_says_nothing_to_the_next_layer(tied: bool, layer: int) -> None:
    before = network(tied)
    after = edited(before, {}, (Unit(layer, 2),))
    h = forward(before, POINTS, (Tap(layer - 1),))[0]
    np.testing.assert_array_equal(forward(after, POINTS, (Tap(layer - 1),))[0], h)
    without = h.copy()
    without[:, 2] = 0.0
    z = without @ before.weights[layer] + before.biases[layer]
    np.testing.assert_allclose(forward(after, POINTS, (Tap(layer, before=True),))[0], z, rtol=1e-14)
    # The other layers share what they shared.
    assert distinct_weights(after) == distinct_weights(before) + (81 if tied and layer < 5 else 0)


def test_texts_are_read_and_written() -> None:
    assert edits_of(" 12:3:4=.5, 2:3:4=-1e-3,") == {Cell(2, 3, 4): -0.001, Cell(12, 3, 4): 0.5}
    assert written_edits(edits_of("12:3:4=.5,2:3:4=-1e-3")) == "2:3:4=-0.001,12:3:4=0.5"
    assert written_units(silenced_of("3:1,2:9,3:1")) == "2:9,3:1"
    assert (edits_of(""), silenced_of("")) == ({}, ())


def test_what_a_smaller_network_has_not_is_forgotten() -> None:
    edits, units = edits_of("1:1:2=1,2:8:0=1,5:0:0=1"), silenced_of("1:8,2:0,4:0")
    assert fitting(edits, units, (2, 8, 8, 3)) == (edits_of("1:1:2=1"), silenced_of("2:0"))


def test_too_many_layers_of_their_own_are_refused() -> None:
    large = draw(Scene(layers=128, width=512))
    with pytest.raises(ValueError, match="16,000,000"):
        edited(large, {}, tuple(Unit(layer, 0) for layer in range(1, 65)))


def test_the_network_that_all_units_of_are_heard_is_the_same_object_again() -> None:
    before = network()
    once = edited(before, {}, (Unit(2, 1),))
    assert unsilenced(before) is before
    assert unsilenced(once) is before
    assert unsilenced(edited(once, {}, (Unit(3, 1),))) is before
    changed = unsilenced(edited(before, {Cell(3, 4, 5): 0.5}, (Unit(2, 4),)))
    assert changed.weights[2][4, 5] == 0.5
