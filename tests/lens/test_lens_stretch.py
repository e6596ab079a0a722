"""The lens of derivatives: |J| against differences in float64, in every engine, at any depth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import weightscape
from weightscape.draw.plate import signed
from weightscape.engine.choice import opened
from weightscape.lens.stretch import FULL_RATE, log_stretch
from weightscape.network.view import pixel_to_plane
from weightscape.picture.questions import network, question
from weightscape.publish.still import Still, write_still
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

SIZE = (17, 12)
ENGINES = ["numpy", "fragment", "compute"]


def seen(scene: Scene, engine: str, precision: str = "single") -> np.ndarray:
    with opened(engine) as choice:  # type: ignore[arg-type]
        asked = question(scene, SIZE, precision)  # type: ignore[arg-type]
        return log_stretch(scene, asked, choice.engine.field(asked))[..., 0]


def by_differences(scene: Scene) -> np.ndarray:
    """ln of the largest singular value of the outputs' derivatives by the plane, by central differences."""
    made = network(scene)
    points = np.array(
        [
            [[float(c) for c in pixel_to_plane(scene.view, SIZE, (i + 0.5, j + 0.5))] for i in range(SIZE[0])]
            for j in range(SIZE[1])
        ]
    )
    step = 1e-6

    def outputs(at: np.ndarray) -> np.ndarray:
        named = {"x": at[..., 0], "y": at[..., 1], "r": np.hypot(at[..., 0], at[..., 1])}
        return made(np.stack([named[name] for name in scene.inputs], -1))

    J = np.stack([(outputs(points + d) - outputs(points - d)) / (2 * step) for d in step * np.eye(2)], -1)
    return np.log(np.linalg.svd(J, compute_uv=False)[..., 0])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "fields",
    [
        {"layers": 4, "width": 6},
        {"layers": 3, "width": 9, "activation": "gelu", "outputs": 1, "angle": 30.0},
        {"layers": 1},
        {"layers": 5, "width": 70, "scale": 0.2, "tied": False},
        {"layers": 4, "inputs": ("x", "r", "y")},
    ],
)
def test_the_stretch_is_that_of_differences(engine: str, fields: dict[str, object], gl: object) -> None:
    scene = Scene(lens="stretch", center=("0.3", "-0.2"), **fields)  # type: ignore[arg-type]
    assert np.abs(seen(scene, engine) - by_differences(scene)).max() < 2e-3


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("scale", [0.05, 2.0])
def test_deep_networks_stay_in_range(engine: str, scale: float, gl: object) -> None:
    scene = Scene(lens="stretch", layers=200, width=20, scale=scale, radius=0.5)
    found = seen(scene, engine)
    assert np.isfinite(found).all()
    assert np.abs(np.median(found) / 200 - np.median(seen(scene, "numpy", "double")) / 200) < 0.02


@pytest.mark.parametrize("engine", ENGINES)
def test_deep_zooms_have_the_stretch_of_their_centre(engine: str, gl: object) -> None:
    wide = Scene(lens="stretch", layers=6, width=12, center=("0.37", "0.11"), radius=1e-7)
    deep = replace(wide, radius=1e-60)
    middle = float(np.median(seen(wide, "numpy", "double")))
    assert np.abs(seen(deep, engine, "perturbed") - middle).max() < 1e-4


def test_a_flat_network_is_a_picture_without_numbers_that_are_none() -> None:
    for levels in ("plain", "auto"):
        flat = Scene(lens="stretch", scale=0.0, levels=levels)
        assert weightscape.render(flat, size=SIZE).shape == (12, 17, 3)


def test_rates_are_blue_below_and_orange_above_no_stretch() -> None:
    scene = Scene(lens="stretch", layers=4, width=6)
    rates = by_differences(scene) / 4
    expected = signed(rates, FULL_RATE)
    assert np.abs(weightscape.render(scene, size=SIZE) / 255.0 - expected).max() < 0.02


def test_levels_of_the_view_use_the_whole_palette() -> None:
    scene = Scene(lens="stretch", layers=6, width=12, levels="auto", palette="grey")
    picture = weightscape.render(scene, size=(64, 64))
    assert picture.min() < 20
    assert picture.max() > 235


def read(path: Path, scene: Scene, engine: str, precision: str = "auto", relative: bool = False) -> np.ndarray:
    still = Still(SIZE, engine=engine, precision=precision, relative=relative)  # type: ignore[arg-type]
    write_still(str(path), scene, still)
    return np.asarray(np.load(path))


@pytest.mark.parametrize("precision", ["single", "double", "auto"])
@pytest.mark.parametrize("layers", [1, 5, 27])
def test_a_file_of_numbers_holds_the_logarithm_by_plane_units(tmp_path: Path, layers: int, precision: str) -> None:
    scene = Scene(lens="stretch", layers=layers, width=8)
    found = read(tmp_path / "a.npy", scene, "numpy", precision)

    assert (found.shape, found.dtype) == ((12, 17, 1), np.float64)
    assert np.abs(found[..., 0] - by_differences(scene)).max() < 5e-3
    assert np.array_equal(found, weightscape.field(scene, size=SIZE, engine="numpy", precision=precision))  # type: ignore[arg-type]


def test_numbers_of_a_deep_view_are_those_of_its_centre(tmp_path: Path) -> None:
    wide = Scene(lens="stretch", layers=6, width=12, center=("0.37", "0.11"), radius=1e-7)
    found = [read(tmp_path / "a.npy", replace(wide, radius=radius), "numpy") for radius in (1e-7, 1e-60)]
    assert np.abs(found[1] - np.median(found[0])).max() < 1e-4


def test_where_it_is_flat_the_logarithm_is_of_zero(tmp_path: Path) -> None:
    assert (read(tmp_path / "a.npy", Scene(lens="stretch", layers=2, scale=0.0), "numpy") == -np.inf).all()


def test_derivatives_are_not_written_relative_to_the_centre(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="lens: stretch is of derivatives"):
        read(tmp_path / "a.npy", Scene(lens="stretch", layers=2), "numpy", relative=True)
    assert list(tmp_path.iterdir()) == []
