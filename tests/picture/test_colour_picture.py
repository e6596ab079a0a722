"""Colours in files: every engine, 16 bits, samples, films that cycle, and raw outputs that know no colour."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import weightscape
from weightscape.cli.cli import run
from weightscape.scene.colour import colour
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise, shade

SIZE = (48, 32)
SCENE = Scene(layers=4, width=12, reading="oklch", gamma=1.4, cycle=2.0, time=0.1)
COLOURED = [
    SCENE,
    replace(SCENE, reading="hsv", invert=True),
    replace(SCENE, reading="palette", stops="#20106a #ffe9b0"),
    replace(SCENE, outputs=1, palette="romaO"),
    replace(SCENE, lens="unit", layer=2, palette="thermal"),
    replace(SCENE, lens="cut", layer=2, levels="auto"),
]


@pytest.mark.parametrize("scene", COLOURED, ids=range(len(COLOURED)))
@pytest.mark.parametrize("engine", ["numpy", "jit", "fragment", "compute"])
def test_every_engine_has_the_same_colours(scene: Scene, engine: str) -> None:
    expected = weightscape.render(scene, size=SIZE, engine="numpy", precision="double").astype(int)
    try:
        found = weightscape.render(scene, size=SIZE, engine=engine)
    except RuntimeError as error:
        pytest.skip(str(error))
    assert np.mean(np.abs(found.astype(int) - expected) > 2) < 1e-3


def test_a_picture_is_its_outputs_shaded_and_raw_outputs_have_no_colour() -> None:
    raw = weightscape.field(SCENE, size=SIZE, engine="numpy")
    assert np.array_equal(
        weightscape.render(SCENE, size=SIZE, engine="numpy"), quantise(shade(raw, colour(SCENE)), "round")
    )
    assert np.array_equal(raw, weightscape.field(Scene(layers=4, width=12), size=SIZE, engine="numpy"))


def test_colours_of_a_lens_with_its_own_stay() -> None:
    for lens in ("stretch", "winner", "norms"):
        plain = Scene(layers=4, width=12, lens=lens)
        own = replace(plain, reading="hsv", gamma=2.0, invert=True, stops="#20106a #ffe9b0")
        assert np.array_equal(*(weightscape.render(each, size=(160, 120), engine="numpy") for each in (plain, own)))


def test_16_bits_and_samples_are_of_the_same_colours(tmp_path: Path) -> None:
    words = ["render", "--layers", "4", "--width", "12", "--reading", "oklch", "--size", "48x32", "--engine", "numpy"]
    for options in (["--depth", "16"], ["--samples", "4"], ["--dither"]):
        assert run([*words, *options, "-o", str(tmp_path / "a.png")]) == 0
        expected = weightscape.render(Scene(layers=4, width=12, reading="oklch"), size=SIZE, engine="numpy")
        with Image.open(tmp_path / "a.png") as image:
            found = np.asarray(image.convert("RGB")).astype(int)
        assert np.abs(found - expected).mean() < 1.5


def test_a_films_colours_cycle(tmp_path: Path) -> None:
    words = ["animate", "--layers", "4", "--width", "12", "--reading", "oklch", "--cycle", "2", "--vary", "time=0:0.5"]
    words += ["--seconds", "0.5", "--fps", "8", "--size", "48x32", "--engine", "numpy", "-o", str(tmp_path / "film")]
    assert run(words) == 0
    frames = [np.asarray(Image.open(path).convert("RGB")) for path in sorted((tmp_path / "film").glob("*.png"))]
    assert len(frames) == 4
    scene = Scene(layers=4, width=12, reading="oklch", cycle=2.0)
    for n, frame in enumerate(frames):  # a loop: the turn closes after the last
        assert np.array_equal(frame, weightscape.render(replace(scene, time=n / 8), size=SIZE, engine="numpy"))
    assert all(np.abs(a.astype(int) - b).mean() > 5 for a, b in pairwise(frames))


def test_a_loop_of_colours_closes_where_they_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "animate",
        "--layers",
        "3",
        "--cycle",
        "1.5",
        "--vary",
        "time=0:1",
        "--loop",
        "-o",
        str(tmp_path / "film.gif"),
    ]
    assert run(words) == 2
    assert "a loop ends as it begins" in capsys.readouterr().err


def test_a_page_and_a_shader_hold_the_scene(tmp_path: Path) -> None:
    for name in ("page.html", "net.glsl"):
        words = [
            "export",
            "--layers",
            "3",
            "--reading",
            "palette",
            "--stops",
            "20106a,ffe9b0",
            "-o",
            str(tmp_path / name),
        ]
        assert run(words) == 0
