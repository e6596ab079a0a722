"""Weights as pictures: the colours are the matrices', a shared matrix stands once, and a click leads to its unit."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import weightscape
from weightscape.draw.block import sampled
from weightscape.draw.plate import PAPER, signed, text_width
from weightscape.file.npz import write_weights
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import DrawnLens
from weightscape.lens.weights import ends, mask
from weightscape.lens.weights_layout import MatrixTile, layout, runs_of, thinned
from weightscape.network.network import Network
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

LENS = CATALOGUE["weights"]
assert isinstance(LENS, DrawnLens)
SIZE = (640, 480)
SIZES = [(20, 10), (320, 240), (1280, 720), (240, 400)]
SCENE = Scene(layers=6, width=5, lens="weights")


def made(*widths: int) -> Network:
    rng = np.random.default_rng(2)
    return Network(
        tuple(rng.normal(size=pair) / pair[0] for pair in pairwise(widths)),
        tuple(np.zeros(n) for n in widths[1:]),
        ("tanh",) * (len(widths) - 1),
    )


DIGITS = made(784, 16, 16, 10)


def drawn(scene: Scene, net: Network, size: tuple[int, int]) -> Any:
    assert isinstance(LENS, DrawnLens)
    assert LENS.wants(scene, net, size) == ()
    return LENS.draw(scene, net, size, ())


def picked(scene: Scene, net: Network, size: tuple[int, int], point: tuple[float, float]) -> Scene | None:
    assert isinstance(LENS, DrawnLens)
    assert LENS.pick
    return LENS.pick(scene, net, size, point)


def middle(tile: MatrixTile, row: int, column: int, rows: int, columns: int) -> tuple[int, int]:
    """Tell the pixel (x, y) that is a quarter into a cell, off its middle, where a number may stand."""
    return (tile.left + int((column + 0.25) * tile.width / columns), tile.top + int((row + 0.2) * tile.height / rows))


def test_each_weight_has_its_colour_on_the_one_scale() -> None:
    scene = replace(SCENE, tied=False)
    net = network(scene)
    picture = drawn(scene, net, SIZE)
    largest = max(np.abs(W).max() for W in net.weights)
    tiles = layout(scene, net, SIZE).tiles

    assert [tile.first for tile in tiles] == [0, 1, 2, 3, 4, 5]
    assert ends(net) == (largest, largest)
    for tile in tiles:
        W = net.weights[tile.first]
        for (i, j), weight in np.ndenumerate(W):
            x, y = middle(tile, i, j, *W.shape)
            assert np.allclose(picture[y, x], signed(np.array(weight), largest), atol=1e-5)


def test_a_shared_matrix_is_shown_once_and_says_of_which_layers() -> None:
    net = network(SCENE)
    tiles = layout(SCENE, net, SIZE).tiles

    assert runs_of(net) == [(0, 0), (1, 4), (5, 5)]
    assert [tile.name for tile in tiles] == ["layer 1", "layers 2 … 5", "layer 6"]
    assert tiles[1].shape == "5 × 5, the same matrix"


def test_many_matrices_are_thinned_evenly_and_the_first_and_last_stay() -> None:
    runs = [(k, k) for k in range(60)]
    assert [first for first, _ in thinned(runs, 4)] == [*range(0, 59, 4), 59]
    assert thinned(runs, 1) == runs
    assert thinned(runs[:1], 1) == runs[:1]
    net = network(Scene(layers=200, width=4, tied=False))
    plan = layout(SCENE, net, (320, 240))
    assert plan.every > 1
    assert [tile.first for tile in plan.tiles] == [first for first, _ in thinned(runs_of(net), plan.every)]
    assert (plan.tiles[0].first, plan.tiles[-1].first) == (0, 199)


def test_matrices_with_changed_weights_stay_where_not_all_have_room() -> None:
    assert thinned([(0, 0), (1, 4), (5, 5), (6, 6), (7, 7)], 3, {3}) == [(0, 0), (1, 4), (6, 6), (7, 7)]
    net, size = network(Scene(layers=27, width=30, tied=False)), (480, 573)
    assert 1 not in [tile.first for tile in layout(SCENE, net, size).tiles]
    plan = layout(replace(SCENE, edits="2:12:9=1,16:0:0=1"), net, size)
    assert plan.every > 1
    wanted = [first for first, _ in runs_of(net) if first % plan.every == 0 or first in (1, 15, 26)]
    assert [tile.first for tile in plan.tiles] == wanted


@pytest.mark.parametrize(
    ("layers", "width", "least"),
    [(256, 30, 0.3), (100, 60, 0.25), (61, 512, 0.3), (60, 8, 0.3), (256, 3, 0.3), (40, 30, 0.2), (20, 30, 0.3)],
)
def test_many_layers_fill_the_room_with_tiles_that_can_be_seen(layers: int, width: int, least: float) -> None:
    net, size = network(Scene(layers=layers, width=width, tied=False)), (1280, 720)
    plan = layout(SCENE, net, size)
    inner = plan.tiles[1:-1]

    assert len(inner) > 10
    assert len({(tile.width, tile.height) for tile in inner}) == 1
    assert inner[0].width == inner[0].height > 50
    assert sum(tile.width * tile.height for tile in plan.tiles) > least * size[0] * size[1]
    # Whole pixels a number, wherever a number has a pixel.
    assert inner[0].width % width == 0 or inner[0].width < width
    for tile, after in pairwise(plan.tiles):
        if tile.top == after.top:
            room = (text_width(tile.name, plan.letter) + text_width(after.name, plan.letter)) / 2.0
            assert after.left + after.width / 2.0 - tile.left - tile.width / 2.0 > room


def test_matrices_larger_than_their_tile_show_numbers_of_their_own() -> None:
    net = network(Scene(layers=4, width=512, tied=False))
    tile = layout(SCENE, net, SIZE).tiles[1]
    W = net.weights[1]
    shown = sampled(W, tile.height, tile.width)
    assert tile.width < 256

    assert np.isin(shown, W).all()
    # Random numbers keep their distribution, wherever they are.
    assert shown.std() == pytest.approx(W.std(), rel=0.02)
    assert np.quantile(shown, [0.01, 0.99]) == pytest.approx(np.quantile(W, [0.01, 0.99]), abs=0.02)
    quarters = [abs(shown[i::4]).mean() for i in range(4)]
    assert np.ptp(quarters) < 0.02
    picture = drawn(SCENE, net, SIZE)[tile.top : tile.top + tile.height, tile.left : tile.left + tile.width]
    assert np.allclose(picture, signed(shown, ends(net)[0]), atol=1e-5)


def test_a_picked_number_lies_in_its_block_and_a_diagonal_stays() -> None:
    rows, columns = np.indices((100, 40))
    assert np.array_equal(sampled(rows * 1.0, 25, 40), 4.0 * np.indices((25, 40))[0] + 2.0)
    assert np.array_equal(sampled(columns * 1.0, 100, 80), np.indices((100, 80))[1] // 2 * 1.0)
    assert np.array_equal(sampled(np.eye(300), 70, 70), np.eye(70))
    assert sampled(np.arange(7.0)[:, None], 3, 1).ravel().tolist() == [1.0, 3.0, 5.0]


def test_the_lens_shows_the_scenes_layer_alone() -> None:
    net = network(SCENE)
    for layer, run in ((1, (0, 0)), (3, (1, 4)), (6, (5, 5))):
        (tile,) = layout(replace(SCENE, layer=layer), net, SIZE).tiles
        assert (tile.first, tile.last) == run
    with pytest.raises(SceneError, match=r"layer: 7 is not in 0\.\.6"):
        drawn(replace(SCENE, layer=7), net, SIZE)


def test_units_that_are_fed_an_image_are_masks_over_it() -> None:
    scene = replace(SCENE, unit=5)
    picture = drawn(scene, DIGITS, (1280, 720))
    tiles = layout(scene, DIGITS, (1280, 720)).tiles
    large, *masks = [tile for tile in tiles if tile.mask >= 0]

    assert large.mask == 5
    assert large.width > 2 * masks[0].width
    assert [tile.mask for tile in masks] == list(range(16))
    assert [tile.first for tile in tiles if tile.mask < 0] == [1, 2]
    W = DIGITS.weights[0]
    for tile in (large, masks[3]):
        for i, j in ((0, 0), (3, 17), (27, 27)):
            x, y = middle(tile, i, j, 28, 28)
            expected = signed(W[28 * i + j, tile.mask], float(np.abs(W).max()))
            assert np.allclose(picture[y, x], expected, atol=1e-5)
    assert mask(W, 2).shape == (28, 28)
    with pytest.raises(SceneError, match=r"unit: 16 is not in 0\.\.15"):
        drawn(replace(SCENE, unit=16), DIGITS, SIZE)


def test_a_click_leads_to_the_unit_whose_weights_are_there() -> None:
    net = network(SCENE)
    shared, last = layout(SCENE, net, SIZE).tiles[1:]
    on_shared = picked(SCENE, net, SIZE, middle(shared, 2, 3, 5, 5))
    assert on_shared == replace(SCENE, lens="unit", layer=2, unit=3)
    assert picked(SCENE, net, SIZE, middle(last, 4, 2, 5, 3)) == replace(SCENE, lens="unit", layer=0, unit=2)
    assert picked(SCENE, net, SIZE, (1.0, 1.0)) is None
    masks = [tile for tile in layout(SCENE, DIGITS, SIZE).tiles if tile.mask >= 0]
    assert picked(SCENE, DIGITS, SIZE, middle(masks[12], 9, 9, 28, 28)) == replace(SCENE, lens="unit", layer=1, unit=11)


@pytest.mark.spread(3)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "net",
    [
        network(SCENE),
        network(Scene(layers=60, width=512)),
        network(Scene(layers=256, width=30, tied=False)),
        made(3, 4, 1),
        DIGITS,
        made(784, 300, 10),
        made(64, 5),
        made(4096, 512, 3),
        made(2, 3),
        network(Scene(layers=3, scale=0.0)),
    ],
    ids=range(10),
)
def test_any_network_makes_a_picture_of_any_size(net: Network, size: tuple[int, int]) -> None:
    tiles = layout(SCENE, net, size).tiles
    picture = drawn(SCENE, net, size)

    assert picture.shape == (size[1], size[0], 3)
    if size != (20, 10):
        assert all(tile.left >= 0 and tile.left + tile.width <= size[0] for tile in tiles)
        assert all(tile.top >= 0 and tile.top + tile.height <= size[1] for tile in tiles)
        assert not any(_overlap(a, b) for n, a in enumerate(tiles) for b in tiles[:n])
    assert 0.0 < (np.abs(picture - np.array(PAPER)) < 2e-3).all(-1).mean() < 1.0


def _overlap(a: MatrixTile, b: MatrixTile) -> bool:
    across = a.left < b.left + b.width and b.left < a.left + a.width
    return across and a.top < b.top + b.height and b.top < a.top + a.height


def test_a_file_shows_the_same_as_the_lens(tmp_path: Path) -> None:
    net = made(3, 4, 1)
    write_weights(tmp_path / "net.npz", net.weights, net.biases, net.activations)
    scene = Scene(weights=str(tmp_path / "net.npz"), inputs=("x", "y", "1"), lens="weights")

    seen = weightscape.render(scene, size=SIZE, engine="numpy")
    assert np.array_equal(seen, np.floor(255.0 * drawn(scene, net, SIZE) + 0.5))
