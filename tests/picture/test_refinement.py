"""Pictures made in one piece, in the window's painter: as true and as smooth at rest as a file, or refused in words."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from exposing import laid
from patience import until

import weightscape
from weightscape.draw.plate import PAPER
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Field, Question
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.request import Painted, Request
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import Part
from weightscape.lens.split import other, picked
from weightscape.picture.forecast import foretold
from weightscape.picture.network_memory import network
from weightscape.picture.placement import drawn_size, placed, under
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import quantise

SAMPLES, SIZE = 5, (90, 60)
SMALL = Scene(layers=4, width=8)
# float32 has none of its digits right.
CHAOTIC = Scene(layers=40, scale=1.0, radius=1.0, tied=False)
RELU = Scene(layers=3, width=6, activation="relu", rule="he", tied=False, seed=4)
BESIDE = '{"activation": "softsign"}'


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter("numpy", lambda: None, SAMPLES)
    yield painter
    painter.close()


def rested(painter: Painter, scene: Scene, number: int = 1, below: int = 0) -> list[Painted]:
    painter.ask(Request(scene, SIZE, (0.0, 0.0), number, 0.0, below))
    tiles: list[Painted] = []

    def at_rest() -> bool:
        tiles.extend(painter.fetch())
        return bool(tiles) and tiles[-1].ends and passes(tiles)[-1] == SAMPLES and tiles[-1].request.number == number

    until(at_rest, "rest")
    return [tile for tile in tiles if tile.request.number == number]


def picture(tiles: list[Painted]) -> npt.NDArray[np.uint8]:
    return quantise(laid(tiles, SIZE), "round")


def difference(tiles: list[Painted], scene: Scene, size: tuple[int, int] = SIZE, **options: Any) -> float:
    """Tell which part of the pixels differs from a file's at all."""
    expected = weightscape.render(scene, size=size, engine="numpy", **options).astype(int)
    return float((expected != picture(tiles)[: size[1]]).any(-1).mean())


def part_of(canvas: npt.NDArray[np.uint8], part: Part) -> npt.NDArray[np.uint8]:
    return canvas[part.top : part.top + part.size[1], part.left : part.left + part.size[0]]


def passes(tiles: list[Painted]) -> list[int]:
    """Tell how many samples a pixel had after each pass."""
    return [tile.samples for tile in tiles if tile.ends]


