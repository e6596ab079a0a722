"""weightscape desktop: what it writes into a user's folder, again, and away; and what its entry runs."""

import os
import shutil
import stat
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from patience import ran

from weightscape.cli.cli import run
from weightscape.publish import desktop
from weightscape.window.glfw_window import APP_ID

pytestmark = pytest.mark.skipif(not sys.platform.startswith(desktop.FREE_DESKTOPS), reason="other desktops' programs")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data of 100%"))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return tmp_path / "data of 100%"


def there(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exec_line(data: Path) -> str:
    rows = (data / "applications" / "weightscape.desktop").read_text().splitlines()
    return next(row.removeprefix("Exec=") for row in rows if row.startswith("Exec="))


def test_it_is_installed_twice_alike_and_removed_twice(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["desktop"]) == 0
    first = there(data)
    assert {str(path) for path in first} == set(capsys.readouterr().out.splitlines())
    assert {path.name for path in first} == {"weightscape.desktop", "weightscape.xml", "weightscape.png"}
    assert run(["desktop"]) == 0
    assert there(data) == first
    capsys.readouterr()
    assert run(["desktop", "--remove"]) == 0
    assert {str(path) for path in first} == set(capsys.readouterr().out.splitlines())
    assert there(data) == {}
    assert run(["desktop", "--remove"]) == 0
    assert capsys.readouterr().out == ""


def test_types_that_the_entry_lists_are_known_and_the_window_has_its_name(data: Path) -> None:
    assert run(["desktop"]) == 0
    own = {
        each.get("type")
        for each in ElementTree.fromstring((data / "mime" / "packages" / "weightscape.xml").read_text())
    }
    assert own == {desktop.SCENE.name, *(each.name for each in desktop.WEIGHTS)}
    assert own < set(desktop.OPENED)
    assert desktop.NAME == APP_ID


@pytest.mark.slow
@pytest.mark.parametrize("is_script", [True, False])
def test_the_entry_runs_this_very_program(data: Path, tmp_path: Path, is_script: bool) -> None:
    place = tmp_path / "a b"
    place.mkdir()
    script = place / "weightscape"
    script.write_text(f"#!{sys.executable}\nfrom weightscape.cli.cli import main\nmain()\n")
    script.chmod(0o755)
    command = ["./weightscape"] if is_script else [sys.executable, "-m", "weightscape"]
    done = ran(*command, "desktop", cwd=place)
    assert done.returncode == 0, done.stderr
    words = [str(script)] if is_script else [sys.executable, "-m", "weightscape"]
    assert exec_line(data) == f"{' '.join(f'{chr(34)}{word}{chr(34)}' for word in words)} %f"


def test_the_desktop_is_told_of_what_changed(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("update-desktop-database", "update-mime-database"):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\nprintf "%s %s\\n" {name} "$1" >> "{tmp_path}/told"\nexit 1\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    calls = {f"update-desktop-database {data}/applications", f"update-mime-database {data}/mime"}
    for words in (["desktop"], ["desktop", "--remove"]):
        (tmp_path / "told").write_text("")
        assert run(words) == 0
        assert set((tmp_path / "told").read_text().splitlines()) == calls


@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="update-mime-database is missing")
def test_the_types_are_found_by_the_desktops_own_database(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.defpath)
    assert run(["desktop"]) == 0
    globs = (data / "mime" / "globs2").read_text()
    assert "application/x-weightscape+json:*.weightscape.json" in globs
    assert run(["desktop", "--remove"]) == 0
    assert "weightscape" not in (data / "mime" / "globs2").read_text()


def test_what_cannot_be_written_is_told_in_one_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text("a file in the way")
    assert run(["desktop"]) == 1
    assert "weightscape: cannot make the folder" in capsys.readouterr().err


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_one_sentence_says_so(
    data: Path, platform: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for words in (["desktop"], ["desktop", "--remove"]):
        assert run(words) == 1
        assert "this is for desktops of Linux and BSD" in capsys.readouterr().err
    assert not data.exists()


def test_files_have_the_usual_permissions(data: Path) -> None:
    assert run(["desktop"]) == 0
    modes = {stat.S_IMODE(path.stat().st_mode) for path in there(data)}
    mask = os.umask(0)
    os.umask(mask)
    assert modes == {0o666 & ~mask}
