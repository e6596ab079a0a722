"""A film that grows: playable after any death, and in the end an ordinary film."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from weightscape.file.film_comment import read_comment
from weightscape.file.growing_film import growing_film, unfinished
from weightscape.file.whole_file import FileError

SIZE = (64, 48)
RATE = 30
# Frames that the encoder and the piece of the film that is not complete may hold back.
HELD_BACK = 60
GROWN = """
import sys, numpy as np
from weightscape.file.growing_film import growing_film
with growing_film(sys.argv[1], (64, 48), 30, "about it") as film:
    for k in range(150):
        film.write(np.full((48, 64, 3), k, np.uint8))
    print("written", flush=True)
    sys.stdin.read()
"""


def grey(k: int) -> np.ndarray:
    return np.full((SIZE[1], SIZE[0], 3), k, np.uint8)


def shades(path: Path | str) -> list[float]:
    with av.open(str(path)) as film:
        return [float(frame.to_ndarray(format="rgb24").mean()) for frame in film.decode(video=0)]


def test_after_a_kill_what_was_filmed_can_be_played(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    command = [sys.executable, "-c", GROWN, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    seen = shades(tmp_path / "a.unfinished.mp4")

    assert os.listdir(tmp_path) == ["a.unfinished.mp4"]
    assert 150 - HELD_BACK <= len(seen) <= 150
    assert np.allclose(seen, range(len(seen)), atol=4)
    assert read_comment(tmp_path / "a.unfinished.mp4", ".mp4") == "about it"


def test_in_the_end_it_is_an_ordinary_film_with_its_index_first(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with growing_film(path, SIZE, RATE, "about it") as film:
        for k in range(150):
            film.write(grey(k))
    raw = path.read_bytes()

    assert os.listdir(tmp_path) == ["a.mp4"]
    assert np.allclose(shades(path), range(150), atol=4)
    assert read_comment(path, ".mp4") == "about it"
    assert b"moof" not in raw
    assert raw.index(b"moov") < raw.index(b"mdat")
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert (stream.frames, stream.average_rate, film.start_time) == (150, RATE, 0)
        assert (stream.codec_context.color_range, stream.codec_context.colorspace) == (1, 1)
        film.seek(4_000_000)
        assert next(film.decode(stream)).time <= 4.0


@pytest.mark.parametrize("frames", [0, 150])
def test_a_fault_leaves_what_was_filmed_and_no_empty_file(tmp_path: Path, frames: int) -> None:
    def fail() -> None:
        with growing_film(tmp_path / "a.mp4", SIZE, RATE) as film:
            for k in range(frames):
                film.write(grey(k))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert os.listdir(tmp_path) == (["a.unfinished.mp4"] if frames else [])
    assert not frames or len(shades(tmp_path / "a.unfinished.mp4")) >= frames - HELD_BACK


def test_an_unfinished_film_is_never_written_over(tmp_path: Path) -> None:
    rest = Path(unfinished(tmp_path / "a.mp4"))
    rest.write_bytes(b"of another program")
    with pytest.raises(FileError, match="cannot write"), growing_film(tmp_path / "a.mp4", SIZE, RATE):
        pass
    assert rest.read_bytes() == b"of another program"


def test_a_disk_that_is_full_is_told_and_keeps_what_was_filmed(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="a system without limits for files")
    noise = np.random.default_rng(1).integers(0, 255, (150, SIZE[1], SIZE[0], 3), np.uint8)

    def fill() -> None:
        with growing_film(tmp_path / "a.mp4", SIZE, RATE) as film:
            for frame in noise:
                film.write(frame)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        with pytest.raises(FileError, match=r"cannot write .*a\.mp4: the file grows larger than is allowed here"):
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert os.listdir(tmp_path) == ["a.unfinished.mp4"]
    assert len(shades(tmp_path / "a.unfinished.mp4")) > 10
