"""The painter: what is wanted is painted, coarse first; what is not wanted any more is stopped."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exposing import laid
from patience import until

import weightscape
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Cancelled, Field, Question
from weightscape.engine.tile import Spent
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.request import Painted, Request
from weightscape.network.interrupt import never
from weightscape.network.view import pan
from weightscape.picture.over import Overlaid
from weightscape.picture.placement import placed
from weightscape.picture.reuse import Values, carried_over, shift
from weightscape.picture.stride import first_stride
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise

SAMPLES = 5
TO_THE_END = (1.0, 1.0)  # the cursor of a request that is not given up
SMALL = Scene(layers=4, width=8)
DEEP = Scene(layers=200, width=100, scale=0.2)
# Deep enough that a first pass is coarse, and small enough that a whole picture costs little.
MIDDLE = replace(DEEP, layers=40, width=30, scale=0.35)
CHAOTIC = Scene(layers=40, scale=1.0, radius=1.0, tied=False)


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


def points(tiles: Iterable[Painted]) -> int:
    return sum(tile.patch.values.shape[0] * tile.patch.values.shape[1] for tile in tiles)


def whole(tiles: list[Painted]) -> bool:
    return bool(tiles) and tiles[-1].done == 1.0


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no processor be quick enough to begin fine."""
    monkeypatch.setattr("weightscape.explore.paint.painter.FIRST_S", 1e-5)


