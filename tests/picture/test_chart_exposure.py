"""Charts redraw only what has changed, and are to the byte what is drawn afresh."""

import json
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from exposing import displayed, laid
from patience import until

import weightscape
from weightscape.draw import plate
from weightscape.draw.letter import Pixels, write
from weightscape.draw.mark import Box, Text, common, joined
from weightscape.draw.plate import Plate
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.tile import Pace
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.request import Painted, Request
from weightscape.lens import probe
from weightscape.lens.lens import Part
from weightscape.picture.exposing import window_exposures
from weightscape.picture.exposure import Evaluator, Exposure, Order, Patch
from weightscape.picture.placement import placed
from weightscape.picture.refinement import refined
from weightscape.picture.reuse import Kept
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise

Canvas = npt.NDArray[np.float32]
SIZE = (640, 480)
DEEP = Scene(layers=18, width=30)
NETWORKS = (Scene(layers=3, width=4), DEEP, Scene(layers=6, width=8, activation="relu", tied=False), Scene(layers=1))


class Window:
    """Show charts one after the other, as a painter has them shown."""

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        self.canvas: Canvas = np.full((size[1], size[0], 3), np.nan, np.float32)
        self.patches: list[Patch] = []
        self._kept: Sequence[Kept | None] = ()
        engine = NumpyEngine(threads=1)
        weakref.finalize(self, engine.release)
        self._evaluator = Evaluator(engine, Pace())

    def show(self, scene: Scene) -> Exposure:
        """Paint what differs."""
        height, width = self.canvas.shape[:2]
        found = window_exposures(self._evaluator, (Part(scene, (width, height)),), self._kept)
        self.patches = [step for step in refined(found, Order(4, is_watched=True)) if isinstance(step, Patch)]
        for patch in self.patches:
            (left, top), (right, bottom) = patch.place, patch.limit
            self.canvas[top:bottom, left:right] = displayed(patch.values)
        self._kept = [each.kept() for each in found]
        return found[0]

    @property
    def painted(self) -> int:
        return sum(patch.values.shape[0] * patch.values.shape[1] for patch in self.patches)


def moves(lens: str, seed: int) -> Iterator[Scene]:
    """Change one thing after the other, most often the probe."""
    rng = np.random.default_rng(seed)
    scene = replace(DEEP, lens=lens)
    for _ in range(14):
        x, y, turn = rng.uniform(-1.3, 1.3, 3).tolist()
        changes: list[dict[str, Any]] = [
            {"probe": (x, y)},
            {"probe": (x, scene.probe[1])},
            {"probe": (round(x), round(y))},
            {"center": (str(x), str(y)), "radius": 10.0 ** (4 * turn)},
            {"seed": int(rng.integers(100))},
            {"palette": "magma", "levels": "auto" if x > 0 else "plain"},
            {"angle": 90.0 * turn},
            vars(replace(NETWORKS[int(rng.integers(len(NETWORKS)))], lens=lens, probe=scene.probe)),
        ]
        scene = replace(scene, **changes[int(rng.integers(len(changes)))])
        yield scene


@pytest.mark.parametrize("size", [SIZE, (301, 222), (64, 48)])
@pytest.mark.parametrize("lens", ["probe", "slice", "norms", "weights"])
def test_what_is_painted_over_the_last_picture_is_the_picture_drawn_afresh(lens: str, size: tuple[int, int]) -> None:
    window, is_part = Window(size), 0
    for scene in moves(lens, len(lens) + sum(size)):
        fresh = window.show(scene).colours()
        assert np.array_equal(window.canvas, fresh)
        is_part += 0 < window.painted < size[0] * size[1]
    assert is_part > 1 or size != SIZE


@pytest.mark.parametrize("lens", ["probe", "slice", "norms", "weights"])
def test_nothing_is_painted_where_nothing_has_changed(lens: str) -> None:
    window, scene = Window(), replace(DEEP, lens=lens)
    window.show(scene)
    assert window.painted >= SIZE[0] * SIZE[1]
    window.show(replace(scene, time=0.5))  # which is no input
    assert window.patches == []


