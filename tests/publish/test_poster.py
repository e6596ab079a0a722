"""Posters: finished bands outlive the program, and the file has the bytes of a run that nothing interrupted."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spirals
from patience import ended, ran, started, until
from PIL import Image

import weightscape
from weightscape.cli.cli import run
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import EngineError
from weightscape.file.band_folder import kept_about
from weightscape.file.whole_file import FileError
from weightscape.picture import span
from weightscape.publish import poster
from weightscape.publish.keeping import going_on, kept_words
from weightscape.scene.scene import Scene

# All pictures are posters, of low bands, in this process and in those that a test kills.
LOW = {"KEPT_WORK": 0.0, "BAND_BYTES": 1 << 12}
CHILD = """
from weightscape.picture import span
from weightscape.publish import poster
span.BAND_POINTS, poster.KEPT_WORK, poster.BAND_BYTES = 1 << 11, 0.0, 1 << 12
from weightscape.cli.cli import main
main()
"""
# Of 62 bands.
LARGE_CHILD = CHILD.replace("1 << 11", "1 << 18").replace("1 << 12", "1 << 20")
# Of 900 samples a picture takes minutes.
SLOW = ("--samples", "900", "-o", "a.png")
WEIGHTS = ("render", "--engine", "numpy", "--weights", "net.npz", "--size", "200x120", "-o", "a.png")
SMALL = ("render", "--engine", "numpy", "--layers", "4", "--width", "8", "--samples", "4", "--size", "200x120")
COUNT, BANDS = 12, "a.png.part"
GO_ON = f"are kept in {BANDS}: the same command goes on, --fresh starts anew"
KILLS, LONG_KILLS = 3, 100


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with low bands."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("WEIGHTSCAPE_CONFIG", "WEIGHTSCAPE_GPU"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(span, "BAND_POINTS", 1 << 11)
    for name, value in LOW.items():
        monkeypatch.setattr(poster, name, value)
    return tmp_path


def test_what_lies_over_a_poster_goes_on_over_the_edges_of_its_bands(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points on the very edges, the contour and the axes are those of the picture that is made at once."""
    net, _ = spirals.written(place)
    rows = [f"{-2 + 4 * k / 40!r},{2.6 * (60 - 10 * k % 120) / 60!r},{k % 2}" for k in range(41)]
    Path("edges.csv").write_text("\n".join(rows))
    scene = Scene(weights=net, points="edges.csv", axes=True, contour=True, lens="unit")
    over = ("--points", "edges.csv", "--axes", "--contour", "--lens", "unit", "--size", "200x120")
    command = ("render", "--engine", "numpy", "--weights", net, *over, "-o", "a.png")
    with monkeypatch.context() as patch:
        Stop(patch, 10, KeyboardInterrupt())
        assert run(command) == 130
    assert 0 < count() < COUNT
    assert run(command) == 0
    with monkeypatch.context() as patch:
        patch.setattr(span, "BAND_POINTS", 1 << 20)
        whole, bare = (
            weightscape.render(each, size=(200, 120), engine="numpy")
            for each in (scene, replace(scene, points="", axes=False, contour=False))
        )
    with Image.open("a.png") as made:
        assert np.array_equal(np.asarray(made.convert("RGB")), whole)
    touched = (whole != bare).any(-1).any(-1)
    assert touched.sum() > 100  # of 120 rows, the edges of 12 bands among them


@pytest.fixture
def expected(place: Path) -> bytes:
    """The bytes of a picture that nothing has interrupted."""
    assert run([*SMALL, "-o", "whole.png"]) == 0
    data = Path("whole.png").read_bytes()
    Path("whole.png").unlink()
    return data


