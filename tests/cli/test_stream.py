"""Every command works with any standard stream closed, and an output that cannot be written is one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from patience import ran
from PIL import Image

from weightscape import __version__

pytestmark = pytest.mark.skipif(os.name != "posix", reason="streams are closed by a shell")
COMMANDS = {
    "--help": "",
    "--version": "",
    "info": "",
    "explain": "",
    "frob": "",
    "render -o": "",
    "explore --size 16x16": "",
    "render --size 16x16 -o a.png": "a.png",
    "render --size 16x16 --relative -o a.npy": "a.npy",
    "animate --size 16x16 --seconds 0.1 --fps 20 --vary radius=1:2 -o a.gif": "a.gif",
    "figures 18 --size 16 -o f": "f/fig18.png",
    "export -o a.npz": "a.npz",
    "export -o a.safetensors": "a.safetensors",
    "export -o a.json": "a.json",
    "export -o a.glsl": "a.glsl",
    "show digits.png": "",
}
STATUS = {"frob": 2, "render -o": 2}
EVERY = "0<&- 1>&- 2>&-"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def shell(words: str, redirections: str) -> subprocess.CompletedProcess[str]:
    """Run the program by a shell, which can close its streams; what is left of them is caught."""
    command = f"{sys.executable} -m weightscape {words} {redirections}"
    return ran("sh", "-c", command)


def read(path: str) -> None:
    """Fail unless a file is what its name says."""
    data = Path(path).read_bytes()
    assert data
    assert b"engine: " not in data
    if path.endswith((".png", ".gif")):
        with Image.open(path) as image:
            image.load()


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_works_with_all_streams_closed(words: str) -> None:
    if words.startswith("show"):
        assert shell("render --size 16x16 -o digits.png", "").returncode == 0
    done = shell(words, EVERY)
    assert (done.returncode, done.stdout, done.stderr) == (STATUS.get(words, 0), "", "")
    if COMMANDS[words]:
        read(COMMANDS[words])


@pytest.mark.parametrize("closed", EVERY.split())
def test_a_picture_is_whole_with_any_stream_closed(closed: str) -> None:
    done = shell("render --size 16x16 -o a.png", closed)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert done.stdout == ("" if closed.startswith("1") else "a.png\n")
    read("a.png")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("words", ["--help", "explain", "render --size 16x16 -o a.png"])
def test_a_stdout_without_room_is_one_line(words: str, buffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", buffered)
    done = shell(words, "> /dev/full")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "weightscape: cannot write to stdout: No space left on device"
    assert len(done.stderr.splitlines()) == 1 + words.startswith("render")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize(("words", "status"), [("render --size 16x16 -o a.png", 0), ("--frob", 2)])
def test_a_stderr_without_room_stops_nothing(words: str, status: int) -> None:
    done = shell(words, "2> /dev/full")
    assert (done.returncode, done.stdout) == (status, "" if status else "a.png\n")


def test_an_output_that_is_none_is_told() -> None:
    done = shell("--version", "1< /dev/null")
    assert (done.returncode, done.stderr) == (1, "weightscape: cannot write to stdout: Bad file descriptor\n")
    assert shell("--version", "").stdout == f"weightscape {__version__}\n"
