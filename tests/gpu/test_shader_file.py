"""Shader files, watched and not: a folder goes first, edits are counted, and a program that fails stays as it was."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from weightscape.cli.cli import run
from weightscape.gpu.program import Programs, key_of
from weightscape.gpu.shader_file import FILES, ShaderFiles
from weightscape.gpu.source import ShaderError, source, uniforms

KEY = key_of("a.frag", {"N": 1})


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Put the program's files back to where nothing is watched."""
    kept = dict(vars(FILES))
    yield
    vars(FILES).update(kept)


def edit(folder: Path, text: str, name: str = "tile.frag") -> None:
    """Write a file as editors do: another one in its place, with a time of its own."""
    (folder / "new").write_text(text)
    os.utime(folder / "new", ns=(len(text), len(text)))
    os.replace(folder / "new", folder / name)


def test_nothing_is_looked_at_where_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    files = ShaderFiles()
    text = files.text("tile.frag")
    monkeypatch.setattr(os, "scandir", None)
    monkeypatch.setattr(Path, "read_text", None)
    assert (files.look(), files.edition, files.is_watched) == (False, 0, False)
    assert files.text("tile.frag") is text


def test_a_folders_files_go_first_and_edits_are_counted(tmp_path: Path) -> None:
    edit(tmp_path, "#version 330 core\n// mine\n")
    files = ShaderFiles()
    files.watch(str(tmp_path))
    assert (files.look(), files.is_watched) == (False, True)
    assert "mine" in files.text("tile.frag")
    assert files.text("moved.frag") == ShaderFiles().text("moved.frag")
    edit(tmp_path, "#version 330 core\n// other\n")
    assert "mine" in files.text("tile.frag"), "a text stays the same until it is looked for edits"
    assert (files.look(), files.look(), files.edition) == (True, False, 1)
    assert "other" in files.text("tile.frag")
    (tmp_path / "tile.frag").unlink()
    assert (files.look(), files.edition) == (True, 2)
    assert files.text("tile.frag") == ShaderFiles().text("tile.frag")


def test_a_new_file_in_lib_is_seen(tmp_path: Path) -> None:
    edit(tmp_path, '#version 330 core\n#include "lib/own.glsl"\n')
    FILES.watch(str(tmp_path))
    with pytest.raises(ShaderError, match=r"lib/own\.glsl is missing"):
        source("tile.frag")
    (tmp_path / "lib").mkdir()
    edit(tmp_path, "float own;\n", "lib/own.glsl")
    assert FILES.look()
    assert source("tile.frag").origin[-1] == ("lib/own.glsl", 1)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "tile.frag").write_bytes(b"#version 330 core\n\xff\n")
    FILES.watch(str(tmp_path))
    with pytest.raises(ShaderError, match=r"shader file tile\.frag is not text in UTF-8"):
        source("tile.frag")


def test_the_packages_own_folder_can_be_watched() -> None:
    FILES.watch()
    assert (FILES.is_watched, FILES.look()) == (True, False)
    assert len(FILES._seen) > 20


def test_a_complaint_ends_with_the_next_edit_and_the_first_one_stays(tmp_path: Path) -> None:
    edit(tmp_path, "1")
    files = ShaderFiles()
    files.watch(str(tmp_path))
    files.complain(0, "first")
    files.complain(0, "second")
    assert files.complaint == "first"
    edit(tmp_path, "12")
    assert files.look()
    assert files.complaint == ""
    files.complain(0, "of the files before")
    assert files.complaint == ""
    files.complain(1, "of these")
    assert files.complaint == "of these"


def test_a_program_is_made_once_an_edition_and_stays_where_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[str] = []
    programs: Programs[str] = Programs(freed.append)

    def failing() -> str:
        raise ShaderError("tile.frag:3: oops")

    with pytest.raises(ShaderError):
        programs.made(KEY, failing)
    assert programs.made(KEY, lambda: "one") == "one"
    assert programs.made(KEY, failing) == "one"
    assert FILES.complaint == ""
    monkeypatch.setattr(FILES, "edition", 1)
    assert not programs.is_fresh(KEY)
    assert programs.made(KEY, failing) == "one"
    assert FILES.complaint == "tile.frag:3: oops"
    assert programs.is_fresh(KEY), "what fails is not tried at every draw"
    assert freed == []
    monkeypatch.setattr(FILES, "edition", 2)
    assert programs.made(KEY, lambda: "two") == "two"
    assert (freed, FILES.complaint, list(programs.values())) == (["one"], "", ["two"])


CANVAS = (
    "canvas.py tile_shader.py tops.py",
    "tile.frag largest.frag region.frag sprite.frag moved.frag mean.frag",
    set[str](),
    25,
)
# No cell has more than one number; how it is read is set as the canvas sets it, in tile_shader.py.
CELLS = ("cells.py", "cells.vert cells.frag", {"u_channels", "u_reading"}, 8)


@pytest.mark.parametrize(("files", "shaders", "unused", "count"), [CANVAS, CELLS], ids=["canvas", "cells"])
def test_the_window_sets_what_its_shaders_declare(files: str, shaders: str, unused: set[str], count: int) -> None:
    """It passes over what an edited shader does not use; a name of ours that is misspelt must show here."""
    room = Path(__file__).parents[2] / "app" / "weightscape" / "gpu"
    text = "".join((room / name).read_text() for name in files.split())
    declared = set().union(*map(uniforms, shaders.split())) - unused
    assert len(declared) == count
    assert {name for name in declared if f'"{name}"' not in text} == set()
    assert {word for word in text.split('"')[1::2] if word.startswith("u_")} == declared


@pytest.mark.parametrize(("name", "words"), [("gone", "is not a folder"), ("empty", "no file that is named like")])
def test_a_folder_that_cannot_be_watched_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["explore", "--watch-shaders", str(tmp_path / name)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"weightscape: --watch-shaders: '{tmp_path / name}' ")
    assert words in err
