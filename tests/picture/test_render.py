"""Pictures from Python: whatever goes in wrong is told by its name, value and range; what comes out is plain."""

import weakref
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest
from exposing import drawn
from memory import peak

import weightscape
from weightscape import EngineError, FileError, Network, Scene, SceneError, field, render
from weightscape.draw.plate import GRID
from weightscape.engine.choice import opened
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import EngineError as PlainEngineError
from weightscape.engine.question import work
from weightscape.engine.tile import Pace
from weightscape.file.whole_file import FileError as PlainFileError
from weightscape.lens.output import OUTPUTS
from weightscape.picture import network_memory
from weightscape.picture.bands import picture_bands
from weightscape.picture.levels import displayed
from weightscape.picture.network_memory import LOOKS
from weightscape.picture.placement import placed
from weightscape.picture.questions import question
from weightscape.picture.watch import Watch
from weightscape.scene.recipe import draw
from weightscape.scene.scene_error import SceneError as PlainSceneError
from weightscape.scene.shade import quantise

SMALL = Scene(layers=2, width=3)
SIZE = "size: {} is not two whole numbers (width, height) in 1..65536 a side and at most 1073741824 pixels"
BAD: list[tuple[str, Any, str]] = [
    ("engine", "warp", "engine: 'warp' is not one of auto, fragment, compute, numpy, jit"),
    ("engine", None, "engine: None is not one of auto, fragment, compute, numpy, jit"),
    ("engine", ["auto"], "engine: ['auto'] is not one of auto, fragment, compute, numpy, jit"),
    ("precision", "half", "precision: 'half' is not one of auto, single, double, perturbed, wide"),
    ("precision", 64, "precision: 64 is not one of auto, single, double, perturbed, wide"),
    *(
        ("size", size, SIZE.format(repr(size)))
        for size in (
            (0, 5),
            (5, -1),
            (65_537, 1),
            (65_536, 65_536),
            (4.0, 3),
            (4, True),
            ("4", "3"),
            (4,),
            (4, 3, 2),
            "4x3",
            4,
            None,
            (10**30, 1),
        )
    ),
]


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
    level = displayed(OUTPUTS, scene, whole, engine).level
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
    with opened("numpy") as choice:
        list(picture_bands(choice.engine, scene, (40, 20), 3, "single", Watch(progress=told.append)))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    assert any(0.0 < part <= 0.5 for part in told)


def test_sizes_come_as_lists_and_arrays_too() -> None:
    expected = render(SMALL, size=(5, 4), engine="numpy")
    for size in ([5, 4], np.array([5, 4]), np.array([5, 4], np.uint16), [np.array(5), np.int64(4)]):
        assert np.array_equal(render(SMALL, size=size, engine="numpy"), expected)  # type: ignore[arg-type]
    for wrong in (np.array([5.0, 4.0]), np.array([[5, 4]]), np.array([True, True]), np.array([5, 4, 3])):
        with pytest.raises(ValueError, match=r"^size: "):
            render(SMALL, size=wrong, engine="numpy")  # type: ignore[arg-type]


def test_a_network_is_a_picture_as_its_scene_is() -> None:
    made = draw(SMALL)
    near: Any = {"radius": 0.5, "center": ("1", "-2"), "lens": "units", "layer": 1}
    for view in (Scene(), Scene(**near), Scene(palette="grey", angle=30)):
        scene = replace(SMALL, **{name: getattr(view, name) for name in LOOKS})
        picture = render(made, view=view, size=(24, 16), engine="numpy")
        assert np.array_equal(picture, render(scene, size=(24, 16), engine="numpy"))
    values = field(made, size=(24, 16), engine="numpy", precision="double")
    assert np.array_equal(values, field(SMALL, size=(24, 16), engine="numpy", precision="double"))
    assert np.allclose(values[8, 12], made([2.6 / 16, -2.6 / 16]), rtol=0, atol=1e-12)


def test_a_network_of_more_inputs_is_fed_as_the_view_says() -> None:
    rng = np.random.default_rng(4)
    made = Network((rng.normal(size=(4, 3)),), (np.zeros(3),), ("sigmoid",))
    plane: Any = {"origin": [0.1, 0.2, 0.3, 0.4], "u": [1, 0, 0, 0], "v": [0, 0, 1, 0]}
    values = field(made, view=Scene(**plane), size=(2, 2), engine="numpy", precision="double")
    expected = made(np.array([0.1 + 1.3, 0.2, 0.3 + 1.3, 0.4]))
    assert np.allclose(values[0, 1], expected, rtol=0, atol=1e-12)
    named = field(made, view=Scene(inputs=("x", "y", "r", "0.5")), size=(2, 2), engine="numpy", precision="double")
    assert np.allclose(named[0, 1], made([1.3, 1.3, np.hypot(1.3, 1.3), 0.5]), rtol=0, atol=1e-12)
    for view in (None, Scene(inputs=("x",)), Scene(origin=(0,), u=(0,), v=(0,))):
        fed = 2 if view is None else 1
        with pytest.raises(ValueError, match=f"^view: the network has 4 inputs and is fed {fed}: .*origin=") as caught:
            render(made, view=view, size=(2, 2))
        assert "\n" not in str(caught.value)


