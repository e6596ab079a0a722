"""A folder is shown by a program of the desktop; what goes wrong is one line, and no program stays a zombie."""

import os
import sys
import threading
from pathlib import Path

import pytest
from display import until

from weightscape.explore.keep.folder import Opener, open_folder
from weightscape.file.whole_file import FileError


def program(path: Path, status: int = 0) -> str:
    """Make a program that notes what it was called with."""
    told = f"open({str(path)!r} + '.told', 'w').write(repr(sys.argv[1:]))"
    path.write_text(f"#!{sys.executable}\nimport sys\n{told}\nsys.exit({status})\n")
    path.chmod(0o755)
    return str(path)


def test_the_program_is_handed_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "-a b % ü"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    open_folder(Path(folder.name), program(tmp_path / "shows"))
    assert (tmp_path / "shows.told").read_text() == repr([str(folder)])


def test_a_program_that_fails_or_is_missing_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot open .*: .*fails ended with status 3$"):
        open_folder(tmp_path, program(tmp_path / "fails", 3))
    with pytest.raises(FileError, match=r"cannot open .*: .*none: No such file or directory$"):
        open_folder(tmp_path, str(tmp_path / "none"))


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="xdg-open is other systems'")
def test_the_window_does_not_wait_and_hears_of_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "xdg-open", 4)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    woken = threading.Event()
    opener = Opener(woken.set)
    assert opener.fetch() == []
    opener.open(tmp_path)
    until(woken.is_set, "the fault")
    (fault,) = opener.fetch()
    assert "xdg-open ended with status 4" in str(fault)
    assert (tmp_path / "xdg-open.told").read_text() == repr([str(tmp_path)])
