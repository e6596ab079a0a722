"""A picture in bands: any of them at any time, in any order, and the same picture whether it is held or streamed."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from memory import peak

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Engine
from weightscape.lens import region
from weightscape.picture import drawn_exposure, span
from weightscape.picture.banding import Banding, check_size
from weightscape.picture.bands import picture_bands
from weightscape.picture.watch import Watch
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

Pixels = npt.NDArray[np.uint8]
SMALL = {"layers": 4, "width": 8}
SCENES: list[dict[str, Any]] = [
    {},
    {"lens": "unit", "layer": 2, "unit": 3},
    {"lens": "rgb", "layer": 1},
    {"lens": "cut", "layer": 2, "levels": "auto", "radius": 0.1},
    {"lens": "stretch"},
    {"radius": 1e-9},
    {"beside": '{"seed": 4, "lens": "stretch"}'},
]
STREAMED: list[dict[str, Any]] = [
    {"lens": "winner"},
    {"lens": "units", "layer": 2},
    {"lens": "units", "width": 23, "layer": 1, "before": True},
    {"lens": "atlas"},
    {"lens": "units", "layer": 2, "beside": '{"lens": "winner"}'},
]


@pytest.fixture(autouse=True)
def low_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span, "BAND_POINTS", 5000)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = NumpyEngine()
    yield made
    made.release()


def whole(engine: Engine, scene: Scene, size: tuple[int, int], samples: int) -> Pixels:
    return np.concatenate(list(picture_bands(engine, scene, size, samples, "auto")))


def streamed(engine: Engine, scene: Scene, size: tuple[int, int], samples: int) -> Pixels:
    """Make the bands from the bottom, as if it were too large to be drawn as a whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn_exposure, "MAX_DRAWN", 1)
        banding = Banding(engine, scene, size, samples, "auto")
        assert banding.is_streamed
        assert banding.step < size[1]
        rows = 2 * banding.step
        made = [banding.make(top, min(rows, size[1] - top)) for top in reversed(range(0, size[1], rows))]
    return np.concatenate(made[::-1])


@pytest.mark.parametrize("fields", SCENES + STREAMED, ids=str)
def test_bands_make_the_whole_picture_in_any_order(engine: Engine, fields: dict[str, Any]) -> None:
    scene, size = Scene(**SMALL | fields), (301, 203)
    expected = whole(engine, scene, size, 3)
    assert np.ptp(expected) > 20
    assert np.array_equal(streamed(engine, scene, size, 3), expected)


def test_streamed_pieces_differ_in_what_is_told_of_them_alone(engine: Engine) -> None:
    scene, size = Scene(**SMALL, lens="regions", activation="relu"), (301, 203)
    expected, made = whole(engine, scene, size, 2), streamed(engine, scene, size, 2)
    told = round(2 * region._letters(size))
    assert np.array_equal(made[:-told], expected[:-told])
    assert not np.array_equal(made[-told:], expected[-told:])
    # What is told lies in the dark rows, and beside it nothing differs.
    differs = np.flatnonzero((made[-told:] != expected[-told:]).any((0, 2)))
    assert differs.min() > 50


def test_units_that_are_stretched_have_the_range_of_few_points(engine: Engine) -> None:
    scene, size = Scene(**SMALL, lens="units", layer=2, levels="auto", radius=0.2), (301, 203)
    expected, made = whole(engine, scene, size, 1), streamed(engine, scene, size, 1)
    assert np.abs(made.astype(int) - expected).max() <= 1


@pytest.mark.slow
@pytest.mark.parametrize("fields", [{"lens": "winner"}, {"lens": "units", "layer": 2}, {}], ids=str)
def test_a_high_picture_takes_less_memory_than_its_bytes(
    engine: Engine, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_exposure, "MAX_DRAWN", 1)
    scene, size = Scene(**SMALL | fields), (400, 4000)

    def made(size: tuple[int, int] = size) -> None:
        for band in Banding(engine, scene, size, 2, "single").bands():
            assert band.shape[1:] == (size[0], 3)

    made((400, 300))  # what is loaded once
    assert peak(made) < size[0] * size[1] * 3


@pytest.mark.parametrize("lens", ["height", "slice", "probe", "weights", "norms"])
def test_what_is_drawn_as_a_whole_says_its_limit_before_any_work(lens: str) -> None:
    scene = Scene(**SMALL, lens=lens)
    check_size(scene, (8192, 4096))
    with pytest.raises(SceneError, match=r"at most 33,554,432 pixels, not 8192 x 4097") as caught:
        check_size(scene, (8192, 4097))
    assert caught.value.field == "lens"


def test_pictures_of_any_size_are_not_refused() -> None:
    for lens in ("outputs", "unit", "cut", "rgb", "units", "regions", "stretch", "winner"):
        check_size(Scene(**SMALL, lens=lens), (1 << 20, 1 << 20))


def test_progress_counts_what_need_not_be_made(engine: Engine) -> None:
    told: list[float] = []
    banding = Banding(engine, Scene(**SMALL), (40, 20), 3, "single", Watch(progress=told.append))
    banding.skip(15)
    banding.make(15, 5)
    assert told[0] == pytest.approx(0.75)
    assert told[-1] == pytest.approx(1.0)
    assert told == sorted(told)
