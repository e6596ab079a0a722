"""A window follows its weights file: a new network is seen, those before are steps, a film has a frame of each."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from display import until
from program import Program, running
from training import WAYS, data, overwritten, replaced

from weightscape.explore.keep.history import Step
from weightscape.explore.keep.session import Lines, Session
from weightscape.picture.render import render
from weightscape.scene.scene import Scene

SIZE = (320, 240)
# Rows at the bottom that the status line, or a notice above it, may cover.
COVERED = 140
# A longer notice goes soon that lies over what is compared.
SOON = "from weightscape.explore import following\nfollowing.TOLD_S = 0.5\n"
Picture = npt.NDArray[np.uint8]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.npz"
    path.write_bytes(data(1))
    return path


@pytest.fixture
def program(request: pytest.FixtureRequest, tmp_path: Path, file: Path) -> Iterator[Program]:
    options = "--size", f"{SIZE[0]}x{SIZE[1]}", "--weights", str(file), "--watch"
    with running(tmp_path, *options, before=SOON, WEIGHTSCAPE_ENGINE=getattr(request, "param", "numpy")) as program:
        program.settled()
        yield program


def expected(folder: Path, number: int, **view: str | float) -> Picture:
    """Render a network as the window shows it above what is said there."""
    other = folder / f"expected-{number}.npz"
    other.write_bytes(data(number))
    return render(Scene(weights=str(other), **view), size=SIZE, engine="numpy")[:-COVERED]  # type: ignore[arg-type]


def sees(program: Program, picture: Picture) -> None:
    """Wait for a picture on the screen."""
    until(lambda: np.abs(program.pixels()[:-COVERED].astype(int) - picture).max() <= 1, "the picture")


def arrived(program: Program, number: int) -> dict[str, int]:
    return next(iter(until(lambda: [e for e in program.said("network") if e["number"] == number], f"network {number}")))


@pytest.mark.parametrize(
    "program",
    ["numpy", "fragment", *(pytest.param(name, marks=pytest.mark.long) for name in ("jit", "compute"))],
    indirect=True,
)
def test_each_new_network_is_seen_however_it_is_written_and_the_ones_before_are_steps(
    program: Program, file: Path, tmp_path: Path
) -> None:
    pictures = [expected(tmp_path, number) for number in range(1, len(WAYS) + 2)]
    assert min(np.abs(a.astype(int) - b).max() for n, a in enumerate(pictures) for b in pictures[:n]) > 20
    sees(program, pictures[0])
    for number, write in enumerate(WAYS, 2):
        write(file, data(number))
        assert arrived(program, number)["number"] == number
        sees(program, pictures[number - 1])
    # The file holds the last one alone; the others are in memory.
    for picture in pictures[-2::-1]:
        program.key("backspace")
        sees(program, picture)
    program.said_after("backspace", "this is the first picture")
    for picture in pictures[1:]:
        program.key("ctrl+y")
        sees(program, picture)
    assert program.said("fault") == []


def test_half_a_file_changes_nothing_and_is_told_once(program: Program, file: Path, tmp_path: Path) -> None:
    overwritten(file, data(2)[:300])
    program.told("the picture is of the network before")
    scene = program.asked_after("+")  # another view of the old network, which no file holds any more
    program.settled()
    sees(program, expected(tmp_path, 1, radius=scene.radius))
    overwritten(file, data(2))
    sees(program, expected(tmp_path, 2, radius=scene.radius))  # through the same view
    assert len([e for e in program.said("notice") if "network before" in e["text"]]) == 1
    assert program.said("fault") == []


def test_who_has_gone_back_stays_there_and_goes_on_to_the_new_ones(
    program: Program, file: Path, tmp_path: Path
) -> None:
    replaced(file, data(2))
    sees(program, expected(tmp_path, 2))
    program.key("backspace")
    sees(program, expected(tmp_path, 1))
    replaced(file, data(3))
    told = program.told("net.npz has a new network: Ctrl+Y goes on to it")
    replaced(file, data(4))
    arrived(program, 4)
    scene = program.asked_after("+")  # which cuts off what lay before us, but for the newest
    program.settled()
    sees(program, expected(tmp_path, 1, radius=scene.radius))
    program.key("ctrl+y")
    sees(program, expected(tmp_path, 4, radius=scene.radius))
    # Here the next one is seen at once again.
    replaced(file, data(5))
    sees(program, expected(tmp_path, 5, radius=scene.radius))
    assert len([e for e in program.said("notice") if e["text"] == told]) == 1


def test_a_network_of_other_shapes_is_seen_as_far_as_can_be(program: Program, file: Path) -> None:
    replaced(file, data(2, (2, 9, 9, 9, 4)))
    arrived(program, 2)
    program.asked_after("u")
    until(lambda: program.scene().lens == "unit", "the lens")
    layer = program.scene().layer
    assert layer > 1
    radius = program.asked_after("+").radius
    replaced(file, data(3, (2, 4)))
    told = program.told("net.npz has another network: ")
    assert f"layer: {layer} is not in 0..1" in told
    until(lambda: program.scene().layer == 0, "a layer that is there")
    assert (program.scene().lens, program.scene().radius) == ("unit", radius)
    asked = len(program.said("ask"))
    replaced(file, data(4, (5, 4, 3)))
    assert "inputs: 2 are listed, the network has 5" in program.told("net.npz has another network, which cannot be")
    replaced(file, data(5, (5, 4, 3)))  # of which nothing more is said
    arrived(program, 5)
    assert len([e for e in program.said("notice") if "cannot be seen so" in e["text"]]) == 1
    replaced(file, data(6))
    until(lambda: len(program.said("ask")) > asked, "the next network")
    assert arrived(program, 6)
    assert program.said("fault") == []


def test_a_film_of_the_training_has_a_frame_of_each_network(tmp_path: Path, file: Path) -> None:
    options = "--size", f"{SIZE[0]}x{SIZE[1]}", "--weights", str(file), "--watch", "--record"
    numbers = range(2, 7)
    with running(tmp_path, *options) as program:
        for number in numbers:
            arrived(program, number - 1) if number > 2 else program.settled()
            replaced(file, data(number))
        sees(program, expected(tmp_path, numbers[-1]))
        program.settled()
        assert program.left_by("ctrl+q") == 0
        assert program.process.stdout
        film = Path(program.process.stdout.readline().strip())
    with av.open(str(film)) as opened:
        frames = [frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)]
    assert len(frames) == 6
    for number, frame in enumerate(frames, 1):
        seen = np.abs(frame[:-COVERED].astype(int) - expected(tmp_path, number))
        assert seen.mean() < 4, number  # a film is no copy


def test_every_frame_of_a_training_has_all_that_lies_over_its_picture(tmp_path: Path, file: Path) -> None:
    places = np.random.default_rng(7).normal(size=(300, 2))
    (tmp_path / "data.csv").write_text("".join(f"{x:.3f},{y:.3f},{n % 3}\n" for n, (x, y) in enumerate(places)))
    over = {"points": str(tmp_path / "data.csv"), "contour": True, "lens": "winner"}
    options = "--points", str(tmp_path / "data.csv"), "--contour", "--lens", "winner", "--record", "--watch"
    with running(tmp_path, "--size", f"{SIZE[0]}x{SIZE[1]}", "--weights", str(file), *options) as program:
        for number in range(2, 4):
            arrived(program, number - 1) if number > 2 else program.settled()
            replaced(file, data(number))
        arrived(program, 3)
        (tmp_path / "last.npz").write_bytes(data(3))
        last = render(Scene(weights=str(tmp_path / "last.npz"), **over), size=SIZE, engine="numpy")  # type: ignore[arg-type]
        corner = slice(0, 100), slice(0, 120)  # beside the words
        until(lambda: (np.abs(program.pixels()[corner].astype(int) - last[corner]) > 9).mean() < 0.02, "the last one")
        program.settled()
        assert program.left_by("ctrl+q") == 0
        assert program.process.stdout
        film = Path(program.process.stdout.readline().strip())
    with av.open(str(film)) as opened:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in opened.decode(video=0)]
    assert len(frames) == 3
    for number, frame in enumerate(frames, 1):
        other = str(tmp_path / f"other-{number}.npz")
        Path(other).write_bytes(data(number))
        whole = render(Scene(weights=other, **over), size=SIZE, engine="numpy").astype(int)  # type: ignore[arg-type]
        for part in ({"contour": False}, {"points": ""}):
            without = render(Scene(weights=other, **over | part), size=SIZE, engine="numpy")  # type: ignore[arg-type]
            there = np.abs(whole - without).max(-1) > 100
            there[-40:] = False  # where the status line keeps names away
            assert there.sum() > 50
            miss, bare = (np.abs(frame - each)[there].mean() for each in (whole, without))
            assert miss < 0.5 * bare, (number, part)


def test_a_file_that_was_left_is_followed_again(tmp_path: Path, file: Path) -> None:
    with running(tmp_path, "--size", f"{SIZE[0]}x{SIZE[1]}", str(file)) as program:
        sees(program, expected(tmp_path, 1))
        program.asked_after("backspace")
        replaced(file, data(2))
        program.key("ctrl+y")
        sees(program, expected(tmp_path, 2))
        program.key("backspace")
        sees(program, expected(tmp_path, 1))


def test_a_session_whose_file_cannot_be_read_begins_once_it_can(tmp_path: Path, file: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    left = Session((Step(Scene(weights=str(file))),), 0, (0, 0, *SIZE))
    (kept / "session.json").write_text(Lines().text(left))
    overwritten(file, data(1)[:300])
    with running(tmp_path, is_bare=True, first="ask", WEIGHTSCAPE_STATE_DIR=str(kept)) as program:
        program.told(f"cannot read {file}")
        overwritten(file, data(2))
        sees(program, expected(tmp_path, 2))
        assert program.said("fault") == []
