"""Colours in every form of a picture: light, 16 bits, small ones, notebooks, halves, clusters; in each reading."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import OpenEXR
import pytest
import tifffile
from cluster_room import opened_room
from PIL import Image

import weightscape
from weightscape.cli.cli import run
from weightscape.engine.choice import opened
from weightscape.explore.paint.artist import thumbnail
from weightscape.notebook.painter import Request, drawn
from weightscape.picture.watch import Watch
from weightscape.scene.colour import colour
from weightscape.scene.colour_space import linear
from weightscape.scene.palette import READINGS
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade

SIZE = (48, 32)
PLAIN = Scene(layers=4, width=12)
COLOURED = [
    replace(PLAIN, reading=reading, palette="fire", gamma=1.4, invert=True, cycle=1.0, time=0.3)
    for reading in READINGS[1:]
]
READ = [scene.reading for scene in COLOURED]


def colours(scene: Scene) -> npt.NDArray[np.floating]:
    """Shade a scene's raw outputs, which know no colour."""
    made = shade(weightscape.field(PLAIN, size=SIZE, engine="numpy"), colour(scene))
    assert np.abs(made - shade(weightscape.field(PLAIN, size=SIZE, engine="numpy"), colour(PLAIN))).mean() > 0.05
    return made


def written(scene: Scene, path: Path, *options: str) -> None:
    words = ["render", "--scene", scene.to_text(), "--size", "48x32", "--engine", "numpy", *options]
    assert run([*words, "-o", str(path)]) == 0


@pytest.mark.parametrize("scene", COLOURED, ids=READ)
def test_light_and_16_bits_are_of_the_colours(scene: Scene, tmp_path: Path) -> None:
    written(scene, tmp_path / "a.exr")
    with OpenEXR.File(str(tmp_path / "a.exr")) as read:
        np.testing.assert_allclose(read.channels()["RGB"].pixels, linear(colours(scene)), rtol=0, atol=1e-6)
    written(scene, tmp_path / "a.tif", "--depth", "16")
    found = tifffile.imread(tmp_path / "a.tif").astype(int)
    assert np.abs(found - np.floor(65535.0 * colours(scene).astype(float) + 0.5)).max() <= 1


@pytest.mark.parametrize("scene", COLOURED, ids=READ)
def test_small_pictures_are_of_the_colours(scene: Scene) -> None:
    assert np.array_equal(thumbnail(scene, SIZE, bool), weightscape.render(scene, size=SIZE, samples=2, engine="numpy"))


@pytest.mark.parametrize("scene", COLOURED, ids=READ)
def test_a_notebook_shows_the_colours(scene: Scene) -> None:
    shown = scene._repr_png_()
    assert shown
    with Image.open(BytesIO(shown[0])) as image:
        expected = weightscape.render(scene, size=image.size, engine="numpy").astype(int)
        assert np.abs(np.asarray(image.convert("RGB")) - expected).max() <= 1
    with opened("numpy") as choice:
        request = Request(scene, SIZE, "auto", lambda *_: None)
        with Image.open(BytesIO(drawn(choice.engine, request, 1, Watch(bool)))) as image:
            expected = weightscape.render(scene, size=SIZE, engine="numpy").astype(int)
            assert np.abs(np.asarray(image.convert("RGB")) - expected).max() <= 1


@pytest.mark.parametrize("right", COLOURED, ids=READ)
@pytest.mark.parametrize("engine", ["numpy", "fragment"])
def test_both_halves_have_their_own_colours(right: Scene, engine: str) -> None:
    left = replace(PLAIN, reading="oklch" if right.reading != "oklch" else "rgb", time=right.time, radius=2.0)
    right = replace(right, radius=left.radius)
    width, height = SIZE
    both = replace(left, beside=right.to_text())
    try:
        found = weightscape.render(both, size=(2 * width + 1, height), engine=engine).astype(int)
    except RuntimeError as error:
        pytest.skip(str(error))
    for half, scene in ((found[:, :width], left), (found[:, width + 1 :], right)):
        off = np.abs(half - weightscape.render(scene, size=SIZE, engine="numpy", precision="double")).max(-1)
        assert np.mean(off > 2) < 1e-2


def test_a_cluster_makes_the_colours_of_a_local_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with opened_room() as room:
        room.worker()
        for scene in COLOURED:
            for name, options in (("here.png", ()), ("there.png", ("--cluster", room.address))):
                written(scene, tmp_path / name, *options)
            assert (tmp_path / "here.png").read_bytes() == (tmp_path / "there.png").read_bytes()
            with Image.open(tmp_path / "there.png") as image:
                expected = weightscape.render(scene, size=SIZE, engine="numpy")
                assert np.array_equal(np.asarray(image.convert("RGB")), expected)
