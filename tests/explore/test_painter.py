"""The painter: what is wanted is painted, coarse first; what is not wanted any more is stopped."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from patience import until

import weightscape
from weightscape.explore.painter import Painter
from weightscape.network.view import pan
from weightscape.picture.coarse import first_stride
from weightscape.picture.request import Painted, Request
from weightscape.picture.reuse import Values, carried_over, shift
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise

SAMPLES = 5
SMALL = Scene(layers=4, width=8)
DEEP = Scene(layers=200, width=100, scale=0.2)


@pytest.fixture
def painter() -> Iterator[Painter]:
    """Give a painter with the NumPy engine; nobody needs to be woken."""
    painter = Painter("numpy", lambda: None, SAMPLES)
    yield painter
    painter.close()


def collected(painter: Painter, enough: Callable[[list[Painted]], bool]) -> list[Painted]:
    tiles: list[Painted] = []

    def ready() -> bool:
        tiles.extend(painter.fetch())
        return enough(tiles)

    until(ready, "tiles")
    return tiles


def whole(tiles: list[Painted]) -> bool:
    return bool(tiles) and tiles[-1].done == 1.0


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no processor be quick enough to begin fine."""
    monkeypatch.setattr("weightscape.explore.painter.FIRST_S", 1e-5)


@pytest.mark.parametrize("size", [(1, 1), (27, 51), (300, 200), (640, 3)])
def test_the_finest_tiles_make_the_whole_picture(painter: Painter, size: tuple[int, int]) -> None:
    painter.ask(Request(SMALL, size, (5.0, 5.0), 1))
    canvas = np.full((size[1], size[0], 3), np.nan, np.float32)
    for tile in collected(painter, whole):
        if tile.stride == 1 and tile.samples == 1:
            rows, columns, _ = tile.values.shape
            x, y = map(int, tile.place)
            canvas[y : y + rows, x : x + columns] = tile.values

    # The last digit may depend on where a tile is cut, with some BLAS kernels.
    assert np.allclose(canvas, weightscape.field(SMALL, size=size, engine="numpy"), rtol=0, atol=1e-5)