@pytest.mark.parametrize("scene", [DEEP, Scene(layers=60, width=64, scale=0.4), NETWORKS[0]])
def test_a_probe_that_moves_has_its_values_and_its_title_drawn_anew(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, scene = Window((1280, 720)), replace(scene, lens="probe")
    window.show(scene)
    written: list[str] = []

    def spy(part: Pixels, seen: Box, text: Text) -> None:
        written.append(text.text)
        write(part, seen, text)

    monkeypatch.setattr(plate, "write", spy)
    monkeypatch.setattr(probe, "draw_frame", None)  # it would be an error to call it
    window.show(replace(scene, probe=(0.3, -0.2)))

    assert 0 < window.painted < 0.1 * 1280 * 720
    assert sum("forward pass" in each for each in written) == 1
    # Beside it there are numbers, where cells have room for them, and a header whose letters reach into a strip.
    others = [each for each in written if not each.replace("−", "").replace(".", "").isdigit()]
    assert len(others) <= 2
    assert bool(len(written) > len(others)) == (scene.width == 4)


def test_a_file_is_the_same_whatever_was_drawn_before() -> None:
    scenes = [replace(DEEP, lens=lens, probe=(0.2, 0.4)) for lens in ("probe", "slice", "norms", "weights")]
    first = [weightscape.render(scene, size=SIZE, engine="numpy") for scene in scenes]
    for scene in scenes:
        window = Window()
        for place in ((0.9, 0.9), (-0.9, 0.1)):
            window.show(replace(scene, probe=place))
    for scene, before in zip(scenes, first, strict=True):
        assert np.array_equal(weightscape.render(scene, size=SIZE, engine="numpy"), before)


@pytest.mark.parametrize("box", [(0, 0, 70, 50), (11, 7, 12, 8), (3, 20, 67, 21), (30, 0, 31, 50)])
def test_a_box_of_a_plate_is_that_part_of_its_picture(box: Box) -> None:
    plate = Plate((70, 50))
    plate.base(-4, 28, np.random.default_rng(3).integers(0, 256, (30, 21, 3), np.uint8))
    plate.line([-5.0, 33.3, 90.0], [12.2, 40.7, 3.1], (1.0, 0.4, 0.1), 2.3)
    plate.box(10.2, 20.4, 31.0, 44.0, (0.2, 0.4, 0.6), (1.0, 1.0, 1.0))
    plate.dot(31.0, 20.0, 4.4, (0.1, 0.9, 0.1))
    plate.picture(40, -3, np.linspace(0.0, 1.2, 9 * 12 * 3).reshape(12, 9, 3))
    plate.text(-2.6, 30.2, "through the edge", 12.5)
    plate.text(30.0, 7.7, "mid", 11.0, anchor="mm")

    left, top, right, bottom = box
    whole = plate.pixels()
    assert np.array_equal(displayed(plate.cut([box])[0]), whole[top:bottom, left:right])
    assert len(np.unique(whole.reshape(-1, 3), axis=0)) > 50


def test_joined_boxes_cover_all_and_none_is_over_another() -> None:
    rng = np.random.default_rng(2)
    for count in (1, 4, 12, 30):
        corners, sides = rng.integers(-10, 100, (count, 2)), rng.integers(1, 20, (count, 2))
        boxes = [(int(x), int(y), int(x + w), int(y + h)) for (x, y), (w, h) in zip(corners, sides, strict=True)]
        times = np.zeros((80, 90), int)
        for left, top, right, bottom in joined(boxes, (90, 80)):
            times[top:bottom, left:right] += 1
        assert times.max() == 1
        for box in boxes:
            if seen := common(box, (0, 0, 90, 80)):
                assert times[seen[1] : seen[3], seen[0] : seen[2]].all()


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter("numpy", lambda: None)
    yield painter
    painter.close()


def rested(painter: Painter, scene: Scene, number: int) -> list[Painted]:
    painter.ask(Request(scene, SIZE, (0.0, 0.0), number))
    tiles: list[Painted] = []

    def is_whole() -> bool:
        tiles.extend(painter.fetch())
        is_known = painter.truth is not None and painter.truth[0] == number
        return is_known and bool(tiles) and tiles[-1].ends and tiles[-1].request.number == number

    until(is_whole, "rest")
    return tiles


def points(tiles: Sequence[Painted]) -> int:
    found = [tile.patch for tile in tiles if isinstance(tile.patch, Patch)]
    return sum(patch.values.shape[0] * patch.values.shape[1] for patch in found)


@pytest.mark.slow
@pytest.mark.parametrize("beside", ["", json.dumps({"seed": 7}), json.dumps({"lens": "slice"})])
def test_a_painter_tells_what_differs_as_long_as_the_window_shows_the_chart(painter: Painter, beside: str) -> None:
    scene, all_points = replace(DEEP, lens="probe", beside=beside), SIZE[0] * SIZE[1]
    shown: list[Painted] = []
    for number, (each, is_whole) in enumerate(
        (
            (scene, True),
            (replace(scene, probe=(0.1, 0.7)), False),
            (replace(scene, lens="outputs"), True),
            (replace(scene, probe=(0.1, 0.7)), True),
            (replace(scene, probe=(-0.4, 0.2)), False),
        ),
        start=1,
    ):
        tiles = rested(painter, each, number)
        shown += tiles
        # A slice on the right stays while only the left half is another lens's.
        least = all_points // (2 if "lens" in beside else 1) - SIZE[1]
        assert points(tiles) >= least if is_whole else 0 < points(tiles) < 0.6 * all_points
        whole = weightscape.render(each, size=SIZE, engine="numpy")
        if each.lens == "probe":
            assert np.array_equal(quantise(laid(shown, SIZE), "round"), whole)
    assert len(placed(scene, SIZE)) == (2 if beside else 1)


def test_after_a_chart_that_cannot_be_drawn_all_is_told(painter: Painter) -> None:
    scene = replace(DEEP, lens="probe")
    rested(painter, scene, 1)
    painter.ask(Request(replace(scene, weights="nowhere.npz"), SIZE, (0.0, 0.0), 2))
    until(lambda: bool(painter.fault), "a fault")
    assert points(rested(painter, replace(scene, probe=(0.5, 0.5)), 3)) >= SIZE[0] * SIZE[1]