def test_a_network_whose_numbers_have_changed_is_another_picture() -> None:
    made = draw(replace(SMALL, tied=False))
    pictures = []
    for factor in (1.0, 0.25):
        made.weights[1][...] *= factor
        pictures.append(render(made, size=(16, 12), engine="numpy"))
        fresh = Network([W.copy() for W in made.weights], made.biases, made.activations)  # type: ignore[arg-type]
        assert np.array_equal(pictures[-1], render(fresh, size=(16, 12), engine="numpy"))
    assert not np.array_equal(*pictures)


def test_networks_that_were_handed_in_are_not_kept() -> None:
    made = draw(SMALL)
    render(made, size=(16, 12), engine="numpy")
    assert network_memory._handed == {}
    alive = weakref.ref(made)
    del made
    assert alive() is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((SMALL, Scene()), "view: it is a Scene, for a Network"),
        ((None, Scene()), "view: it is a Scene, for a Network"),
        ((draw(SMALL), "x"), "view: it is a Scene, for a Network"),
        (("figure-11", None), "scene: 'figure-11' is neither"),
        ((Network(([[np.nan]],), ([0.0],), ("tanh",)), None), "layer 1: a weight or bias is not"),  # type: ignore[arg-type]
    ],
)
def test_what_is_neither_scene_nor_network_is_refused(arguments: Any, said: str) -> None:
    scene, view = arguments
    for function in (render, field):
        with pytest.raises(ValueError, match=f"^{said}"):
            function(scene, view=view, size=(4, 3))


def test_a_picture_leaves_the_folder_and_its_files_alone(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "WEIGHTSCAPE_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    render(SMALL, size=(4, 3), engine="numpy")
    field(draw(SMALL), size=(4, 3), engine="numpy")
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("fields", [{}, {"outputs": 1}, {"radius": 1e-6}, {"levels": "auto"}])
def test_a_half_of_a_split_view_has_the_bytes_of_its_file(fields: dict[str, Any]) -> None:
    scene, size = Scene(layers=4, width=6, scale=3.0, **{"radius": 20.0} | fields), (300, 200)
    with opened("numpy") as choice:
        file = np.concatenate(list(picture_bands(choice.engine, scene, size, 7, "auto")))
        half = drawn(choice.engine, scene, size, "auto", samples=7)
    assert np.array_equal(quantise(half, scene.quantise), file)


def test_a_split_poster_takes_no_more_memory_than_its_bands() -> None:
    scene = Scene(layers=2, width=4, beside='{"seed": 4}')
    with opened("numpy") as choice:

        def made(rows: int) -> None:
            shapes = {band.shape[1:] for band in picture_bands(choice.engine, scene, (1000, rows), 2, "single")}
            assert shapes == {(1000, 3)}

        made(300)
        low, high = peak(lambda: made(600)), peak(lambda: made(6000))
    assert high < 1.2 * low


def test_a_split_view_has_the_bytes_of_its_halves_in_bands() -> None:
    scene, size = Scene(layers=4, width=8, beside='{"lens": "winner", "quantise": "floor"}'), (1001, 700)
    whole = render(scene, size=size, engine="numpy", samples=2)
    for part in placed(scene, size):
        half = render(part.scene, size=part.size, engine="numpy", samples=2)
        assert np.array_equal(whole[:, part.left : part.left + part.size[0]], half)
    line = whole[:, part.size[0] : part.left]
    assert (line == quantise(np.array(GRID, np.float32), "round")).all()
    assert line.shape[1] == 1


def test_of_two_drawings_side_by_side_one_is_held_at_a_time() -> None:
    scene, size = Scene(layers=3, width=8, lens="winner"), (600, 400)
    with opened("numpy") as choice:

        def made(scene: Scene, size: tuple[int, int]) -> None:
            assert sum(len(band) for band in picture_bands(choice.engine, scene, size, 1, "single")) == size[1]

        both = replace(scene, beside='{"seed": 4}'), (2 * size[0] + 1, size[1])
        made(*both)
        one, two = peak(lambda: made(scene, size)), peak(lambda: made(*both))
    assert two < 1.2 * one
