"""Posters and films by a real scheduler and workers in processes of their own: the bytes are those of a local run."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster_room import BAND_POINTS, Room, opened_room
from patience import ended, ran, started, until

from weightscape.cli.cli import run
from weightscape.cluster import connection, crew
from weightscape.picture import span
from weightscape.publish import poster

BAND_BYTES = 1 << 12
CHILD = f"""
from weightscape.picture import span
from weightscape.publish import poster
span.BAND_POINTS, poster.BAND_BYTES = {BAND_POINTS}, {BAND_BYTES}
from weightscape.cli.cli import main
if __name__ == "__main__":
    main()
"""
# A worker that makes one piece, says so in a file, and holds the next for ever; one of another version.
HOLDS = """
import threading
from weightscape.cluster import worker
make, count = worker.made, iter(range(9))
def made(job, piece):
    if next(count) < 1:
        return make(job, piece)
    open("held", "w").close()
    threading.Event().wait()
made.__module__, made.__qualname__ = make.__module__, make.__qualname__
worker.made = made
"""
OLDER = "import numpy; numpy.__version__ = '2.3.9'"
NETWORK = ("--layers", "4", "--width", "8", "--engine", "numpy")
SMALL = ("render", *NETWORK, "--samples", "4", "--size", "200x120")
FILM = ("animate", *NETWORK, "--vary", "scale=0.4:0.8", "--seconds", "0.4", "--fps", "20", "--size", "64x48")
COUNT, BANDS, FRAMES = 12, "a.png.part", 8


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with low bands."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("WEIGHTSCAPE_CONFIG", "WEIGHTSCAPE_GPU"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(span, "BAND_POINTS", BAND_POINTS)
    monkeypatch.setattr(poster, "BAND_BYTES", BAND_BYTES)
    return tmp_path


@pytest.fixture(scope="module")
def crowd() -> Iterator[Room]:
    """A scheduler with two workers, for the tests that harm neither."""
    with opened_room() as room:
        room.worker()
        room.worker()
        yield room


def whole(*words: str) -> bytes:
    """Make a picture here."""
    assert run([*words, "-o", "whole.png"]) == 0
    data = Path("whole.png").read_bytes()
    Path("whole.png").unlink()
    return data


def bands() -> int:
    with_bands = os.path.isdir(BANDS)
    return sum(name.endswith(".band") for name in os.listdir(BANDS)) if with_bands else 0


def test_a_worker_is_killed_on_the_way_and_others_join() -> None:
    expected, log = whole(*SMALL), Path("log")
    with opened_room() as room, log.open("w") as heard:
        holding, _ = room.worker(HOLDS), room.worker()
        words = (*SMALL, "--cluster", room.address, "-o", "a.png")
        with started(sys.executable, "-c", CHILD, *words, stderr=heard) as child:
            until(Path("held").exists, "a piece that is held")
            older, _ = room.worker(OLDER), room.worker()
            until(lambda: older.address in log.read_text(), "a word of the older one")
            holding.process.kill()
            status, _, _ = ended(child)
    said = log.read_text().splitlines()
    assert status == 0, said
    assert Path("a.png").read_bytes() == expected
    assert sorted(os.listdir()) == ["a.png", "held", "log"]
    assert said[1].startswith("weightscape: the cluster's dashboard: http://127.0.0.1:")
    assert said[2].startswith(f"weightscape: worker {older.address} differs: NumPy 2.3.9, not 2.")


def test_a_stop_keeps_what_has_come_and_a_local_run_goes_on() -> None:
    expected = whole(*SMALL)
    with opened_room() as room:
        room.worker(HOLDS.replace("< 1", "< 5"))
        words = (*SMALL, "--cluster", room.address, "-o", "a.png")
        with started(sys.executable, "-c", CHILD, *words, stderr=subprocess.PIPE) as child:
            until(lambda: bands() == 5, "bands")
            child.send_signal(signal.SIGINT)
            status, _, said = ended(child)
    assert status == 130
    kept = f"5 of {COUNT} bands are kept in {BANDS}"
    assert said.splitlines()[-1] == f"weightscape: stopped; {kept}: the same command goes on, --fresh starts anew"
    assert run([*SMALL, "-o", "a.png"]) == 0
    assert Path("a.png").read_bytes() == expected


def test_whoever_differs_is_left_out_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = whole(*SMALL)
    with opened_room() as room:
        older = room.worker(OLDER)
        assert run([*SMALL, "--cluster", room.address, "-o", "a.png"]) == 1
        said = capsys.readouterr().err.splitlines()
        assert said[-2].startswith(f"weightscape: worker {older.address} differs: NumPy 2.3.9, not 2.")
        assert said[-2].endswith(": left out")
        assert said[-1] == "weightscape: no worker is left that computes as this machine does"
        assert os.listdir() == []
        room.worker()
        assert run([*SMALL, "--cluster", room.address, "-o", "a.png"]) == 0
        assert f"worker {older.address} differs" in capsys.readouterr().err
    assert Path("a.png").read_bytes() == expected


def test_want_of_workers_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(crew, "NOBODY_S", 0.0)
    with opened_room() as room:
        assert run([*SMALL, "--cluster", room.address, "-o", "a.png"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "weightscape: the cluster has no worker"


def test_a_scheduler_that_is_not_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection, "REACH_S", 1)
    assert run([*SMALL, "--cluster", "tcp://127.0.0.1:1", "-o", "a.png"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("weightscape: cannot reach a Dask scheduler at tcp://127.0.0.1:1: ")
    assert len(said) == 2  # the other tells of the disk
    assert os.listdir() == []


@pytest.mark.slow
def test_a_scheduler_that_wants_certificates_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    done = ran(sys.executable, "-m", "weightscape", *SMALL, "--cluster", "tls://127.0.0.1:1", "-o", "a.png")
    assert done.returncode == 1
    assert "tls://127.0.0.1:1 needs certificates" in done.stderr
    assert "Traceback" not in done.stderr


def test_weights_travel_and_a_worker_needs_no_file(crowd: Room) -> None:
    assert run(["export", "--layers", "4", "--width", "8", "-o", "net.npz"]) == 0
    words = ("render", "--engine", "numpy", "--weights", "net.npz", "--size", "200x120")
    expected = whole(*words)
    assert run([*words, "--cluster", crowd.address, "-o", "a.png"]) == 0
    assert Path("a.png").read_bytes() == expected


def test_frames_are_those_of_a_local_run(crowd: Room) -> None:
    assert run([*FILM, "-o", "here"]) == 0
    assert run([*FILM, "--cluster", crowd.address, "-o", "there"]) == 0
    here, there = ({path.name: path.read_bytes() for path in Path(name).iterdir()} for name in ("here", "there"))
    assert len(here) == FRAMES
    # A frame names nothing of the folder it lies in.
    assert there == here
    Path("there/000003.png").unlink()
    assert run([*FILM, "--cluster", crowd.address, "-o", "there"]) == 0
    assert Path("there/000003.png").read_bytes() == here["000003.png"]


@pytest.mark.parametrize("kind", ["gif", "mp4", pytest.param("webm", marks=pytest.mark.long)])
def test_a_film_is_that_of_a_local_run(crowd: Room, kind: str) -> None:
    assert run([*FILM, "-o", f"here.{kind}"]) == 0
    assert run([*FILM, "--cluster", crowd.address, "-o", f"there.{kind}"]) == 0
    assert Path(f"there.{kind}").read_bytes() == Path(f"here.{kind}").read_bytes()


@pytest.mark.slow
def test_workers_of_this_machine_are_started_and_ended() -> None:
    expected = whole(*SMALL)
    done = ran(sys.executable, "-m", "weightscape", *SMALL, "--cluster", "local:2", "-o", "a.png")
    assert (done.returncode, done.stderr.count("\n")) == (0, 2), done.stderr
    assert Path("a.png").read_bytes() == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lens", "height", "-o", "a.png"], "a cluster makes bands, and the lens height is drawn as a whole"),
        (["--lens", "role", "-o", "a.png"], "a cluster makes bands, and the lens role is drawn as a whole"),
        (["--beside", '{"lens": "role"}', "-o", "a.png"], "the lens role is drawn as a whole"),
        (["-o", "a.npy"], "--cluster: is for pictures in files; their bands are kept beside them"),
    ],
)
def test_what_has_no_bands_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SMALL, "--cluster", "local:1", *words]) != 0
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--points", "a.csv"], ["--beside", '{"points": "a.csv"}']])
def test_points_stay_here(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text("0,0,1\n")
    assert run([*SMALL, "--cluster", "local:1", *words, "-o", "a.png"]) == 1
    assert "a cluster makes no picture with points" in capsys.readouterr().err


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run([*SMALL, "--cluster", "local:1", "-o", "a.png"]) == 1
    assert "a cluster needs Dask: pip install 'weightscape[cluster]'" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    "text", ["local:0", "local:", "local:1000", "127.0.0.1:8786", "tcp://", "tcp://a b", "tcp://a", "http://a:1"]
)
def test_what_is_no_cluster_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SMALL, "--cluster", text, "-o", "a.png"]) == 2
    assert f"--cluster: {text!r} is neither a scheduler, tcp://ADDRESS:PORT, nor local:N" in capsys.readouterr().err
