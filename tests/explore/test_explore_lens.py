"""Lenses in the window: every one by its key, and what the mouse does in them, under a real X server."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from program import Program, running

import weightscape
from weightscape.draw.plate import GRID
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import DrawnLens
from weightscape.network.view import pixel_to_plane, pixel_to_screen, screen_to_pixel
from weightscape.picture.network_memory import network
from weightscape.scene.command import LENS_KEYS
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise
from weightscape.window.over.status import status_height

SIZE = (480, 320)
OPTIONS = ("--size", "480x320", "--layers", "5", "--width", "8", "--rule", "he", "--activation", "relu")
BELOW = status_height(1.0)
LEGEND = 110  # rows that what colours mean may cover
HALF = (SIZE[0] // 2 - 1, SIZE[1])  # of a split view, with a line of two pixels in the middle


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("lens"), *OPTIONS) as program:
        yield program


def through(program: Program, name: str) -> Scene:
    """Go to a lens by its own key, from the outputs."""
    while program.scene().lens != "outputs" or program.scene().beside:
        program.asked_after("backspace")
    return program.asked_after(LENS_KEYS[name])


def point_at(program: Program, x: int, y: int) -> None:
    """Move the cursor in the window, from elsewhere."""
    press(program.display, "mousemove", "--window", program.window, "5", "5")
    press(program.display, "mousemove", "--window", program.window, str(x), str(y))


def spot(scene: Scene, size: tuple[int, int], unit: int) -> tuple[tuple[int, int], Scene]:
    """Find where in an atlas a unit is, and the scene that a click there leads to."""
    shown = CATALOGUE[scene.lens]
    assert isinstance(shown, DrawnLens)
    assert shown.pick
    spots = [(x, y) for y in range(20, size[1], 5) for x in range(10, size[0], 5)]
    return next(
        (spot, found)
        for spot in spots
        if (found := shown.pick(scene, network(scene), size, (float(spot[0]), float(spot[1])))) and found.unit == unit
    )


def drawn(scene: Scene) -> npt.NDArray[np.uint8]:
    """Render a scene as the window does: charts leave the status line's rows free."""
    shown = CATALOGUE[scene.lens]
    is_chart = isinstance(shown, DrawnLens) and shown.is_chart
    size = (SIZE[0], SIZE[1] - BELOW) if is_chart else SIZE
    return weightscape.render(scene, size=size, engine="numpy")[: SIZE[1] - BELOW]


@pytest.mark.parametrize("name", LENS_KEYS)
def test_a_lens_by_its_key_shows_what_a_file_of_it_has(program: Program, name: str) -> None:
    scene = through(program, name)
    assert scene.lens == name
    program.settled()
    scene = program.scene()  # the cursor may have moved since
    expected = drawn(scene).astype(int)
    legend = LEGEND if name == "stretch" else 0

    def is_there() -> bool:
        difference = np.abs(expected - program.pixels()[: SIZE[1] - BELOW])[legend:]
        return bool(np.mean(difference.max(-1) > 1) < 0.01)

    until(is_there, f"the lens {name}")


def test_keys_go_round_layers_and_units(program: Program) -> None:
    scene = through(program, "unit")
    seen = [program.asked_after("k").layer for _ in range(6)]
    assert seen == [3, 4, 5, 0, 1, 2]
    assert program.asked_after("shift+k").layer == 1
    assert program.asked_after("k").layer == scene.layer
    press(program.display, "key", "semicolon")
    until(lambda: program.scene().unit == scene.unit + 1, "the next unit")
    press(program.display, "key", "colon")
    until(lambda: program.scene().unit == scene.unit, "the unit before")


def test_a_click_into_the_atlas_leads_to_the_unit(program: Program) -> None:
    scene = through(program, "units")
    program.settled()
    (x, y), aim = spot(scene, (SIZE[0], SIZE[1] - BELOW), 5)
    press(program.display, "mousemove", "--window", program.window, str(x), str(y), "click", "1")
    until(lambda: program.scene() == aim, "the unit that was clicked")
    assert program.asked_after("backspace") == scene


def test_the_probe_follows_the_cursor(program: Program) -> None:
    through(program, "probe")
    point_at(program, 123, 77)
    size = (SIZE[0], SIZE[1] - BELOW)  # a chart ends above the status line
    until(lambda: np.allclose(program.scene().probe, pixel_to_screen(size, (123.0, 77.0)), atol=1e-9), "the probe")


def test_in_a_slice_the_line_stands_under_the_cursor(program: Program) -> None:
    through(program, "slice")
    point_at(program, 301, 150)
    size = (SIZE[0], SIZE[1] - BELOW)
    until(lambda: np.allclose(screen_to_pixel(size, program.scene().probe), (301.0, 150.0), atol=1e-9), "the line")


@pytest.mark.parametrize("is_split", [False, True])
@pytest.mark.parametrize("name", ["probe", "slice"])
def test_after_many_moves_a_chart_is_seen_as_a_file_has_it(program: Program, name: str, is_split: bool) -> None:
    through(program, name)
    if is_split:
        program.asked_after("b")
    moves: list[str] = []
    for n in range(40):
        moves += ["mousemove", "--window", program.window, str(50 + 7 * n), str(30 + 37 * n % 200), "sleep", "0.02"]
    press(program.display, *moves)
    point_at(program, 211, 133)
    program.settled()
    until(lambda: np.array_equal(program.pixels()[:-BELOW], of_file(program)), "the file's picture")


def of_file(program: Program) -> npt.NDArray[np.uint8]:
    """What a file has of the scene as it is now: the hand's last move may still be on its way."""
    return weightscape.render(program.scene(), size=(SIZE[0], SIZE[1] - BELOW), engine="numpy")


