"""Pictures from Python: whatever goes in wrong is told by its name, value and range; what comes out is plain."""

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest

import weightscape
from weightscape import EngineError, FileError, Scene, SceneError, field, render
from weightscape.ask import question
from weightscape.drawing import drawn
from weightscape.engine.choice import opened
from weightscape.engine.numpy import NumpyEngine
from weightscape.engine.question import EngineError as PlainEngineError
from weightscape.engine.question import work
from weightscape.engine.tile import Pace
from weightscape.export.whole_file import FileError as PlainFileError
from weightscape.model.scene_error import SceneError as PlainSceneError
from weightscape.model.shade import quantise
from weightscape.picture import displayed, picture_bands

SMALL = Scene(layers=2, width=3)
SIZE = "size: {} is not two whole numbers (width, height) in 1..65536 a side and at most 1073741824 pixels"
BAD: list[tuple[str, Any, str]] = [
    ("engine", "warp", "engine: 'warp' is not one of auto, fragment, compute, numpy"),
    ("engine", None, "engine: None is not one of auto, fragment, compute, numpy"),
    ("engine", ["auto"], "engine: ['auto'] is not one of auto, fragment, compute, numpy"),
    ("precision", "half", "precision: 'half' is not one of auto, single, double, perturbed, wide"),
    ("precision", 64, "precision: 64 is not one of auto, single, double, perturbed, wide"),
    *(("size", size, SIZE.format(repr(size))) for size in (
        (0, 5), (5, -1), (65_537, 1), (65_536, 65_536), (4.0, 3), (4, True), ("4", "3"), (4,), (4, 3, 2), "4x3", 4,
        None, (10**30, 1))),
]  # fmt: skip


@pytest.mark.parametrize("function", [render, field])
@pytest.mark.parametrize(("name", "value", "reason"), BAD)
def test_a_wrong_argument_is_named_with_value_and_range(function: Any, name: str, value: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: ") as caught:
        function(SMALL, **{"size": (4, 3), name: value})
    assert str(caught.value) == reason


@pytest.mark.parametrize("samples", [0, -1, 1025, 1.0, "2", True, None])
def test_samples_out_of_range_are_refused(samples: Any) -> None:
    with pytest.raises(ValueError, match=r"^samples: ") as caught:
        render(SMALL, size=(4, 3), samples=samples)
    assert str(caught.value) == f"samples: {samples!r} is not a whole number in 1..1024"


def test_numbers_of_numpy_serve_as_sizes_and_samples() -> None:
    size: Any = (np.int16(5), np.uint8(4))
    samples: Any = np.int64(2)
    picture = render(SMALL, size=size, samples=samples, engine="numpy")
    assert (picture.shape, picture.dtype) == ((4, 5, 3), np.uint8)
    assert np.array_equal(picture, render(SMALL, size=(5, 4), samples=2, engine="numpy"))
    assert np.array_equal(field(SMALL, size=size, engine="numpy"), field(SMALL, size=(5, 4), engine="numpy"))


def test_every_error_that_comes_out_has_a_name_in_the_package(tmp_path: Any) -> None:
    assert (EngineError, FileError, SceneError) == (PlainEngineError, PlainFileError, PlainSceneError)
    assert {"EngineError", "FileError", "SceneError"} <= set(weightscape.__all__)
    with pytest.raises(FileError, match="missing"):
        render(Scene(weights=str(tmp_path / "missing.npz")), size=(4, 3))
    with pytest.raises(SceneError, match="layer: 9 is not in"):
        field(Scene(layers=2, lens="unit", layer=9), size=(4, 3))
    with pytest.raises(EngineError, match="fragment"):
        render(SMALL, size=(4, 3), engine="fragment", precision="double")


@pytest.mark.parametrize("outputs", [1, 3])
def test_levels_that_follow_the_view_show_a_slope_however_small(outputs: int) -> None:
    scene = Scene(layers=6, width=12, outputs=outputs, palette="grey", radius=1e-3, center=("0.3", "0.2"))
    plain = render(scene, size=(90, 60), engine="numpy", precision="double")
    stretched = render(replace(scene, levels="auto"), size=(90, 60), engine="numpy", precision="double")
    assert np.ptp(plain[..., 0].astype(int)) < 5
    assert np.ptp(stretched[..., 0].astype(int)) > 220


def test_levels_are_measured_over_the_whole_picture_whatever_the_tile() -> None:
    scene = Scene(layers=6, width=12, radius=0.1, levels="auto")
    engine = NumpyEngine()
    whole = question(scene, (300, 200))
    level = displayed(scene, whole, engine)
    at_once = level(engine.field(whole))
    part = level(engine.field(replace(whole, grid=whole.grid.tile(100, 50, 30, 20))))
    engine.release()
    assert np.allclose(at_once[50:70, 100:130], part, rtol=0, atol=1e-4)
    # What is between the percentiles of the overview fills nearly everything.
    assert np.allclose(np.percentile(at_once, (1, 99)), (0.05, 0.95), atol=0.02)


def test_a_pace_that_is_handed_on_spares_the_next_picture_its_small_tiles() -> None:
    class Watched(NumpyEngine):
        """As fast as a GPU, and as impatient."""

        has_watchdog = True
        sizes: ClassVar[list[int]] = []

        def field(self, question: Any, cancelled: Any = bool) -> Any:
            found = super().field(question, cancelled)
            self.sizes.append(question.grid.points)
            self.busy_s = question.grid.points * work(question.network) / 1e12
            return found

        def smallest(self, network: Any) -> int:
            return 64

    scene, engine, pace = Scene(layers=40, width=100), Watched(), Pace()
    counts = []
    for _ in range(2):
        Watched.sizes.clear()
        list(picture_bands(engine, scene, (128, 96), 1, "single", pace=pace))
        counts.append(len(Watched.sizes))
    engine.release()
    assert counts[0] > 4
    assert counts[1] == 1


@pytest.mark.parametrize(("fields", "field"), [({"beside": "{}"}, "beside"), ({"lens": "winner"}, "lens")])
def test_what_has_no_values_to_write_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(SceneError) as caught:
        weightscape.field(replace(SMALL, **fields), size=(8, 4), engine="numpy")
    assert caught.value.field == field


def test_the_progress_of_a_split_view_grows_from_half_to_half() -> None:
    told: list[float] = []
    scene = replace(SMALL, beside='{"lens": "winner"}')
    list(picture_bands(NumpyEngine(), scene, (40, 20), 3, "single", told.append))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    assert any(0.0 < part <= 0.5 for part in told)


@pytest.mark.parametrize("fields", [{}, {"outputs": 1}, {"radius": 1e-6}, {"levels": "auto"}])
def test_a_half_of_a_split_view_has_the_bytes_of_its_file(fields: dict[str, Any]) -> None:
    scene, size = Scene(layers=4, width=6, scale=3.0, **{"radius": 20.0} | fields), (300, 200)
    with opened("numpy") as choice:
        file = np.concatenate(list(picture_bands(choice.engine, scene, size, 7, "auto")))
        half = drawn(choice.engine, scene, size, "auto", 1, Pace(), samples=7)
    assert np.array_equal(quantise(half, scene.quantise), file)
