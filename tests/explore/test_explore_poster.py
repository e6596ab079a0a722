"""Posters in a real window: written beside all else, with progress, until Esc; and folders that a notice opens."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from display import press, until
from PIL import Image
from program import Program, running

import weightscape
from weightscape.file.png import read_text

SIZE = (120, 90)
QUICK = ("--size", "120x90", "--layers", "3", "--width", "6")
# A poster that takes as long as anybody wants to look at it.
LONG = ("--size", "640x400", "--layers", "20", "--width", "20", "--independent")


def poster(program: Program) -> Path:
    (path,) = until(lambda: list((program.folder / "captures").glob("*-poster.png")), "the poster")
    return path


@pytest.mark.parametrize("options", [(), ("--lens", "norms")], ids=["plane", "chart"])
def test_shift_s_writes_what_is_seen_four_times_as_large_and_as_smooth_as_a_file(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    with running(tmp_path, *QUICK, *options) as program:
        program.settled()
        program.key("shift+s")
        path = poster(program)
        about, saved = json.loads(str(read_text(path, "weightscape"))), np.asarray(Image.open(path))
        width, height = about["size"]
        assert width == 4 * SIZE[0]
        assert about["samples"] == 16
        program.told(f"poster saved: {path.name} in {path.parent}")
        expected = weightscape.render(program.scene(), size=(width, height), samples=16, engine="numpy")
        assert np.array_equal(saved, expected)
        assert program.said("poster")[-1]["told"] == ""


def test_a_poster_tells_how_far_it_is_lets_pictures_be_saved_and_is_given_up_by_escape_once(tmp_path: Path) -> None:
    with running(tmp_path, *LONG) as program:
        program.said_after("shift+s", "a poster of 2560 x 1600 pixels: Esc gives it up")
        until(lambda: {entry["told"] for entry in program.said("poster")} >= {"0 %", "1 %"}, "progress")
        program.said_after("s", "picture saved")
        assert program.said("poster")[-1]["told"] != ""
        program.key("shift+s")
        until(lambda: program.said("poster")[-1]["told"].endswith("%, 1 more"), "the second poster to wait")
        program.said_after("ctrl+q", "still saving a picture: once more quits without it")
        program.asked_after("u")
        program.said_after("escape", "poster given up")
        until(lambda: program.said("poster")[-1]["told"] == "", "the end of its progress")
        assert program.asked_after("escape").lens == "outputs"
        assert [path.name for path in (tmp_path / "captures").glob("*-poster*")] == []
        assert program.left_by("ctrl+q") == 0
        assert [path.suffix for path in (tmp_path / "captures").iterdir()] == [".png"]
        assert (tmp_path / "stderr").read_text() == ""


def test_a_click_on_the_notice_opens_the_folder_and_a_failure_is_told(tmp_path: Path) -> None:
    program_file = tmp_path / "bin" / "xdg-open"
    program_file.parent.mkdir()
    told = tmp_path / "told"
    note = f"open({str(told)!r}, 'a').write(repr(sys.argv[1:]) + chr(10))"
    fails = f"import os\nsys.exit(os.path.exists({str(tmp_path / 'fails')!r}))"
    program_file.write_text(f"#!{sys.executable}\nimport sys\n{note}\n{fails}\n")
    program_file.chmod(0o755)
    search = f"{program_file.parent}{os.pathsep}{os.environ['PATH']}"
    # The notice stays as long as somebody needs to find it.
    stays = "from weightscape.explore import fetching\nfetching.LINKED_S = 600.0\n"
    with running(tmp_path, "--size", "640x400", "--layers", "3", "--width", "6", before=stays, PATH=search) as program:
        program.settled()
        bare = program.pixels().copy()
        notice = slice(290, 350), slice(200, 440)
        program.said_after("s", "picture saved")
        until(lambda: (bare[notice] != program.pixels()[notice]).mean() > 0.5, "the notice")
        asked = len(program.said("ask"))
        at = ("mousemove", "--window", program.window, "320", "340")
        press(program.display, *at, "click", "1")
        until(told.exists, "the folder to be opened")
        assert told.read_text() == f"{[str(tmp_path / 'captures')]!r}\n"
        (tmp_path / "fails").touch()
        press(program.display, *at, "click", "1")
        program.told(f"cannot open {tmp_path / 'captures'}: xdg-open ended with status 1")
        assert len(program.said("ask")) == asked
        assert program.said("glide") == []