def test_the_first_pass_covers_everything_with_points_in_the_middle_of_their_blocks(
    hurried: None, painter: Painter
) -> None:
    painter.ask(Request(DEEP, (200, 120), (0.0, 0.0), 1))
    tiles = collected(painter, lambda tiles: any(tile.stride != tiles[0].stride for tile in tiles))
    stride = tiles[0].stride
    first = [tile for tile in tiles if tile.stride == stride]
    parts, piece = (first[:-1], first[-1]) if len(first) > 1 else (first, first[0])
    covered = sum(tile.values.shape[0] * tile.values.shape[1] for tile in parts)

    assert stride > 1
    assert covered == -(-200 // stride) * -(-120 // stride)
    assert piece.values.shape[:2] == (-(-120 // stride), -(-200 // stride))
    for tile in parts:
        column, row = (int(side) // stride for side in tile.place)
        high, wide = tile.values.shape[:2]
        assert np.array_equal(tile.values, piece.values[row : row + high, column : column + wide])
    fine = weightscape.field(DEEP, size=(200, 120), engine="numpy")
    tile = first[0]
    # The point of a block stands between the four middle pixels, so its value lies near theirs.
    x, y = int(tile.place[0]) + stride // 2, int(tile.place[1]) + stride // 2
    around = fine[y - 1 : y + 1, x - 1 : x + 1]
    assert np.abs(around.mean((0, 1)) - tile.values[0, 0]).max() < 0.2


def test_a_new_request_stops_the_old_one(painter: Painter) -> None:
    painter.ask(Request(DEEP, (1200, 800), (0.0, 0.0), 1))
    collected(painter, lambda tiles: len(tiles) > 2)
    painter.ask(Request(SMALL, (64, 64), (0.0, 0.0), 2))
    tiles = collected(painter, lambda tiles: whole(tiles) and tiles[-1].request.scene == SMALL)

    assert not any(tile.request.scene == DEEP and tile.done == 1.0 for tile in tiles)


def test_however_fast_requests_come_first_pictures_are_seen(hurried: None) -> None:
    size, numbers = (300, 200), count(1)

    def ask_again() -> None:
        n = next(numbers)
        painter.ask(Request(replace(SMALL, radius=2.0 + n / 1e6), size, (0.0, 0.0), n))

    painter = Painter("numpy", lambda: ask_again(), SAMPLES)  # at every single tile
    ask_again()
    seen = collected(painter, lambda tiles: len({tile.request.number for tile in tiles}) > 20)
    painter.close()

    assert not any(tile.done == 1.0 for tile in seen)  # each was stopped by the next, after its first picture
    for number in {tile.request.number for tile in seen[:-20]}:
        first = [tile for tile in seen if tile.request.number == number and tile.stride == seen[0].stride]
        assert np.isfinite(painted(first, size)).all()


def painted(tiles: list[Painted], size: tuple[int, int]) -> Values:
    """Move and lay tiles over each other as the canvas does: (rows, columns, 3)."""
    canvas, scene = np.full((size[1], size[0], 3), np.nan, np.float32), tiles[0].request.scene
    for tile in tiles:
        moved = shift(tile.request.scene, scene, size)
        canvas = np.full_like(canvas, np.nan) if moved is None else carried_over(canvas, moved)
        scene = tile.request.scene
        left, top = map(int, tile.place)
        large = tile.values.repeat(tile.stride, 0).repeat(tile.stride, 1)
        right, bottom = min(tile.limit[0], left + large.shape[1]), min(tile.limit[1], top + large.shape[0])
        canvas[top:bottom, left:right] = large[: bottom - top, : right - left]
    return canvas


def at_rest(tiles: list[Painted]) -> bool:
    return bool(tiles) and tiles[-1].samples == SAMPLES


@pytest.mark.parametrize("scene", [SMALL, replace(SMALL, outputs=1, palette="magma")])
def test_at_rest_the_picture_is_the_files_with_as_many_samples(painter: Painter, scene: Scene) -> None:
    painter.ask(Request(scene, (90, 50), (0.0, 0.0), 1))
    tiles = collected(painter, at_rest)
    truth = weightscape.render(scene, size=(90, 50), samples=SAMPLES, engine="numpy")

    miss = np.abs(quantise(tiles[-1].values, "round").astype(int) - truth)
    assert miss.max() <= 1
    assert np.mean(miss > 0) < 0.001
    assert [tile.samples for tile in tiles if tile.samples > 1] == [4, SAMPLES]


@pytest.mark.parametrize("moved", [(7, 0), (0, -5), (-20, 11), (89, 49), (3, 4)])
def test_a_moved_view_computes_the_new_strips_alone(painter: Painter, moved: tuple[int, int]) -> None:
    size = (90, 50)
    painter.ask(Request(SMALL, size, (0.0, 0.0), 1))
    tiles = collected(painter, at_rest)
    new = SMALL.looking(pan(SMALL.view, size, *moved))
    painter.ask(Request(new, size, (0.0, 0.0), 2))
    tiles = [tile for tile in [*tiles, *collected(painter, whole)] if tile.samples == 1]
    second = [tile for tile in tiles if tile.request.number == 2]

    fresh = sum(tile.values.shape[0] * tile.values.shape[1] for tile in second if tile.stride == 1)
    assert fresh == 90 * 50 - (90 - abs(moved[0])) * (50 - abs(moved[1]))
    assert np.allclose(painted(tiles, size), weightscape.field(new, size=size, engine="numpy"), rtol=0, atol=1e-5)


def test_what_the_canvas_has_lost_meanwhile_is_told_again(painter: Painter) -> None:
    size, scene = (300, 200), replace(DEEP, layers=100)
    painter.ask(Request(scene, size, (0.0, 0.0), 1))
    tiles = collected(painter, whole)
    painter.ask(Request(scene.looking(pan(scene.view, size, 250, 0)), size, (0.0, 0.0), 2))
    tiles += collected(painter, lambda tiles: any(tile.values.size for tile in tiles))
    painter.ask(Request(scene.looking(pan(scene.view, size, 10, 0)), size, (0.0, 0.0), 3))
    tiles += collected(painter, lambda tiles: whole(tiles) and tiles[-1].request.number == 3)
    tiles = [tile for tile in tiles if tile.samples == 1]

    truth = weightscape.field(tiles[-1].request.scene, size=size, engine="numpy")
    assert np.allclose(painted(tiles, size), truth, rtol=0, atol=1e-4)


def test_strips_come_coarse_first_where_that_is_quicker_and_stay_in_their_place(
    hurried: None, painter: Painter
) -> None:
    size, scene = (300, 200), replace(DEEP, layers=40, width=30, scale=0.35)
    painter.ask(Request(scene, size, (0.0, 0.0), 1))
    tiles = collected(painter, whole)
    new = scene.looking(pan(scene.view, size, -101, 37))
    painter.ask(Request(new, size, (0.0, 0.0), 2))
    tiles += collected(painter, lambda tiles: whole(tiles) and tiles[-1].request.number == 2)
    tiles = [tile for tile in tiles if tile.samples == 1]

    assert any(tile.stride > 1 for tile in tiles if tile.request.number == 2)
    assert np.allclose(painted(tiles, size), weightscape.field(new, size=size, engine="numpy"), rtol=0, atol=1e-5)


@pytest.mark.parametrize("change", [{"radius": 2.5}, {"seed": 44}, {"center": ("0.001", "0")}, {"angle": 1.0}])
def test_any_other_change_paints_all_anew(painter: Painter, change: dict[str, Any]) -> None:
    painter.ask(Request(SMALL, (40, 30), (0.0, 0.0), 1))
    collected(painter, at_rest)
    painter.ask(Request(replace(SMALL, **change), (40, 30), (0.0, 0.0), 2))
    tiles = [tile for tile in collected(painter, whole) if tile.samples == 1]

    assert sum(tile.values.shape[0] * tile.values.shape[1] for tile in tiles if tile.stride == 1) == 40 * 30


def test_the_same_scene_again_is_there_at_once(painter: Painter) -> None:
    painter.ask(Request(SMALL, (40, 30), (0.0, 0.0), 1))
    collected(painter, at_rest)
    painter.ask(Request(SMALL, (40, 30), (0.0, 0.0), 2))
    first = collected(painter, whole)[0]

    assert (first.request.number, first.done, first.values.shape) == (2, 1.0, (0, 40, 3))


def test_a_chaotic_network_is_seen_at_once_and_then_as_it_is(painter: Painter) -> None:
    scene = Scene(layers=40, scale=1.0, radius=1.0, tied=False)
    painter.ask(Request(scene, (90, 60), (0.0, 0.0), 1))
    tiles = collected(painter, at_rest)
    rough = painted([tile for tile in tiles if tile.samples == 1 and tile.values.dtype == np.float32][:1], (90, 60))
    assert np.isfinite(rough).any()
    seen = painted([tile for tile in tiles if tile.samples == 1], (90, 60))
    truth = weightscape.field(scene, size=(90, 60), engine="numpy", precision="double")
    assert np.allclose(seen, truth, rtol=0, atol=1e-6)
    assert painter.truth
    assert (painter.truth.number, painter.truth.method) == (1, "double")


def test_a_fault_is_told_and_the_next_request_is_served(painter: Painter) -> None:
    painter.ask(Request(Scene(weights="/nowhere/net.npz"), (32, 32), (0.0, 0.0), 1))
    until(lambda: painter.fault, "the fault")
    assert "/nowhere/net.npz" in painter.fault
    painter.ask(Request(SMALL, (32, 32), (0.0, 0.0), 2))
    collected(painter, whole)

    until(lambda: painter.fault == "", "the fault to be forgotten")


@pytest.mark.parametrize(
    ("size", "points", "stride"),
    [
        ((1280, 720), 10**9, 1),
        ((1280, 720), 1280 * 720, 1),
        ((1280, 720), 14_400, 8),
        ((1280, 720), 1, 143),
        ((1, 1), 1, 1),
        ((640, 3), 1, 1),
    ],
)
def test_the_first_stride_is_as_fine_as_the_points_allow_and_never_hopeless(
    size: tuple[int, int], points: int, stride: int
) -> None:
    assert stride == first_stride(size, points)
