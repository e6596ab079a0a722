"""`weightscape render` in every kind of picture: the bands' own numbers, what the file says, and what is refused."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import OpenEXR
import pytest
import pyvips
import tifffile

import weightscape
from weightscape.cli.cli import run
from weightscape.file.png import read_text
from weightscape.picture import span
from weightscape.picture.banding import Banding
from weightscape.publish import poster
from weightscape.publish.caption import KEYWORD
from weightscape.publish.gallery import carried
from weightscape.scene.scene import Scene
from weightscape.scene.tone import Depth, linear

SIZE = (90, 61)
SCENE = Scene(layers=4, width=8)
SMALL = ("render", "--engine", "numpy", "--size", "90x61", "--layers", "4", "--width", "8")
BESIDE = ("--beside", '{"seed": 7}')


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, without settings."""
    for name in [*os.environ]:
        if name.startswith(("WEIGHTSCAPE_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rendered(depth: Depth, dither: bool = False, scene: Scene = SCENE) -> npt.NDArray[Any]:
    return weightscape.render(scene, size=SIZE, engine="numpy", depth=depth, dither=dither)


def vips(name: str) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = pyvips.Image.new_from_file(os.path.abspath(name)).numpy()
    return found


@pytest.mark.parametrize("dither", [False, True])
@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("kind", ["png", "tif", "tiff", "dzi"])
def test_files_hold_the_numbers_of_the_bands(kind: str, depth: Depth, dither: bool) -> None:
    options = ("--depth", str(depth), *(["--dither"] if dither else []))

    assert run([*SMALL, *options, "-o", f"a.{kind}"]) == 0

    found = vips("a_files/7/0_0.png" if kind == "dzi" else f"a.{kind}")
    assert found.dtype == f"u{depth // 8}"
    assert np.array_equal(found, rendered(depth, dither))


def test_depths_tell_of_the_same_picture() -> None:
    plain, deep, light = rendered(8), rendered(16), rendered(32)

    assert [str(each.dtype) for each in (plain, deep, light)] == ["uint8", "uint16", "float32"]
    assert np.abs(light * 255 - plain).max() <= 0.5001
    assert np.abs(light * 65535 - deep.astype(float)).max() <= 0.51
    assert np.unique(deep).size > 1.5 * np.unique(plain).size
    assert not np.array_equal(plain, rendered(8, dither=True))
    assert np.abs(plain.astype(int) - rendered(8, dither=True)).max() == 1


def test_an_exr_holds_linear_light() -> None:
    assert run([*SMALL, "--dpi", "300", "-o", "a.exr"]) == 0

    with OpenEXR.File("a.exr") as read:
        assert np.array_equal(read.channels()["RGB"].pixels, linear(rendered(32)))
        told = carried(read.header()["weightscape"])
        assert read.header()["xDensity"] == 300.0
    assert (told["size"], told["dpi"], told["scene"]["width"]) == ([90, 61], 300.0, 8)


@pytest.mark.parametrize("lens", ["outputs", "norms", "height"])
def test_a_drawing_and_a_split_view_have_every_depth(lens: str) -> None:
    """What is drawn as a whole, and what lies between two halves."""
    assert run([*SMALL, *BESIDE, "--lens", lens, "--depth", "16", "--dither", "-o", "a.png"]) == 0

    found = vips("a.png")
    scene = Scene(layers=4, width=8, lens=lens, beside='{"seed": 7}')
    plain = rendered(8, scene=scene)
    assert found.dtype == np.uint16
    assert np.abs(found / 65535 - plain / 255.0).max() < 0.6 / 255


def test_what_is_told_makes_the_same_file_again() -> None:
    assert run([*SMALL, "--depth", "16", "--dither", "--dpi", "254", "-o", "a.png"]) == 0
    text = read_text("a.png", KEYWORD)
    assert text is not None
    told = json.loads(text)
    assert (told["depth"], told["dither"], told["dpi"]) == (16, True, 254.0)

    assert run(["render", "--scene", "a.png", "--engine", "numpy", "-o", "b.png"]) == 0
    assert Path("b.png").read_bytes() == Path("a.png").read_bytes()
    # An option goes before what is carried, and what a kind of file has no place for is left out.
    assert run(["render", "--scene", "a.png", "--engine", "numpy", "--depth", "8", "--no-dither", "-o", "c.tif"]) == 0
    assert np.array_equal(vips("c.tif"), rendered(8))
    assert run(["render", "--scene", "a.png", "--engine", "numpy", "-o", "d.exr"]) == 0
    with OpenEXR.File("d.exr") as read:
        assert set(carried(read.header()["weightscape"])) == {"scene", "size", "samples", "precision", "dpi"}


def test_a_plain_file_tells_nothing_new() -> None:
    assert run([*SMALL, "-o", "a.png"]) == 0

    assert set(json.loads(read_text("a.png", KEYWORD) or "")) == {"scene", "size", "samples", "precision"}


def test_no_scene_tells_nothing() -> None:
    for kind in ("png", "tif", "dzi", "exr"):
        assert run([*SMALL, "--no-scene", "-o", f"a.{kind}"]) == 0

    data = [path.read_bytes() for path in Path().iterdir() if path.suffix in (".png", ".tif", ".dzi", ".exr")]
    assert len(data) == 4
    assert not any(b"seed" in each or b"weightscape" in each for each in data)


def test_a_tiff_tells_in_ascii_and_has_a_resolution_in_any_case() -> None:
    assert run([*SMALL, "-o", "a.tif"]) == 0

    with tifffile.TiffFile("a.tif") as read:
        page = read.pages.first
        assert carried(page.description.removeprefix("weightscape "))["size"] == [90, 61]
        assert page.description.isascii()
        assert page.resolution == (72.0, 72.0)
    # Which reads the scene as JSON of its own, if nothing stands before it.
    assert tifffile.imread("a.tif").shape == (61, 90, 3)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--depth 12 -o a.png", "--depth: '12' is not 8 or 16"),
        ("--depth 16 -o a.exr", "--depth: is for .png .tif .tiff .dzi, not for .exr"),
        ("--depth 16 -o a.npy", "--depth: is for .png .tif .tiff .dzi, not for .npy"),
        ("--dither -o a.exr", "--dither: is for .png .tif .tiff .dzi, not for .exr"),
        ("--dpi 0 -o a.png", "--dpi: '0' is not a number in 1..100000"),
        ("--dpi nan -o a.png", "--dpi: 'nan' is not a number in 1..100000"),
        ("--dpi many -o a.png", "--dpi: 'many' is not a number in 1..100000"),
        ("--dpi 300 -o a.dzi", "--dpi: is for .png .tif .tiff .exr, not for .dzi"),
        ("""--scene {"scene":{},"depth":9} -o a.png""", "--scene: depth: '9' is not 8 or 16"),
        ("""--scene {"scene":{},"dither":1} -o a.png""", "--scene: dither: '1' is not true or false"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["render", *line.split()]) == 2

    assert capsys.readouterr().err.splitlines()[-1] == f"weightscape: {said}"
    assert list(Path().glob("a*")) == []


def test_a_depth_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="depth: 12 is not one of 8, 16, 32"):
        weightscape.render(depth=12)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["png", "tif", "tiff", "exr", "dzi"])
