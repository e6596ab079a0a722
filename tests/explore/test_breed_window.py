"""Breeding as a person does it: F5, the mouse, keys, and the way back."""

import json
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from program import Program, running

from weightscape import render
from weightscape.file.png import KEYWORD, read_text
from weightscape.lens.litter import LEAST_GAP_PX, MIDDLE
from weightscape.scene.breed import START, WILDNESS, network_of, point_of, turn_between
from weightscape.scene.scene import Scene, from_mapping, from_text

OPTIONS = ("--size", "480x330", "--layers", "3", "--width", "6", "--independent")
FIRST = Scene(layers=3, width=6, tied=False)
# Beyond rounding of parts to nine places.
DEGREES = 1e-3
# Of a picture's edge, under its frame.
FRAME_PX = 4
WIDE = (480 - 2 * LEAST_GAP_PX) // 3
# Of 255, in the mean: more than a film's coding changes.
CODED = 4
Picture = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("breed"), *OPTIONS) as program:
        yield program


@pytest.fixture
def nine(program: Program) -> Program:
    """Go to the first scene and breed it."""
    away(program)
    if members(program):
        program.key("escape")
    until(lambda: not members(program), "one picture")
    while program.scene() != FIRST:
        program.asked_after("backspace")
    begin(program)
    return program


def begin(program: Program) -> None:
    """Breed, and wait until the nine stand above what is said of them."""
    program.key("f5")
    until(lambda: members(program), "nine pictures")
    program.settled()


def members(program: Program) -> list[Scene]:
    """Read the nine scenes that are seen, none where one is."""
    return [from_text(text) for text in program.said("ask")[-1].get("members", [])]


def asked(program: Program, *command: str) -> Scene:
    """Do something and wait for the scene that follows."""
    before = len(program.said("ask"))
    press(program.display, *command)
    until(lambda: len(program.said("ask")) > before, "another scene")
    return program.scene()