class Stop:
    """An engine whose answers, after so many, are another thing; each counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int, fault: BaseException) -> None:
        self.asked, self.after = 0, after
        answer = NumpyEngine.field

        def field(engine: NumpyEngine, *args: Any) -> Any:
            self.asked += 1
            if self.asked > self.after:
                raise fault
            return answer(engine, *args)

        monkeypatch.setattr(NumpyEngine, "field", field)


def begun(monkeypatch: pytest.MonkeyPatch, bands: int = 5) -> None:
    """Make so many bands, and stop."""
    with monkeypatch.context() as patch:
        Stop(patch, 4 * bands, KeyboardInterrupt())
        assert render() == 130
    assert count() == bands


def count() -> int:
    with suppress(FileNotFoundError):  # it goes at the end
        return sum(name.endswith(".band") for name in os.listdir(BANDS))
    return 0


def render(*more: str) -> int:
    return run([*SMALL, *more, "-o", "a.png"])


def test_it_goes_on_and_makes_the_very_file(
    expected: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(monkeypatch)
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"weightscape: {COUNT} bands are kept in {BANDS} until the picture is whole; that takes")
    assert said[-1] == f"weightscape: stopped; 5 of {COUNT} bands {GO_ON}"
    assert not Path("a.png").exists()
    counted = Stop(monkeypatch, 1000, KeyboardInterrupt())
    assert render() == 0
    assert counted.asked == 4 * (COUNT - 5)
    assert Path("a.png").read_bytes() == expected
    assert os.listdir() == ["a.png"]
    assert f"goes on with 5 of {COUNT} bands of {BANDS}" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", pytest.param("SIGHUP", marks=pytest.mark.long)])
def test_a_polite_kill_keeps_the_bands_and_says_how_to_go_on(expected: bytes, name: str) -> None:
    with started(sys.executable, "-c", CHILD, *SMALL, *SLOW, stderr=subprocess.PIPE) as child:
        until(count, "a band")
        child.send_signal(getattr(signal, name))
        status, _, said = ended(child)
    assert status == 130
    assert said.splitlines()[-1].endswith(f"of {COUNT} bands {GO_ON}")
    assert sorted(os.listdir()) == [BANDS]
    assert not [name for name in os.listdir(BANDS) if name.startswith(".")]


def survive(kills: int, program: str, words: tuple[str, ...]) -> int:
    """Kill a program so many times, at whatever it does, and let it end; tell how often it was killed."""
    chance, killed = random.Random(16), 0
    while True:
        before = count()
        with started(sys.executable, "-c", program, *words, "-o", "a.png", stderr=subprocess.PIPE) as child:
            if killed == kills:
                assert ended(child)[0] == 0
                return killed
            wanted = before + chance.randrange(2)
            until(lambda: count() >= wanted or Path("a.png").exists(), "a band")  # noqa: B023
            for _ in range(chance.randrange(2000)):
                count()  # somewhere within the next band
            child.kill()
            ended(child)
            killed += 1
        assert count() >= before or Path("a.png").exists()  # nothing that was whole is lost


@pytest.mark.slow
def test_kills_lose_a_band_at_the_most(expected: bytes) -> None:
    assert survive(KILLS, CHILD, SMALL) == KILLS
    assert Path("a.png").read_bytes() == expected
    assert [name for name in os.listdir() if not name.startswith(".")] == ["a.png"]  # the rest is swept later


@pytest.mark.long
def test_a_hundred_kills_of_a_large_picture(place: Path) -> None:
    words = (*SMALL, "--samples", "16", "--size", "4000x4000")
    assert ran(sys.executable, "-c", LARGE_CHILD, *words, "-o", "whole.png").returncode == 0
    assert survive(LONG_KILLS, LARGE_CHILD, words) == LONG_KILLS
    assert Path("a.png").read_bytes() == Path("whole.png").read_bytes()


@pytest.mark.parametrize("change", ["cut", "altered", "gone"])
def test_a_band_that_is_not_whole_is_made_again(expected: bytes, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(monkeypatch)
    band = sorted(Path(BANDS).glob("*.band"))[2]
    data = bytearray(band.read_bytes())
    data[500] ^= 4
    band.write_bytes(data if change == "altered" else data[:-40])
    if change == "gone":
        band.unlink()
    counted = Stop(monkeypatch, 1000, KeyboardInterrupt())
    assert render() == 0
    assert counted.asked == 4 * (COUNT - 4)
    assert Path("a.png").read_bytes() == expected


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("--seed 44", "seed 43, not 44"),
        ("--precision double", 'method ["single"], not ["double"]'),
        ("--samples 5", "samples 4, not 5"),
        ("--size 200x121", "size 200x120, not 200x121"),
        ("--radius 2.7", "radius 2.6, not 2.7"),
        ("--engine jit", 'engine ["numpy"], not ["jit"]'),
    ],
)
def test_bands_of_another_picture_are_refused_and_stay(
    more: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(monkeypatch)
    capsys.readouterr()
    assert render(*more.split()) == 1
    line = f"weightscape: {BANDS} holds other bands, {said}: --fresh starts anew\n"
    assert capsys.readouterr().err == line
    assert count() == 5
    assert sorted(os.listdir()) == [BANDS]
    assert render(*more.split(), "--fresh") == 0
    assert os.listdir() == ["a.png"]


def test_weights_that_have_changed_are_another_picture(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", "--layers", "4", "--width", "8", "-o", "net.npz"]) == 0
    with monkeypatch.context() as patch:
        Stop(patch, 5, KeyboardInterrupt())
        assert run(WEIGHTS) == 130
    assert run(["export", "--layers", "4", "--width", "8", "--seed", "44", "-o", "net.npz"]) == 0
    capsys.readouterr()
    assert run(WEIGHTS) == 1
    assert f"{BANDS} holds other bands, net.npz " in capsys.readouterr().err
    assert count() == 5


def test_auto_takes_the_engine_that_began(
    expected: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(monkeypatch)
    capsys.readouterr()
    assert render("--engine", "auto") == 0
    assert capsys.readouterr().err.startswith("engine: numpy (it made the bands that are kept)\n")
    assert Path("a.png").read_bytes() == expected


def test_an_engine_that_takes_over_half_way_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted, answer = 0, NumpyEngine.field

    def field(engine: NumpyEngine, *args: Any) -> Any:
        nonlocal counted
        counted += 1
        if counted > 12:
            engine.arithmetic = "other sums"
        return answer(engine, *args)

    monkeypatch.setattr(NumpyEngine, "field", field)
    assert render() == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "another engine has begun to answer" in said
    assert said.endswith(GO_ON)
    assert count() == 3


def test_want_of_room_is_told_before_any_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100_000))
    counted = Stop(monkeypatch, 0, KeyboardInterrupt())
    assert render() == 1
    said = "cannot write a.png: with its bands it takes up to 144 kB, and 100 kB are free"
    assert capsys.readouterr().err == f"weightscape: {said}\n"
    assert counted.asked == 0
    assert os.listdir() == []


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize(("limit", "kept"), [(9_000, COUNT), (4_000, 0)])
def test_a_full_disk_loses_nothing(expected: bytes, limit: int, kept: int) -> None:
    assert len(expected) > 9_000
    done = ran(sys.executable, "-c", FULL.format(limit) + CHILD, *SMALL, "-o", "a.png")
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert "the file grows larger than is allowed here" in said
    assert said.endswith(GO_ON) == bool(kept)
    assert count() == kept
    assert render() == 0
    assert Path("a.png").read_bytes() == expected


@pytest.mark.slow
def test_a_second_program_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with started(sys.executable, "-c", CHILD, *SMALL, *SLOW, stderr=subprocess.PIPE) as child:
        until(count, "a band")
        for more in ([], ["--fresh"]):
            done = ran(sys.executable, "-c", CHILD, *SMALL, *SLOW, *more)
            assert (done.returncode, done.stderr.count("\n")) == (1, 1)
            assert f"a.png is being made by another program: {BANDS} is locked" in done.stderr
        child.kill()
        ended(child)
    assert kept_about("a.png")[0]["samples"] == 900


def test_small_pictures_and_drawings_keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poster, "KEPT_WORK", 2e12)
    monkeypatch.setattr(poster, "opened_bands", None)
    assert render() == 0
    monkeypatch.setattr(poster, "KEPT_WORK", 0.0)
    assert render("--lens", "winner") == 0
    assert os.listdir() == ["a.png"]


def test_the_python_door_and_captures_keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from weightscape.publish.still import Still

    assert not Still().keeps


def test_what_ends_early_says_how_to_go_on() -> None:
    told = kept_words(3, 9, "frames", "f")
    for fault in (FileError("no"), EngineError("no")):
        with pytest.raises(type(fault), match=r"^no; 3 of 9 frames are kept in f: the"), going_on(lambda: told):
            raise fault
        with pytest.raises(type(fault), match=r"^no$"), going_on(lambda: kept_words(0, 9, "frames", "f")):
            raise fault
    with pytest.raises(KeyboardInterrupt) as caught, going_on(lambda: ""):
        raise KeyboardInterrupt
    assert str(caught.value) == ""


@pytest.mark.parametrize(
    ("many", "said"), [(999, "999 bytes"), (1500, "1.5 kB"), (6.44e9, "6.4 GB"), (69e9, "69 GB"), (5e13, "50000 GB")]
)
def test_bytes_are_told_in_few_digits(many: float, said: str) -> None:
    assert poster.told_bytes(many) == said


def test_a_pipe_keeps_nothing(expected: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    done = ran(sys.executable, "-c", CHILD, *SMALL, "--no-scene", "-o", "-", "--format", "png", text=False)
    assert done.returncode == 0
    assert render("--no-scene") == 0
    assert done.stdout == Path("a.png").read_bytes()
    assert os.listdir() == ["a.png"]
