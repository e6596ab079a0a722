"""Drawings of points by an engine that would leave them on a GPU: what comes back all the same is coloured here."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from specimen import CLASSIFIED, classifier

import weightscape
from weightscape.engine import tile
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Question
from weightscape.engine.tile import Pace
from weightscape.file.npz import write_weights
from weightscape.lens.lens import Part
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Exposure, Mean, Order, Patch, Sample, Stamp
from weightscape.picture.refinement import Pass, refined
from weightscape.scene.scene import Scene

SIZE = (90, 60)
WATCHED = Order(is_watched=True)


PIECES = Scene(lens="regions", layers=4, width=8, activation="relu", rule="he", tied=False)


class FullEngine(NumpyEngine):
    """Say that it holds answers, and have no room for one."""

    def holds(self, question: Question) -> bool:
        return "softmax" not in question.network.activations


@pytest.fixture
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    made, path = classifier(temperature=3.0), tmp_path_factory.mktemp("weights") / "five.npz"
    write_weights(path, made.weights, made.biases, made.activations)
    return Scene(weights=str(path), inputs=CLASSIFIED.inputs, lens="winner")


@pytest.fixture
def exposure(scene: Scene) -> Iterator[Exposure]:
    engine = FullEngine()
    yield exposure_of(Evaluator(engine, Pace()), Part(scene, SIZE, left=7, top=3), "single")
    engine.release()


def laid(patches: Sequence[Patch | Stamp]) -> np.ndarray:
    """Lay patches, and their sprites, over each other."""
    canvas = np.full((SIZE[1] + 3, SIZE[0] + 7, 3), np.nan, np.float32)
    for patch in patches:
        if isinstance(patch, Stamp):
            left, top, right, bottom = *patch.place, *patch.limit
        else:
            assert isinstance(patch.values, np.ndarray)
            assert patch.stride == 1
            left, top, right, bottom = patch.box
            canvas[top:bottom, left:right] = patch.values[: bottom - top, : right - left]
        for sprite in patch.sprites:
            for y, row in enumerate(sprite.colours, sprite.top):
                for x, colour in enumerate(row, sprite.left):
                    if top <= y < bottom and left <= x < right:
                        canvas[y, x] = colour[:3] + (1 - colour[3]) * canvas[y, x]
    return canvas[3:, 7:]


def test_a_fine_pass_is_the_file(scene: Scene, exposure: Exposure) -> None:
    patches = [patch for patch in exposure.expose(1, WATCHED) if isinstance(patch, Patch)]
    expected = weightscape.render(scene, size=SIZE, engine="numpy")

    assert patches[0].sprites
    assert np.abs(255 * laid(patches) - expected).max() <= 1.5


def test_a_coarse_pass_is_made_of_squares(exposure: Exposure) -> None:
    seen = laid([replace(patch, sprites=()) for patch in exposure.expose(4, WATCHED) if isinstance(patch, Patch)])

    assert np.array_equal(seen[::4, ::4].repeat(4, 0).repeat(4, 1)[: SIZE[1], : SIZE[0]], seen)
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 50


def test_samples_are_counted_from_the_first_and_averaged_with_letters(exposure: Exposure) -> None:
    assert all(isinstance(patch, Patch) for patch in exposure.expose(1, WATCHED))
    told = [list(exposure.take_sample(n, WATCHED)) for n in (1, 2)]

    assert [[each.is_first for each in one if isinstance(each, Sample)] for one in told] == [[True, False], [False]]
    assert list(exposure.take_sample(2, WATCHED)) == []
    mean = exposure.averaged()
    assert isinstance(mean, Mean)
    assert (mean.place, mean.limit, mean.samples) == ((7, 3), (97, 63), 3)
    assert mean.sprites


def test_a_file_is_made_of_arrays_whatever_the_engine_holds(scene: Scene, exposure: Exposure) -> None:
    assert list(exposure.expose(1, Order())) == []
    assert np.array_equal(
        np.floor(255 * exposure.colours() + 0.5), weightscape.render(scene, size=SIZE, engine="numpy")
    )


@pytest.fixture
def of_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exposure]:
    """Have pieces asked for in small tiles."""
    monkeypatch.setattr(tile, "MAX_SIDE", 32)
    engine = FullEngine()
    yield exposure_of(Evaluator(engine, Pace()), Part(PIECES, SIZE, left=7, top=3), "single")
    engine.release()


def test_tiles_of_pieces_have_no_seams_and_the_count_comes_last(of_pieces: Exposure) -> None:
    patches = [patch for patch in of_pieces.expose(1, WATCHED) if isinstance(patch, Patch)]
    expected = weightscape.render(PIECES, size=SIZE, engine="numpy").astype(int)
    assert len(patches) > 4
    assert not any(patch.sprites for patch in patches)
    assert (np.abs(255 * laid(patches) - expected).max(-1) > 1.5).mean() > 0.1, "there is no count yet"
    told = list(of_pieces.told())

    assert len(told) == 1
    assert np.abs(255 * laid([*patches, *told]) - expected).max() <= 1.5
    assert of_pieces.averaged().sprites == told[0].sprites


def test_coarse_tiles_of_pieces_have_no_seams(of_pieces: Exposure) -> None:
    patches = [patch for patch in of_pieces.expose(2, WATCHED) if isinstance(patch, Patch)]
    coarse = list(of_pieces.expose(2, Order()))
    assert coarse == []

    assert len(patches) > 1
    assert np.array_equal(laid(patches), of_pieces.colours())


def test_the_count_is_made_once_a_pass_is_over_and_of_no_file() -> None:
    engine = FullEngine()
    evaluator = Evaluator(engine, Pace())
    made = exposure_of(evaluator, Part(PIECES, SIZE), "single")
    steps = list(refined([made], Order(2, is_watched=True), (4, 1)))
    kinds = [type(step) for step in steps]
    assert kinds.count(Stamp) == 1
    assert [step.stride for step in steps[: kinds.index(Stamp)] if isinstance(step, Pass)] == [4, 1]
    assert kinds.index(Stamp) < kinds.index(Sample) < kinds.index(Mean)
    assert Stamp not in {type(step) for step in refined([made], Order(2))}
    engine.release()