@pytest.fixture
def in_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no processor be quick enough for a large tile."""
    monkeypatch.setattr("weightscape.explore.paint.painter.TILE_S", 1e-3)


@pytest.mark.parametrize("size", [(1, 1), (27, 51), (300, 200), (640, 3)])
def test_the_finest_tiles_make_the_whole_picture(painter: Painter, size: tuple[int, int]) -> None:
    painter.ask(Request(SMALL, size, (5.0, 5.0), 1))
    canvas = np.full((size[1], size[0], 3), np.nan, np.float32)
    for tile in collected(painter, whole):
        if tile.patch.stride == 1 and tile.samples == 1:
            rows, columns, _ = tile.patch.values.shape
            x, y = map(int, tile.patch.place)
            canvas[y : y + rows, x : x + columns] = tile.patch.values

    # The last digit may depend on where a tile is cut, with some BLAS kernels.
    assert np.allclose(canvas, weightscape.field(SMALL, size=size, engine="numpy"), rtol=0, atol=1e-5)


def test_the_first_pass_covers_everything_with_points_in_the_middle_of_their_blocks(
    hurried: None, in_tiles: None, painter: Painter
) -> None:
    painter.ask(Request(MIDDLE, (200, 120), (0.0, 0.0), 1))
    tiles = collected(painter, lambda tiles: any(tile.patch.stride != tiles[0].patch.stride for tile in tiles))
    stride = tiles[0].patch.stride
    first = [tile for tile in tiles if tile.patch.stride == stride]
    parts, piece = (first[:-1], first[-1]) if len(first) > 1 else (first, first[0])
    covered = sum(tile.patch.values.shape[0] * tile.patch.values.shape[1] for tile in parts)

    assert stride > 1
    assert covered == -(-200 // stride) * -(-120 // stride)
    assert piece.patch.values.shape[:2] == (-(-120 // stride), -(-200 // stride))
    for tile in parts:
        column, row = (int(side) // stride for side in tile.patch.place)
        high, wide = tile.patch.values.shape[:2]
        assert np.array_equal(tile.patch.values, piece.patch.values[row : row + high, column : column + wide])
    fine = weightscape.field(MIDDLE, size=(200, 120), engine="numpy")
    tile = first[0]
    # The point of a block stands between the four middle pixels, so its value lies near theirs.
    x, y = int(tile.patch.place[0]) + stride // 2, int(tile.patch.place[1]) + stride // 2
    around = fine[y - 1 : y + 1, x - 1 : x + 1]
    assert np.abs(around.mean((0, 1)) - tile.patch.values[0, 0]).max() < 0.2


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
        first = [tile for tile in seen if tile.request.number == number and tile.patch.stride == seen[0].patch.stride]
        assert np.isfinite(painted(first, size)).all()


def painted(tiles: list[Painted], size: tuple[int, int]) -> Values:
    """Move and lay tiles over each other as the canvas does: (rows, columns, 3)."""
    canvas, scene = np.full((size[1], size[0], 3), np.nan, np.float32), tiles[0].request.scene
    for tile in tiles:
        moved = shift(tile.request.scene, scene, size)
        canvas = np.full_like(canvas, np.nan) if moved is None else carried_over(canvas, moved)
        scene = tile.request.scene
        left, top = map(int, tile.patch.place)
        large = tile.patch.values.repeat(tile.patch.stride, 0).repeat(tile.patch.stride, 1)
        right, bottom = min(tile.patch.limit[0], left + large.shape[1]), min(tile.patch.limit[1], top + large.shape[0])
        canvas[top:bottom, left:right] = large[: bottom - top, : right - left]
    return canvas


def sampled(tiles: list[Painted]) -> bool:
    """Tell whether the picture is whole, by the best method, and further samples are taken."""
    return bool(tiles) and tiles[-1].samples > 1


def at_rest(tiles: list[Painted]) -> bool:
    return bool(tiles) and tiles[-1].ends and tiles[-1].samples == SAMPLES


def test_a_picture_is_covered_once_all_lies_over_it(painter: Painter, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("0,0,1\n0.5,0.5,2\n")
    for number, scene in enumerate((SMALL, replace(SMALL, contour=True, points=str(tmp_path / "a.csv"))), 1):
        painter.ask(Request(scene, (90, 50), (0.0, 0.0), number))
        tiles = collected(painter, lambda tiles, number=number: at_rest(tiles) and tiles[-1].request.number == number)
        covered = [n for n, tile in enumerate(tiles) if tile.is_covered]
        laid_over = [n for n, tile in enumerate(tiles) if isinstance(tile.patch, Overlaid)]
        first_whole = next(n for n, tile in enumerate(tiles) if tile.done == 1.0)
        assert covered[0] >= max(first_whole, *laid_over, 0)
        assert len(laid_over) == (0 if number == 1 else 2)
        assert number == 1 or covered == laid_over[1:]


@pytest.mark.parametrize("scene", [SMALL, replace(SMALL, outputs=1, palette="magma")])
def test_at_rest_the_picture_is_the_files_with_as_many_samples(painter: Painter, scene: Scene) -> None:
    painter.ask(Request(scene, (90, 50), (0.0, 0.0), 1))
    tiles = collected(painter, at_rest)
    truth = weightscape.render(scene, size=(90, 50), samples=SAMPLES, engine="numpy")

    miss = np.abs(quantise(laid(tiles, (90, 50)), "round").astype(int) - truth)
    assert miss.max() <= 1
    assert np.mean(miss > 0) < 0.001
    assert [tile.samples for tile in tiles if tile.ends and tile.samples > 1] == [4, SAMPLES]


@pytest.mark.parametrize("moved", [(7, 0), (0, -5), (-20, 11), (89, 49), (3, 4)])
def test_a_moved_view_computes_the_new_strips_alone(painter: Painter, moved: tuple[int, int]) -> None:
    size = (90, 50)
    painter.ask(Request(SMALL, size, (0.0, 0.0), 1))
    tiles = collected(painter, at_rest)
    new = SMALL.looking(pan(SMALL.view, size, *moved))
    painter.ask(Request(new, size, (0.0, 0.0), 2))
    tiles = [tile for tile in [*tiles, *collected(painter, whole)] if tile.samples == 1]
    second = [tile for tile in tiles if tile.request.number == 2]

    fresh = points(tile for tile in second if tile.patch.stride == 1)
    assert fresh == 90 * 50 - (90 - abs(moved[0])) * (50 - abs(moved[1]))
    assert np.allclose(painted(tiles, size), weightscape.field(new, size=size, engine="numpy"), rtol=0, atol=1e-5)


@pytest.fixture
def given_up(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up each picture of a drag as soon as its first pass is there."""
    field = NumpyEngine.field

    def first_alone(engine: NumpyEngine, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        request = painter._request
        if request and request.number > 1 and painter._seen == request.number and request.focus != TO_THE_END:
            until(cancelled, "the next request")
            raise Cancelled
        return field(engine, question, cancelled)

    monkeypatch.setattr(NumpyEngine, "field", first_alone)


def dragged(painter: Painter, scene: Scene, size: tuple[int, int], steps: int) -> list[Painted]:
    """Drag a whole picture by so many steps of 20 pixels; each is seen, and none gets fine."""
    painter.ask(Request(scene, size, (0.0, 0.0), 1))
    tiles = collected(painter, whole)
    for n in range(1, steps + 1):
        painter.ask(Request(scene.looking(pan(scene.view, size, 20 * n, 0)), size, (0.0, 0.0), n + 1))
        until(lambda n=n: painter._seen == n + 1, "a first picture")  # type: ignore[misc]
        tiles += painter.fetch()
    return tiles


def test_what_the_canvas_has_lost_meanwhile_is_told_again(hurried: None, given_up: None, painter: Painter) -> None:
    size = (300, 200)
    painter.ask(Request(SMALL, size, (0.0, 0.0), 1))
    tiles = collected(painter, whole)
    painter.ask(Request(SMALL.looking(pan(SMALL.view, size, 250, 0)), size, (0.0, 0.0), 2))
    tiles += collected(painter, lambda tiles: any(tile.patch.values.size for tile in tiles))
    painter.ask(Request(SMALL.looking(pan(SMALL.view, size, 10, 0)), size, TO_THE_END, 3))
    tiles += collected(painter, lambda tiles: whole(tiles) and tiles[-1].request.number == 3)
    tiles = [tile for tile in tiles if tile.samples == 1]

    assert not any(tile.ends for tile in tiles if tile.request.number == 2)
    truth = weightscape.field(tiles[-1].request.scene, size=size, engine="numpy")
    assert np.allclose(painted(tiles, size), truth, rtol=0, atol=1e-5)


def test_each_step_of_a_drag_paints_its_own_strip_though_none_gets_fine(
    hurried: None, given_up: None, painter: Painter
) -> None:
    size, steps = (300, 200), 6
    tiles = dragged(painter, SMALL, size, steps)
    moved = [tile for tile in tiles if tile.request.number > 1 and not tile.patch.is_empty]
    new = tiles[-1].request.scene
    painter.ask(Request(new, size, TO_THE_END, steps + 2))
    tiles += collected(painter, lambda tiles: whole(tiles) and tiles[-1].request.number == steps + 2)
    again = [tile for tile in tiles if tile.request.number == steps + 2 and tile.patch.stride == 1]

    assert {tile.request.number for tile in moved} == set(range(2, steps + 2))
    assert all(tile.patch.stride > 1 and tile.patch.box == (0, 0, 20, 200) for tile in moved)
    assert points(tile for tile in again if tile.samples == 1) == 20 * steps * 200
    tiles = [tile for tile in tiles if tile.samples == 1]
    assert np.allclose(painted(tiles, size), weightscape.field(new, size=size, engine="numpy"), rtol=0, atol=1e-5)


def test_strips_that_are_coarse_are_told_as_they_are_where_the_canvas_has_lost_them(
    hurried: None, given_up: None, painter: Painter
) -> None:
    size = (300, 200)
    tiles = dragged(painter, SMALL, size, 3)
    before, scene = painted([tile for tile in tiles if tile.samples == 1], size), tiles[-1].request.scene
    painter.ask(Request(replace(SMALL, seed=7), size, (0.0, 0.0), 5))
    until(lambda: painter._seen == 5, "another picture")
    painter.fetch()
    painter.ask(Request(scene.looking(pan(scene.view, size, 20, 0)), size, (0.0, 0.0), 6))
    told = collected(painter, bool)[0]

    assert told.patch.is_kept
    assert told.patch.box == (20, 0, 300, 200)
    assert np.array_equal(told.patch.values, before[:, :280])


def test_strips_come_coarse_first_where_that_is_quicker_and_stay_in_their_place(
    hurried: None, painter: Painter
) -> None:
    size, scene = (150, 100), MIDDLE
    painter.ask(Request(scene, size, (0.0, 0.0), 1))
    tiles = collected(painter, whole)
    new = scene.looking(pan(scene.view, size, -51, 19))
    painter.ask(Request(new, size, (0.0, 0.0), 2))
    tiles += collected(painter, lambda tiles: whole(tiles) and tiles[-1].request.number == 2)
    tiles = [tile for tile in tiles if tile.samples == 1]

    assert any(tile.patch.stride > 1 for tile in tiles if tile.request.number == 2)
    assert np.allclose(painted(tiles, size), weightscape.field(new, size=size, engine="numpy"), rtol=0, atol=1e-5)


@pytest.mark.parametrize("change", [{"radius": 2.5}, {"seed": 44}, {"center": ("0.001", "0")}, {"angle": 1.0}])
def test_any_other_change_paints_all_anew(painter: Painter, change: dict[str, Any]) -> None:
    painter.ask(Request(SMALL, (40, 30), (0.0, 0.0), 1))
    collected(painter, at_rest)
    painter.ask(Request(replace(SMALL, **change), (40, 30), (0.0, 0.0), 2))
    tiles = [tile for tile in collected(painter, whole) if tile.samples == 1]

    assert (
        sum(tile.patch.values.shape[0] * tile.patch.values.shape[1] for tile in tiles if tile.patch.stride == 1)
        == 40 * 30
    )


def test_the_same_scene_again_is_there_at_once(painter: Painter) -> None:
    painter.ask(Request(SMALL, (40, 30), (0.0, 0.0), 1))
    collected(painter, at_rest)
    painter.ask(Request(SMALL, (40, 30), (0.0, 0.0), 2))
    first = collected(painter, whole)[0]

    assert (first.request.number, first.done, first.patch.values.size) == (2, 1.0, 0)


@pytest.mark.slow
def test_a_chaotic_network_is_seen_at_once_and_then_as_it_is(painter: Painter) -> None:
    scene, size = CHAOTIC, (45, 30)
    painter.ask(Request(scene, size, (0.0, 0.0), 1))
    tiles = collected(painter, sampled)
    rough = painted([tile for tile in tiles if tile.samples == 1 and tile.patch.values.dtype == np.float32][:1], size)
    assert np.isfinite(rough).any()
    seen = painted([tile for tile in tiles if tile.samples == 1], size)
    truth = weightscape.field(scene, size=size, engine="numpy", precision="double")
    assert np.allclose(seen, truth, rtol=0, atol=1e-6)
    assert painter.truth
    assert (painter.truth[0], painter.truth[1].method) == (1, "double")


SPLIT = replace(SMALL, beside='{"activation": "sin", "palette": "magma", "outputs": 1}')


def test_both_halves_of_a_moved_split_view_keep_their_pixels(painter: Painter) -> None:
    size = (91, 50)
    painter.ask(Request(SPLIT, size, (0.0, 0.0), 1))
    collected(painter, at_rest)
    new = SPLIT.looking(pan(SPLIT.view, placed(SPLIT, size)[0].size, -7, 5))
    painter.ask(Request(new, size, (0.0, 0.0), 2))
    second = [tile for tile in collected(painter, at_rest) if tile.samples == 1]

    half = placed(new, size)[0].size
    kept = [tile for tile in second if tile.patch.is_kept]
    assert [tile.patch.values.shape[:2] for tile in kept] == 2 * [(half[1] - 5, half[0] - 7)]
    bare = size[0] - 2 * half[0]
    fresh = points(tile for tile in second if tile.patch.stride == 1 and not tile.patch.is_kept)
    assert fresh == 2 * (half[0] * half[1] - (half[0] - 7) * (half[1] - 5)) + bare * size[1]
    truth = weightscape.render(new, size=size, engine="numpy").astype(int)
    assert np.abs(quantise(laid(second, size), "round").astype(int) - truth).max() <= 1


@pytest.mark.slow
def test_a_split_view_comes_tile_by_tile_nearest_to_the_cursor_first(
    hurried: None, in_tiles: None, painter: Painter
) -> None:
    size, scene = (301, 200), replace(MIDDLE, beside='{"seed": 4}')
    painter.ask(Request(scene, size, (225.0, 180.0), 1))
    tiles = collected(painter, lambda tiles: bool(tiles) and tiles[-1].ends)
    right = [tile.patch for tile in tiles if tile.patch.stride == 1 and tile.patch.place[0] > 150]

    assert len(right) > 2
    (left, top), (bottom, wide) = right[0].place, right[0].values.shape[:2]
    assert left <= 225 <= left + wide
    assert top <= 180 <= top + bottom
    shares = [tile.done for tile in tiles]
    assert shares == sorted(shares)
    assert len(set(shares)) > 4


@pytest.mark.slow
def test_a_moved_view_goes_on_with_the_method_that_its_pixels_have(painter: Painter) -> None:
    scene, size = CHAOTIC, (45, 30)
    painter.ask(Request(scene, size, (0.0, 0.0), 1))
    tiles = collected(painter, sampled)
    new = scene.looking(pan(scene.view, size, 9, 0))
    painter.ask(Request(new, size, (0.0, 0.0), 2))
    second = collected(painter, lambda tiles: sampled(tiles) and tiles[-1].request.number == 2)

    fine = [tile for tile in second if tile.request.number == 2 and tile.samples == 1 and not tile.ends]
    assert points(tile for tile in fine) == 9 * 30, "the strip alone, and nothing anew by a better method"
    truth = weightscape.field(new, size=size, engine="numpy", precision="double")
    first = [tile for tile in tiles if tile.samples == 1]
    assert np.allclose(painted([*first, *fine], size)[:, :9], truth[:, :9], rtol=0, atol=1e-6)


@pytest.mark.slow
def test_what_is_computed_anew_by_a_better_method_shows_its_progress(in_tiles: None, painter: Painter) -> None:
    painter.ask(Request(CHAOTIC, (60, 40), (0.0, 0.0), 1))
    tiles = collected(painter, sampled)
    ends = [n for n, tile in enumerate(tiles) if tile.ends and tile.samples == 1]
    shares = [tile.done for tile in tiles[ends[0] + 1 : ends[1]]]

    assert len(shares) > 2
    assert shares == sorted(shares)
    assert shares[0] < 1.0 == shares[-1]


def test_halves_are_first_seen_together() -> None:
    """Else a window would show one beside the other's last picture, and film it."""
    size, batches = (301, 200), list[list[Painted]]()
    half = placed(SPLIT, size)[0].size[0]
    painter = Painter("numpy", lambda: batches.append(painter.fetch()) if batches is not None else None, SAMPLES)
    for number in range(1, 9):
        scene = SPLIT.looking(pan(SPLIT.view, size, 3 * number, -number))
        painter.ask(Request(scene, size, (0.0, 0.0), number))
        until(lambda n=number: any(t.request.number == n and t.ends for batch in batches for t in batch), "a picture")
    painter.close()
    for number in range(1, 9):
        first = next(batch for batch in batches if any(tile.request.number == number for tile in batch))
        sides = {tile.patch.place[0] > half for tile in first if tile.request.number == number}
        assert sides == {False, True}


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


def test_what_the_last_whole_picture_took_is_told_without_its_samples(painter: Painter) -> None:
    painter.ask(Request(SMALL, (64, 48), (0.0, 0.0), 1))
    collected(painter, lambda tiles: bool(tiles) and tiles[-1].samples == SAMPLES)
    first = painter.spent
    assert first.gpu_s == 0.0 < first.cpu_s
    # A picture moved by whole pixels is evaluated where it is new alone; one that has not moved, nowhere.
    painter.ask(Request(SMALL, (64, 48), (0.0, 0.0), 2))
    collected(painter, lambda tiles: bool(tiles) and tiles[-1].ends)
    assert painter.spent == Spent()
