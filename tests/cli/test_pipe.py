"""Results on stdout: the bytes of the file, and nothing else there; a terminal is refused, a broken pipe quiet."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import av
import numpy as np
import pytest
from patience import ran
from PIL import Image

from weightscape.cli.cli import run
from weightscape.file.weights import read_weights

STILL = ("render", "--size", "24x16", "--layers", "3")
FILM = ("animate", "--size", "64x64", "--layers", "3", "--vary", "radius=1:2", "--seconds", "0.5", "--fps", "10")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def piped(capsysbinary: pytest.CaptureFixture[bytes], *args: str) -> bytes:
    """Run in this process, and give what came on stdout."""
    assert run(args) == 0
    return bytes(capsysbinary.readouterr().out)


def filed(capsysbinary: pytest.CaptureFixture[bytes], name: str, *args: str) -> bytes:
    """Run in this process into a file, and give what that holds."""
    assert run((*args, "-o", name)) == 0
    capsysbinary.readouterr()
    return Path(name).read_bytes()


@pytest.mark.parametrize("form", ["png", "npy"])
def test_a_still_is_the_same_in_a_pipe_as_in_a_file(form: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert piped(capsysbinary, *STILL, "-o", "-", "--format", form) == filed(capsysbinary, f"a.{form}", *STILL)
    assert os.listdir() == [f"a.{form}"]


def test_the_centre_of_relative_outputs_goes_to_stderr(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run((*STILL, "--relative", "--engine", "numpy", "-o", "-", "--format", "npy")) == 0
    out, err = capsysbinary.readouterr()
    assert np.load(io.BytesIO(out)).shape == (16, 24, 3)
    assert len(err.split()) == 3


@pytest.mark.parametrize("form", ["mp4", "webm", "gif", "apng"])
def test_a_film_in_a_pipe_can_be_played_and_keeps_its_scene(
    form: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = piped(capsysbinary, *FILM, "-o", "-", "--format", form)
    assert os.listdir() == []
    with av.open(io.BytesIO(data)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5
    Path("film").write_bytes(data)
    if form in ("gif", "apng"):
        with Image.open("film") as image:
            assert getattr(image, "n_frames") == 5  # noqa: B009
    assert run(["show", "film"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["layers"] == 3


def test_a_film_in_a_pipe_may_tell_no_scene(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for form in ("gif", "apng", "mp4"):
        Path("film").write_bytes(piped(capsysbinary, *FILM, "--no-scene", "-o", "-", "--format", form))
        assert run(["show", "film"]) == 1
        assert b"carries no scene" in capsysbinary.readouterr().err


@pytest.mark.slow
def test_exports_and_the_gallery_go_into_a_pipe(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert json.loads(piped(capsysbinary, "export", "--seed", "5", "-o", "-", "--format", "json"))["seed"] == 5
    Path("net").write_bytes(piped(capsysbinary, "export", "--layers", "3", "-o", "-", "--format", "npz"))
    assert len(read_weights("net")[0]) == 3
    Path("net").write_bytes(piped(capsysbinary, "export", "--layers", "3", "-o", "-", "--format", "safetensors"))
    assert len(read_weights("net")[0]) == 3
    shader = piped(capsysbinary, "export", "--layers", "3", "-o", "-", "--format", "glsl")
    assert b"void mainImage(" in shader
    with Image.open(
        io.BytesIO(piped(capsysbinary, "gallery", "--size", "16x16", "--samples", "1", "-o", "-"))
    ) as sheet:
        assert sheet.width > 6 * 16


def test_a_format_names_what_a_name_does_not(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert piped(capsysbinary, *STILL, "-o", "picture", "--format", "png") == b"picture\n"
    assert piped(capsysbinary, *STILL, "-o", "a.png", "--format", "png") == b"a.png\n"
    assert piped(capsysbinary, *FILM, "-o", "film", "--format", "gif") == b"film\nfilm.json\n"
    assert piped(capsysbinary, *FILM, "-o", "b.apng", "--format", "apng") == b"b.apng\nb.apng.json\n"
    assert piped(capsysbinary, *STILL, "-o", "./-", "--format", "npy") == b"./-\n"
    for name, mark in {
        "picture": b"\x89PNG",
        "a.png": b"\x89PNG",
        "film": b"GIF8",
        "b.apng": b"\x89PNG",
        "-": b"\x93NUM",
    }.items():
        assert Path(name).read_bytes()[:4] == mark


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("render -o -", "-o -: --format tells what to write: png, npy"),
        ("animate --vary radius=1:2 -o -", "-o -: --format tells what to write: mp4, webm, gif, apng, png"),
        ("render -o - --format bmp", "--format: 'bmp' is not one of png, npy"),
        ("render -o a.npy --format png", "--format: png is not the format of a name that ends in .npy"),
        ("animate --vary radius=1:2 -o a.mp4 --format apng", "--format: apng is not the format of a name that ends"),
        ("animate --vary radius=1:2 --size 1x1 -o - --format mp4", "--size: 1x1 is too small for .mp4"),
        ("animate --vary radius=1:2 --fps 100 -o - --format gif", "--fps: 100 is not in 1..50 frames a second"),
        ("render --relative -o - --format png", "--relative: is for raw outputs"),
    ],
)
def test_what_cannot_be_is_one_line(words: str, said: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(words.split()) == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert err.decode().startswith(f"weightscape: {said}")
    assert err.count(b"\n") == 1


@pytest.fixture
def terminal() -> Iterator[int]:
    """Open a terminal of which nobody reads."""
    ends = os.openpty()
    yield ends[1]
    for end in ends:
        os.close(end)


def program(stdout: int | IO[bytes], *args: str) -> subprocess.CompletedProcess[str]:
    """Run the real program with its stdout led elsewhere."""
    words = (sys.executable, "-m", "weightscape", *args)
    return ran(*words, capture_output=False, stdout=stdout, stderr=subprocess.PIPE)


@pytest.mark.skipif(os.name != "posix", reason="a terminal of one's own is opened by POSIX")
def test_no_picture_goes_to_a_terminal(terminal: int) -> None:
    done = program(terminal, *STILL, "-o", "-", "--format", "png")
    assert done.returncode == 2
    assert done.stderr.startswith("weightscape: -o -: stdout is a terminal")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="a pipe ends in another way elsewhere")
@pytest.mark.parametrize("words", [(*STILL, "-o", "-", "--format", "png"), (*FILM, "-o", "-", "--format", "mp4")])
def test_a_reader_that_goes_away_is_no_fault(words: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = program(closed, *words, "--engine", "numpy")
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
def test_a_pipe_without_room_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = program(full, *STILL, "--engine", "numpy", "-o", "-", "--format", "png")
    assert done.returncode == 1
    assert done.stderr == "weightscape: cannot write to stdout: No space left on device\n"


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="a system without /dev/stdout")
def test_a_redirected_stdout_goes_on_where_it_stood() -> None:
    with open("all", "wb") as file:
        for output in ("-", "-"):
            assert program(file, *STILL, "-o", output, "--format", "png").returncode == 0
    data = Path("all").read_bytes()
    assert data[: len(data) // 2] == data[len(data) // 2 :]
    done = ran("sh", "-c", f"{sys.executable} -m weightscape {' '.join(STILL)} -o /dev/stdout --format png | wc -c")
    assert int(done.stdout.split()[0]) > len(data) // 2 - 1