@pytest.mark.parametrize("x", [97, HALF[0] + 2 + 97])
def test_in_a_split_view_the_probe_is_under_the_cursor_in_the_half_it_is_in(program: Program, x: int) -> None:
    through(program, "probe")
    assert program.asked_after("b").beside
    size = (HALF[0], SIZE[1] - BELOW)
    point_at(program, x, 60)
    until(lambda: np.allclose(program.scene().probe, pixel_to_screen(size, (97.0, 60.0)), atol=1e-9), "the probe")


@pytest.mark.parametrize("x", [60, HALF[0] + 2 + 60])
def test_in_a_split_view_the_wheel_and_the_hand_keep_the_plane_under_the_cursor(program: Program, x: int) -> None:
    through(program, "unit")
    program.asked_after("u")
    start = program.asked_after("b")
    before = pixel_to_plane(start.view, HALF, (60.0, 90.0))
    point_at(program, x, 90)
    press(program.display, "click", "4")
    until(lambda: program.scene().radius < start.radius, "the zoom")
    zoomed = program.scene()
    after = pixel_to_plane(zoomed.view, HALF, (60.0, 90.0))
    assert np.allclose(np.array(after, float), np.array(before, float), atol=1e-9)
    press(program.display, "mousedown", "1", "mousemove_relative", "30", "0", "mouseup", "1")
    until(lambda: program.scene().center != zoomed.center, "the pan")
    until(
        lambda: np.allclose(
            np.array(pixel_to_plane(program.scene().view, HALF, (90.0, 90.0)), float), np.array(after, float), atol=1e-9
        ),
        "what was under the hand to be there again",
    )


@pytest.mark.parametrize("left", [0, HALF[0] + 2])
def test_a_click_into_half_an_atlas_leads_to_the_unit_and_the_view_stays_split(program: Program, left: int) -> None:
    through(program, "units")
    start = program.asked_after("b")
    (x, y), aim = spot(replace(start, beside=""), (HALF[0], SIZE[1] - BELOW), 5)
    press(program.display, "mousemove", "--window", program.window, str(left + x), str(y), "click", "1")
    until(lambda: program.scene() == replace(aim, beside=start.beside), "the unit that was clicked")


def test_where_a_lens_cannot_be_shown_the_old_picture_stands_back_and_enter_helps(program: Program) -> None:
    through(program, "unit")
    start = program.asked_after("u")
    while program.scene().activation != "tanh":
        program.asked_after("a")
    program.settled()
    bare = program.pixels()[: SIZE[1] - BELOW].astype(int)
    told = len(program.said("notice"))
    assert program.asked_after(LENS_KEYS["regions"]).lens == "regions"
    program.told("linear pieces are those of relu", told)
    words, dimmed = slice(120, 180), slice(10, 100)

    def is_dimmed() -> bool:
        seen = program.pixels()[: SIZE[1] - BELOW].astype(int)
        middle = seen[words, 100:-100]
        return bool(np.abs(seen[dimmed] - 0.38 * bare[dimmed] - 10).max() < 20 and (middle.min(-1) > 200).sum() > 100)

    until(is_dimmed, "the old picture, dimmed, with words in its middle")
    assert len(program.said("notice")) == told + 1
    radius = program.asked_after("+").radius
    helped = program.asked_after("enter")
    assert (helped.activation, helped.radius) == ("relu", radius)
    program.settled()
    expected = drawn(program.scene()).astype(int)
    until(lambda: np.abs(expected - program.pixels()[: SIZE[1] - BELOW]).mean() < 1, "the linear pieces")
    while program.scene() != start:
        program.asked_after("backspace")


def test_where_a_picture_tells_nothing_enter_does_what_helps(program: Program) -> None:
    through(program, "cut")
    while program.scene().layers > 1:
        program.asked_after("[")
    program.settled()
    assert program.asked_after("enter").layers > 1
    while program.scene().layers != 5:
        program.asked_after("]")
    assert program.scene().lens == "cut"


def test_zoom_and_pan_still_work_in_a_landscape(program: Program) -> None:
    scene = through(program, "height")
    press(program.display, "mousemove", "--window", program.window, "240", "160", "click", "4")
    until(lambda: program.scene().radius < scene.radius, "the zoom")
    before = program.scene()
    press(program.display, "mousedown", "1", "mousemove_relative", "40", "0", "mouseup", "1")
    until(lambda: program.scene().center != before.center, "the pan")
    assert program.scene().lens == "height"


def test_a_split_view_differs_at_once_and_keeps_its_right_half(program: Program) -> None:
    through(program, "unit")
    start = program.asked_after("u")
    assert start.lens == "outputs"
    split = program.asked_after("b")
    changed = program.asked_after("d")
    program.settled()
    half, kept = HALF[0], replace(start, tied=not start.tied)
    right = weightscape.render(kept, size=(half, SIZE[1]), engine="numpy").astype(int)
    left = weightscape.render(replace(changed, beside=""), size=(half, SIZE[1]), engine="numpy").astype(int)
    line = quantise(np.array(GRID), "round")

    def is_there() -> bool:
        seen = program.pixels()[: SIZE[1] - BELOW].astype(int)
        return bool(
            np.mean(np.abs(seen[:, half + 2 :] - right[: SIZE[1] - BELOW]) > 1) < 0.01
            and np.mean(np.abs(seen[:, :half] - left[: SIZE[1] - BELOW]) > 1) < 0.01
            and np.array_equal(seen[:, half : half + 2], np.broadcast_to(line, (SIZE[1] - BELOW, 2, 3)))
        )

    until(is_there, "both halves")
    assert split.beside
    assert not program.asked_after("b").beside