@pytest.mark.slow
@pytest.mark.parametrize("lens", ["winner", "height", "slice", "probe", "units", "norms"])
def test_a_drawing_is_seen_at_once_in_float32_and_at_rest_as_true_as_its_file(
    lens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []  # by which method, so far
    told: list[set[str]] = []  # the methods behind each tile
    field = NumpyEngine.field

    def noted(engine: NumpyEngine, question: Question, *more: Any) -> Field:
        asked.append(question.method)
        return field(engine, question, *more)

    monkeypatch.setattr(NumpyEngine, "field", noted)
    painter = Painter("numpy", lambda: told.append({*asked}), SAMPLES)
    scene = replace(CHAOTIC, lens=lens)
    tiles = rested(painter, scene)
    painter.close()
    monkeypatch.undo()

    # Float32 has no digit right there, so which picture it makes hangs on where BLAS cuts its sums.
    assert any(tile.done == 1.0 and methods == {"single"} for tile, methods in zip(tiles, told, strict=False))
    assert difference(tiles, scene, samples=SAMPLES) < 0.001
    assert painter.truth
    assert (painter.truth[0], painter.truth[1].method) == (1, "double")
    assert tiles[-1].done == 1.0


@pytest.mark.parametrize(
    "lens", [name for name in CATALOGUE if name not in ("outputs", "unit", "cut", "rgb", "stretch")]
)
def test_every_drawing_at_rest_is_the_file_of_so_many_samples(painter: Painter, lens: str) -> None:
    scene = replace(RELU, lens=lens)
    assert difference(rested(painter, scene), scene, samples=SAMPLES) < 0.001


@pytest.mark.parametrize("lens", ["winner", "regions"])
def test_drawings_of_points_are_smooth_at_rest_and_rough_before(painter: Painter, lens: str) -> None:
    scene = replace(RELU, lens=lens, radius=8.0)
    tiles = rested(painter, scene)

    assert difference(tiles, scene, samples=SAMPLES) < 0.001
    assert difference(tiles, scene, samples=1) > 0.01
    assert difference([tile for tile in tiles if tile.samples == 1], scene, samples=1) < 0.001
    assert [n for n in passes(tiles) if n > 1] == [4, SAMPLES]


def test_at_rest_both_halves_are_the_file_of_so_many_samples(painter: Painter) -> None:
    scene = replace(SMALL, scale=3.0, radius=20.0, beside=BESIDE)
    tiles = rested(painter, scene)

    assert difference(tiles, scene, samples=SAMPLES) < 0.001
    assert difference(tiles, scene, samples=1) > 0.01
    assert [n for n in passes(tiles) if n > 1] == [4, SAMPLES]


@pytest.mark.slow
@pytest.mark.parametrize("is_left", [True, False])
def test_of_a_split_view_the_worse_half_is_told_and_repainted(painter: Painter, is_left: bool) -> None:
    changes = '{"layers": 4, "scale": 0.7}' if is_left else '{"layers": 40, "scale": 1.0, "tied": false}'
    scene = replace(CHAOTIC if is_left else replace(SMALL, radius=1.0), beside=changes)
    tiles = rested(painter, scene)

    assert difference(tiles, scene, samples=SAMPLES) < 0.001
    errors = []
    for part in placed(scene, SIZE, 0):
        accuracy = foretold(part.scene, part.size)
        assert accuracy
        errors.append(accuracy.relative(question(part.scene, part.size, "auto").method))
    assert painter.truth
    number, truth = painter.truth
    assert number == 1
    assert truth.accuracy.relative(truth.method) == max(errors)


def test_where_one_half_is_too_dear_to_foretell_nothing_is_told(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weightscape.picture.refinement.FORETOLD_AT_REST", 1e4)
    monkeypatch.setattr("weightscape.picture.refinement.FORETOLD_WORK", 1e4)
    rested(painter, replace(CHAOTIC, beside='{"layers": 4, "scale": 0.7}'))
    assert painter.truth is None
    rested(painter, replace(CHAOTIC, layers=4, beside='{"scale": 0.7}'), 2)
    assert painter.truth


def test_a_network_too_dear_to_foretell_is_drawn_without_a_word_about_its_truth(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weightscape.picture.refinement.FORETOLD_AT_REST", 10.0)
    monkeypatch.setattr("weightscape.picture.refinement.FORETOLD_WORK", 10.0)
    scene = replace(CHAOTIC, lens="winner")
    assert difference(rested(painter, scene), scene, precision="single", samples=SAMPLES) < 0.001
    assert painter.truth is None


@pytest.mark.slow
def test_a_dearer_network_is_foretold_at_rest(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weightscape.picture.refinement.FORETOLD_WORK", 10.0)
    scene = replace(CHAOTIC, lens="winner")
    painter.ask(Request(scene, SIZE, (0.0, 0.0), 1))
    until(lambda: painter.truth, "its truth")
    tiles: list[Painted] = []

    def better() -> bool:
        tiles.extend(painter.fetch())
        return passes(tiles).count(SAMPLES) == 2

    until(better, "the second rest")
    ends = [n for n, tile in enumerate(tiles) if tile.ends and tile.samples == SAMPLES]
    assert difference(tiles[: ends[0]], scene, precision="single", samples=SAMPLES) < 0.001
    assert difference(tiles, scene, samples=SAMPLES) < 0.001


@pytest.mark.parametrize(
    ("scene", "word"),
    [
        (replace(SMALL, lens="regions"), "linear pieces are"),
        (replace(SMALL, lens="unit", layer=9), "9 is not in"),
        (replace(SMALL, beside="{"), "beside"),
        (replace(SMALL, lens="regions", beside='{"seed": 4}'), "linear pieces are"),
    ],
)
def test_what_cannot_be_painted_is_told_and_what_follows_is_whole(painter: Painter, scene: Scene, word: str) -> None:
    rested(painter, SMALL)
    last = rested(painter, scene, 2)[-1]

    assert (last.done, last.patch.values.size) == (1.0, 0)
    assert word in last.fault
    assert word in painter.fault
    assert painter.truth is None
    after = [tile.patch for tile in rested(painter, SMALL, 3) if tile.samples == 1 and tile.patch.stride == 1]
    assert sum(patch.values.shape[0] * patch.values.shape[1] for patch in after) == SIZE[0] * SIZE[1]
    until(lambda: painter.fault == "", "the fault to be forgotten")


@pytest.mark.parametrize(("left", "right"), [("outputs", "regions"), ("regions", "outputs"), ("unit", "unit")])
def test_of_a_split_view_the_half_that_can_be_shown_is_shown(painter: Painter, left: str, right: str) -> None:
    layer = {"layer": 9} if left == right else {}  # the narrow network has no such layer
    scene = replace(SMALL, lens=left, beside=json.dumps({"lens": right, **layer}))
    tiles = rested(painter, scene)
    shown, missing = reversed(placed(scene, SIZE, 0)) if left == "regions" else placed(scene, SIZE, 0)
    paper = quantise(np.array(PAPER), "round")

    expected = weightscape.render(shown.scene, size=shown.size, engine="numpy", samples=SAMPLES).astype(int)
    assert (np.abs(part_of(picture(tiles), shown) - expected).max(-1) > 1).mean() < 0.001
    assert 0.5 < (part_of(picture(tiles), missing) == paper).all(-1).mean() < 1.0
    assert (tiles[-1].fault, painter.fault) == ("", "")


@pytest.mark.parametrize(
    ("scene", "size"),
    [
        (SMALL, (90, 60)),
        (replace(SMALL, lens="winner"), (90, 60)),
        (replace(SMALL, lens="slice"), (90, 40)),
        (replace(SMALL, beside=BESIDE), (90, 60)),
        (replace(SMALL, beside='{"lens": "slice"}'), (90, 40)),
        (replace(SMALL, lens="atlas", beside='{"lens": "outputs"}'), (90, 40)),
    ],
)
def test_what_has_a_chart_in_it_leaves_the_status_line_free(
    painter: Painter, scene: Scene, size: tuple[int, int]
) -> None:
    assert drawn_size(scene, SIZE, 20) == size
    if scene.lens != "outputs" or scene.beside:
        tiles = rested(painter, scene, below=20)
        assert difference(tiles, scene, size, samples=SAMPLES) < 0.001
        assert np.array_equal(laid(tiles, SIZE)[size[1] :], np.full((60 - size[1], 90, 3), PAPER, np.float32))


@pytest.mark.parametrize(
    ("x", "part", "at"), [(0, 0, 0.0), (43, 0, 43.0), (45, 0, 45.0), (46, 1, 0.0), (89, 1, 43.0), (-3, 0, -3.0)]
)
def test_the_hand_is_in_the_half_that_it_is_over(x: int, part: int, at: float) -> None:
    scene = replace(SMALL, beside=BESIDE)
    parts = placed(scene, SIZE, 0)
    assert [each.size for each in parts] == [(44, 60), (44, 60)]
    assert under(scene, SIZE, 0, (float(x), 7.0)) == (parts[part], (at, 7.0))


def test_of_a_split_view_that_cannot_be_the_hand_is_over_the_whole_window() -> None:
    scene = replace(SMALL, beside="{")
    with pytest.raises(SceneError):
        placed(scene, SIZE, 0)
    part, point = under(scene, SIZE, 0, (80.0, 7.0))
    assert (part.size, part.left, point) == (SIZE, 0, (80.0, 7.0))


def found(scene: Scene) -> Scene:
    """Click into the middle of a small atlas."""
    pick: Callable[..., Scene | None] = CATALOGUE["units"].pick  # type: ignore[union-attr, assignment]
    spots = ((x, y) for x in range(5, 40, 5) for y in range(5, 60, 5))
    return next(led for spot in spots if (led := pick(scene, network(scene), (44, 60), spot)))


def test_a_click_on_the_right_changes_what_both_share_and_else_the_right_alone() -> None:
    both = replace(SMALL, lens="units", layer=2, beside=BESIDE)
    led = picked(both, found(other(both)), True)
    assert (led.lens, led.layer, led.beside) == ("unit", 2, BESIDE)
    alone = replace(SMALL, beside='{"lens": "units", "layer": 2}')
    led = picked(alone, found(other(alone)), True)
    assert replace(led, beside="") == SMALL
    assert (other(led).lens, other(led).layer) == ("unit", 2)


def test_a_click_on_the_left_keeps_the_right_half() -> None:
    scene = replace(SMALL, lens="units", layer=2, beside=BESIDE)
    led = picked(scene, found(replace(scene, beside="")), False)
    assert (led.lens, led.layer, led.beside) == ("unit", 2, BESIDE)
