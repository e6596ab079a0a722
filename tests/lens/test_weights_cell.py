"""The weight under a point of the lens weights: the one whose colour is seen there, and where it is framed."""

from dataclasses import replace

import numpy as np
import pytest

from weightscape.draw.plate import signed
from weightscape.lens.weights import WEIGHTS, ends
from weightscape.lens.weights_cell import Weight, ground
from weightscape.network.edit import MAX_EDITS, Cell, edits_of, written_edits
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene

SIZE = (640, 400)
SCENES = {
    "tied": Scene(layers=6, width=5, lens="weights"),
    "independent": Scene(layers=6, width=9, tied=False, lens="weights"),
    "one layer": Scene(layers=9, width=7, lens="weights", layer=3),
    "larger than its tile": Scene(layers=4, width=300, tied=False, lens="weights"),
    "masks": Scene(weights="digits-sigmoid", lens="weights"),
}


@pytest.mark.parametrize("name", SCENES)
def test_the_weight_under_a_point_has_the_colour_that_is_seen_there(name: str) -> None:
    scene = SCENES[name]
    net = network(scene)
    seen, known = WEIGHTS.draw(scene, net, SIZE, ()), ground(scene, net, SIZE)
    numbers = np.random.default_rng(1)
    compared = 0
    for tile in known.plan.tiles:
        for _ in range(20):
            x, y = tile.left + int(numbers.integers(tile.width)), tile.top + int(numbers.integers(tile.height))
            weight = known.weight((x + 0.5, y + 0.5))
            assert weight
            assert weight.original == net.weights[weight.cell.layer - 1][weight.cell[1:]]
            colour = signed(np.array(weight.original), ends(net)[min(tile.first, 1)])
            compared += bool(np.allclose(seen[y, x], colour, atol=1e-5))  # else a gap, or a letter
    assert compared > 0.6 * 20 * len(known.plan.tiles)


@pytest.mark.parametrize("name", ["tied", "independent", "one layer", "masks"])
def test_the_box_of_a_weight_is_where_it_is_found(name: str) -> None:
    scene = SCENES[name]
    known = ground(scene, network(scene), SIZE)
    boxed = 0
    for tile in known.plan.tiles:
        for part in (0.01, 0.4, 0.77, 0.99):
            weight = known.weight((tile.left + part * tile.width, tile.top + (1.0 - part) * tile.height))
            box = known.box(weight) if weight else None
            assert weight
            assert box
            found = known.weight(((box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0))
            assert found == weight
            boxed += 1
    assert boxed >= 4


def test_beside_the_matrices_there_is_no_weight() -> None:
    scene = SCENES["tied"]
    known = ground(scene, network(scene), SIZE)
    assert known.weight((0.0, 0.0)) is None
    assert known.weight((-5.0, 100.0)) is None
    hidden = ground(replace(scene, layer=1), network(scene), SIZE)
    assert hidden.box(Weight(Cell(6, 0, 0), 6, 0.0, 1.0)) is None


def test_layers_that_share_a_matrix_share_the_weight_under_whichever_name_it_is_set() -> None:
    scene = SCENES["tied"]
    known = ground(scene, network(scene), SIZE)
    tile = known.plan.tiles[1]
    weight = known.weight((tile.left + 1.0, tile.top + 1.0))
    assert weight
    assert (weight.cell, weight.last) == (Cell(2, 0, 0), 5)
    edits = edits_of("4:0:0=0.5")
    assert weight.value(edits) == 0.5
    assert weight.set_to(edits, 0.25) == {Cell(4, 0, 0): 0.25}
    changed = network(replace(scene, edits=written_edits(weight.set_to({}, 0.25))))
    assert {float(changed.weights[k][0, 0]) for k in (1, 2, 3, 4)} == {0.25}
    assert weight.set_to(edits_of("2:0:0=1,4:0:0=0.5,4:0:1=2"), weight.original) == {Cell(4, 0, 1): 2.0}


def test_a_weight_that_is_as_it_was_is_no_edit_and_the_65th_is_refused_in_a_sentence() -> None:
    weight = Weight(Cell(2, 3, 4), 2, 0.5, 0.1)
    assert weight.set_to({}, 0.5) == {}
    assert weight.set_to(weight.set_to({}, 0.7), 0.5) == {}
    full = {Cell(3, k, 0): 1.0 for k in range(MAX_EDITS)}
    with pytest.raises(ValueError, match=r"^64 weights are changed, which is the limit: Ctrl\+click one"):
        weight.set_to(full, 0.7)
    inside = {**dict(list(full.items())[1:]), weight.cell: 0.6}
    assert weight.set_to(inside, 0.7)[weight.cell] == 0.7
    assert len(weight.set_to(inside, 0.7)) == MAX_EDITS
