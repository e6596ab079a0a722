"""The command `shader`: what it prints is what a driver is handed, and it needs no driver."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from patience import ran

from weightscape.cli.cli import run
from weightscape.cli.shader_text import SIZE
from weightscape.engine.question import pixel_grid
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.gpu import source
from weightscape.gpu.context import adapter
from weightscape.picture.questions import PrecisionName, questions
from weightscape.publish import gallery
from weightscape.scene.scene import Scene

NARROW, WIDE = Scene(layers=3, width=8), Scene(layers=3, width=130)
SCENES = {
    "narrow": NARROW,
    "wide": WIDE,
    "one layer": Scene(layers=1),
    "a radius": replace(NARROW, inputs="x,y,r"),
    "pieces": replace(NARROW, activation="relu", lens="regions"),
    "wide pieces": replace(WIDE, activation="relu", lens="regions"),
    "slopes": replace(NARROW, lens="stretch"),
    "many taps": replace(NARROW, lens="atlas"),
    "digits": gallery.scene("digits"),
}
CASES = [*((name, "single") for name in SCENES), ("narrow", "perturbed"), ("wide", "perturbed")]


def printed(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert run(["shader", *args]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("name", "precision"), CASES)
def test_what_is_printed_is_what_a_driver_is_handed(
    name: str, precision: PrecisionName, gl: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handed: set[str] = set()
    compiled = source._compiled

    def noted(compile: Any, stages: Mapping[str, source.Source]) -> Any:
        handed.add(list(stages.values())[-1].text)  # screen.vert is the same with any defines
        return compiled(compile, stages)

    monkeypatch.setattr(source, "_compiled", noted)
    for make in (FragmentEngine, *([ComputeEngine] if gl.version_code >= 430 else [])):
        engine = make(gl)
        for question in questions(SCENES[name], SIZE, precision):
            engine.field(replace(question, grid=pixel_grid(2, 2)))
        engine.release()

    given = ["--scene", SCENES[name].to_text(), "--precision", precision]
    given += ["--software"] if adapter(gl).is_software else []
    glsl = "400 core" if gl.version_code >= 400 else "330 core"
    texts: set[str] = set()
    for line in printed(capsys, *given).splitlines():
        count, file = int(line[:2].strip() or 0), line[3:].split()[0]
        if file.endswith(".frag") or gl.version_code >= 430:
            version = ["--glsl", glsl if file.endswith(".frag") else "430 core"]
            texts.update(printed(capsys, file, *given, *version, "--variant", str(n + 1)) for n in range(count))
    assert texts == handed
    assert len(texts) >= (1 if gl.version_code < 430 else 2)


def test_every_program_is_listed_and_says_what_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys).splitlines()
    programs = {
        each.name for each in files("weightscape.shaders").iterdir() if each.name[-5:] in (".vert", ".frag", ".comp")
    }
    assert {line[3:].split()[0] for line in lines} == programs
    assert all(len(line[3:].split()) > 5 for line in lines)


def test_it_needs_no_opengl() -> None:
    code = "import moderngl; moderngl.create_context = None; from weightscape.cli.cli import main; main()"
    environment = {**os.environ, "LIBGL_DRIVERS_PATH": "/nowhere", "DISPLAY": ""}
    done = ran(sys.executable, "-c", code, "shader", "fused.comp", "--precision", "double", env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("#version 430 core\n#define EXACT precise\n#define UNIT_VECTORS ")
    assert "#define DOUBLE 1\n" in done.stdout


def test_defines_of_ones_own_count_more_and_are_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert "#define INPUTS 3\n" in printed(capsys, "fused.frag", "-D", "INPUTS=3")
    alone = printed(capsys, "layer.frag", "--define", "PIXELS=2", "-D", "FIRST", "--glsl", "300 es").splitlines()
    assert alone[:4] == ["#version 300 es", "#define EXACT", "#define PIXELS 2", "#define FIRST 1"]


def test_each_line_can_tell_where_it_is_from(capsys: pytest.CaptureFixture[str]) -> None:
    plain = printed(capsys, "tile.frag").splitlines()
    told = printed(capsys, "tile.frag", "--lines").splitlines()
    places = [line.split(": ")[0].split(":") for line in told]
    assert len(told) == len(plain) > 20
    assert {"tile.frag", "lib/shade.glsl", "lib/shading.glsl", "defines"} < {place[0] for place in places}
    (line,) = (line for line in told if "vec3 shade(vec4 values)" in line)
    text = (files("weightscape.shaders") / "lib/shade.glsl").read_text(encoding="utf-8").splitlines()
    assert text[int(line.split(":")[1]) - 1] == "vec3 shade(vec4 values) {"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ("nothing.frag", "'nothing.frag' is not one of cells.frag, cells.vert, fold.frag, fused.comp"),
        ("layer.comp --layers 3", "this scene takes fused.frag, fused.comp; --width 400 takes layer.frag"),
        ("fused.frag --variant 2", "variant 2 of fused.frag is not in 1..1"),
        ("fused.frag --variant x", "--variant: 'x' is not a whole number"),
        ("fused.frag --define 1=2", "--define: '1=2' is not NAME or NAME=VALUE"),
        ("fused.frag --glsl new", "--glsl: 'new' is not a version of GLSL"),
        ("fused.frag --precision half", "--precision: 'half' is not one of"),
    ],
)
def test_what_cannot_be_printed_is_told_in_a_line(args: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shader", *args.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1


def test_that_there_are_more_variants_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shader", "layer.comp", "--width", "400"]) == 0
    assert "this is the first of 2 variants" in capsys.readouterr().err