def at(program: Program, number: int) -> tuple[str, ...]:
    """Tell how the pointer goes to one of nine pictures."""
    (x, y), (width, height) = program.place(), program.size()
    column, row = number % 3, number // 3
    return "mousemove", str(x + width * (2 * column + 1) // 6), str(y + (height - 90) * (2 * row + 1) // 6)


def away(program: Program) -> None:
    """Point at nothing that is explained, between the pictures and the status line."""
    x, y = program.place()
    press(program.display, "mousemove", str(x + 5), str(y + 290))


def test_f5_shows_the_parent_in_the_middle_of_its_children(nine: Program) -> None:
    found = members(nine)
    assert len(set(map(network_of, found))) == 9
    assert found[MIDDLE] == nine.scene() == FIRST
    for child in found[:MIDDLE] + found[MIDDLE + 1 :]:
        assert 0.0 < turn_between(FIRST, child) <= WILDNESS[START] + DEGREES
        assert from_text(child.to_text()) == child


def painted(nine: Program, number: int, high: int) -> Picture:
    """Paint one of nine pictures as a file of it is, within its frame."""
    made = render(members(nine)[number], size=(WIDE, high), samples=1, engine="numpy")
    return made[FRAME_PX:-FRAME_PX, FRAME_PX:-FRAME_PX]


def inside(seen: Picture, number: int, high: int) -> Picture:
    """Cut one of nine pictures, within its frame, out of what is seen."""
    left, top = (WIDE + LEAST_GAP_PX) * (number % 3), (high + LEAST_GAP_PX) * (number // 3)
    return seen[top + FRAME_PX : top + high - FRAME_PX, left + FRAME_PX : left + WIDE - FRAME_PX]


def height(nine: Program) -> int:
    """Wait until all nine stand there as files of them are; tell how much of its height the window leaves to each."""

    def is_there(number: int, high: int) -> bool:
        return np.array_equal(inside(nine.pixels(), number, high), painted(nine, number, high))

    # The first row alone says how high they are.
    high = until(lambda: next((h for h in range(70, 105) if is_there(0, h)), 0), "the first picture")
    until(lambda: all(is_there(number, high) for number in range(9)), "all nine")
    return high


def test_the_nine_are_painted_as_files_of_them_are(nine: Program) -> None:
    nine.settled()
    assert height(nine) < nine.size()[1] // 3


def test_v_films_all_nine(nine: Program) -> None:
    before = set(nine.films())
    nine.said_after("v", "recording")
    first = members(nine)
    nine.asked_after("r")
    nine.settled()
    assert not set(first[:MIDDLE]) & set(members(nine))
    high = height(nine)
    nine.key("v")
    (path,) = until(lambda: set(nine.films()) - before, "the film")
    with av.open(str(path)) as film:
        last = [picture.to_ndarray(format="rgb24") for picture in film.decode(video=0)][-1]
    for number in range(9):
        filmed = inside(last, number, high).astype(float)
        far = [np.mean(np.abs(filmed - painted(nine, other, high))) for other in range(9)]
        assert far[number] == min(far) < CODED


def test_a_click_makes_a_parent_and_backspace_brings_the_same_nine_back(nine: Program) -> None:
    before = members(nine)
    assert asked(nine, *at(nine, 2), "click", "1") == before[2]
    after = members(nine)
    assert after[MIDDLE] == before[2]
    assert not set(after[:MIDDLE]) & set(before)
    nine.asked_after("backspace")
    assert members(nine) == before
    nine.asked_after("shift+backspace")
    assert members(nine) == after


def test_arrows_and_space_make_a_parent(nine: Program) -> None:
    before = members(nine)
    assert asked(nine, *at(nine, MIDDLE), "key", "Right", "key", "Down", "key", "space") == before[8]
    assert members(nine)[MIDDLE] == before[8]


def test_shift_and_two_clicks_cross(nine: Program) -> None:
    before = members(nine)
    command = (*at(nine, 0), "keydown", "shift", "click", "1", *at(nine, 8), "click", "1", "keyup", "shift")
    cross = asked(nine, *command)
    one, other = before[0], before[8]
    assert turn_between(one, cross) == pytest.approx(turn_between(cross, other), abs=DEGREES)
    assert {*point_of(cross)} == {*point_of(one), *point_of(other)}
    litter = members(nine)
    assert litter[MIDDLE] == cross
    assert len(set(map(network_of, litter))) == 9
    nine.asked_after("backspace")
    assert members(nine) == before


def test_the_wheel_and_signs_say_how_wild(nine: Program) -> None:
    def widest() -> float:
        return max(turn_between(FIRST, each) for each in members(nine))

    start = widest()
    nine.asked_after("+")
    wild = widest()
    assert wild == pytest.approx(start * WILDNESS[START + 1] / WILDNESS[START], rel=1e-3)
    nine.asked_after("-")
    assert widest() == pytest.approx(start, rel=1e-4)
    asked(nine, *at(nine, MIDDLE), "click", "4")
    assert widest() == pytest.approx(wild, rel=1e-4)
    asked(nine, "click", "5")
    assert widest() == pytest.approx(start, rel=1e-4)
    assert nine.scene() == FIRST  # the view has not been zoomed


def test_r_makes_eight_others(nine: Program) -> None:
    before = members(nine)
    assert nine.asked_after("r") == FIRST
    assert members(nine)[MIDDLE] == FIRST
    assert not set(members(nine)[:MIDDLE]) & set(before)


def test_a_drag_moves_all_nine(nine: Program) -> None:
    before = members(nine)
    x, y = (int(each) for each in at(nine, 4)[1:])
    press(nine.display, "mousemove", str(x), str(y), "mousedown", "1")
    asked(nine, "mousemove", str(x + 12), str(y), "mousemove", str(x + 24), str(y), "mouseup", "1")
    until(lambda: members(nine)[0].center != FIRST.center, "another view")
    after = members(nine)
    assert len({each.center for each in after}) == 1
    assert [network_of(each) for each in after] == [network_of(each) for each in before]


def test_enter_takes_the_child_under_the_pointer(nine: Program) -> None:
    before = members(nine)
    asked(nine, *at(nine, 6), "key", "Return")
    assert nine.scene() == before[6]
    assert not members(nine)
    assert nine.asked_after("backspace") == FIRST
    assert not members(nine)


def test_esc_and_f5_leave_without(nine: Program) -> None:
    for key in ("escape", "f5"):
        press(nine.display, *at(nine, 1))
        assert nine.asked_after(key) == FIRST
        assert not members(nine)
        begin(nine)


def test_s_saves_the_child_under_the_pointer(nine: Program) -> None:
    press(nine.display, *at(nine, 5))
    folder = nine.folder / "captures"
    before = set(folder.glob("*.png"))
    nine.key("s")
    until(lambda: set(folder.glob("*.png")) - before, "a picture")
    (path,) = set(folder.glob("*.png")) - before
    assert saved(path) == members(nine)[5]


def saved(path: Path) -> Scene:
    return from_mapping(json.loads(read_text(path, KEYWORD) or "{}")["scene"])


def test_a_loaded_network_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "320x240", "--weights", "figure-3") as program:
        program.said_after("f5", "loaded from a file")
        assert not members(program)


def test_a_split_view_is_left(nine: Program) -> None:
    nine.asked_after("escape")
    assert nine.asked_after("b").beside
    begin(nine)
    assert not nine.scene().beside
    assert len(members(nine)) == 9
    nine.asked_after("escape")
