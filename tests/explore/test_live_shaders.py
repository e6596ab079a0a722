"""A window started with --watch-shaders: an edit is seen, a mistake is told and the picture stays, its cure is seen."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from display import opened_display, until
from patience import ran
from program import Program, running

ROOT = Path(__file__).parents[2]
OPTIONS = ("--size", "640x480", "--layers", "3", "--width", "8")
# Rows at the bottom that the status line, or a complaint above it, may cover.
COVERED = 260
Picture = npt.NDArray[np.int64]


@pytest.fixture
def shaders(tmp_path: Path) -> Path:
    """Give a folder with copies of the shaders."""
    return Path(shutil.copytree(ROOT / "shaders", tmp_path / "shaders"))


@pytest.fixture(params=["numpy", "fragment", pytest.param("compute", marks=pytest.mark.long)])
def program(request: pytest.FixtureRequest, tmp_path: Path, shaders: Path) -> Iterator[Program]:
    """Run the explorer with each engine on a folder of shaders."""
    options = (*OPTIONS, "--watch-shaders", str(shaders))
    with running(tmp_path, *options, WEIGHTSCAPE_ENGINE=request.param) as program:
        program.settled()
        yield program


def upper(program: Program) -> Picture:
    return program.pixels()[:-COVERED].astype(int)


def seen(program: Program, is_right: Callable[[Picture], object], what: str) -> Picture:
    until(lambda: is_right(upper(program)), what)
    return upper(program)


def alike(one: Picture, other: Picture) -> bool:
    """Compare 8-bit pictures; float32's last digit depends on where a tile is cut."""
    return bool(np.abs(one - other).max() <= 1)


def complained(program: Program, count: int) -> str:
    """Wait for so many complaints, or ends of one, in all; give the last."""
    until(lambda: len(program.said("complaint")) >= count, "a complaint, or its end")
    assert len(program.said("complaint")) == count
    return str(program.said("complaint")[-1]["text"])


def number(text: str, words: str) -> int:
    """Tell the line, from 1 on, that holds the words."""
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_canvas_follows_an_edit_a_mistake_and_its_cure(program: Program, shaders: Path) -> None:
    file = shaders / "lib" / "shade.glsl"
    good, last = file.read_text(), "    return clamped.rgb;"
    before = seen(program, lambda now: now.std() > 5, "the picture")
    assert good.count(last) == 1

    file.write_text(good.replace(last, "    return 1.0 - clamped.rgb;"))
    edited = seen(program, lambda now: alike(now, 255 - before), "the picture in its opposite colours")

    file.write_text(good.replace(last, "    return clamped.rgb + nothing;"))
    line = number(good, last)
    told = complained(program, 1)
    assert f"lib/shade.glsl:{line}" in told
    assert f"> lib/shade.glsl:{line}:     return clamped.rgb + nothing;" in told
    # A new view is painted with what compiled last; back there all is as before.
    program.asked_after("+")
    program.asked_after("backspace")
    program.settled()
    seen(program, lambda now: alike(now, edited), "the last good picture")

    file.write_text(good)
    seen(program, lambda now: alike(now, before), "the first picture")
    assert complained(program, 2) == ""
    assert program.said("fault") == []


@pytest.mark.parametrize(
    ("program", "name"), [("fragment", "fused.frag"), ("compute", "fused.comp")], indirect=["program"]
)
def test_an_engine_follows_an_edit_a_mistake_and_its_cure(program: Program, shaders: Path, name: str) -> None:
    file = shaders / name
    head, rest = file.read_text().split("\n", 1)
    before = seen(program, lambda now: now.std() > 5, "the picture")

    file.write_text(f"{head}\n#undef OUTPUT_ACTIVATION\n#define OUTPUT_ACTIVATION(z) (0.25 + 0.0 * (z))\n{rest}")
    edited = seen(program, lambda now: (now == 64).all(), "a grey picture")

    file.write_text(f"{head}\nvec4 wrong() {{ return nothing; }}\n{rest}")
    assert f"> {file.name}:2: vec4 wrong() {{ return nothing; }}" in complained(program, 1)
    program.asked_after("+")
    program.settled()
    assert alike(upper(program), edited)
    program.asked_after("backspace")
    # A network of another shape has no program that compiled: the window says why, and lives on.
    program.asked_after("}")
    program.settled()
    assert complained(program, 1)
    program.asked_after("backspace")

    file.write_text(f"{head}\n{rest}")
    seen(program, lambda now: alike(now, before), "the first picture")
    assert complained(program, 2) == ""


def test_an_engine_that_is_broken_from_the_start_works_once_it_is_mended(tmp_path: Path, shaders: Path) -> None:
    file = shaders / "fused.frag"
    good = file.read_text()
    file.write_text(good + "no GLSL\n")
    options = (*OPTIONS, "--watch-shaders", str(shaders))
    with running(tmp_path, *options, first="notice", WEIGHTSCAPE_ENGINE="fragment") as program:
        assert f"> fused.frag:{len(good.splitlines()) + 1}: no GLSL" in program.told("the fragment engine cannot work")
        file.write_text(good)
        until(lambda: program.said("first"), "a picture")
        program.settled()


def test_a_canvas_that_is_broken_from_the_start_is_a_line(tmp_path: Path, shaders: Path) -> None:
    (shaders / "tile.frag").write_text("#version 330 core\nno GLSL\n")
    with opened_display("640x480x24") as display:
        environment = os.environ | {"DISPLAY": display, "HOME": str(tmp_path)}
        command = [sys.executable, "-m", "weightscape", "--watch-shaders", str(shaders)]
        done = ran(*command, env={name: value for name, value in environment.items() if name != "WAYLAND_DISPLAY"})
    assert done.returncode == 1
    assert done.stderr.startswith("weightscape: tile.frag:2")
    assert done.stderr.count("\n") == 1