def test_the_scene_is_read_back_from_every_kind(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SMALL, "--seed", "77", "--samples", "2", "-o", f"a.{kind}"]) == 0
    capsys.readouterr()

    assert run(["show", f"a.{kind}"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown.get("scene", shown)["seed"] == 77
    assert run(["render", "--scene", f"a.{kind}", "--engine", "numpy", "-o", "b.png"]) == 0
    assert json.loads(read_text("b.png", KEYWORD) or "")["samples"] == 2
    assert vips("b.png").shape == (61, 90, 3)


@pytest.mark.parametrize(("kind", "depth"), [("png", 16), ("tif", 16), ("tif", 8), ("exr", 32), ("dzi", 16)])
def test_a_poster_of_every_kind_is_kept_and_taken_up_again(
    kind: str, depth: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = () if kind == "exr" else ("--depth", str(depth), "--dither")
    monkeypatch.setattr(span, "BAND_POINTS", 900)
    assert run([*SMALL, *options, "-o", f"once.{kind}"]) == 0
    monkeypatch.setattr(poster, "KEPT_WORK", 0.0)
    monkeypatch.setattr(poster, "BAND_BYTES", 1)
    made, make = [0], Banding.make

    def stopping(self: Banding, top: int, rows: int) -> npt.NDArray[Any]:
        made[0] += 1
        if made[0] == 4:
            raise KeyboardInterrupt
        return make(self, top, rows)

    monkeypatch.setattr(Banding, "make", stopping)
    assert run([*SMALL, *options, "-o", f"a.{kind}"]) != 0
    assert "3 of 7 bands are kept" in capsys.readouterr().err
    assert run([*SMALL, *options, "-o", f"a.{kind}"]) == 0
    assert made[0] == 4 + 4

    one, other = (f"{name}_files/7/0_0.png" if kind == "dzi" else f"{name}.{kind}" for name in ("once", "a"))
    assert Path(one).read_bytes() == Path(other).read_bytes()
    assert not Path(f"a.{kind}.part").exists()
