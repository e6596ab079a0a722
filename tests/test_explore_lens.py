"""Lenses in the window: every one by its key, and what the mouse does in them, under a real X server."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from program import Program, running

import weightscape
from weightscape.ask import network
from weightscape.lens.kind import DrawnLens
from weightscape.lens.table import LENSES
from weightscape.model.command import LENS_KEYS
from weightscape.model.scene import Scene
from weightscape.model.view import pixel_to_screen, screen_to_pixel
from weightscape.window.status import status_height

SIZE = (480, 320)
OPTIONS = ("--size", "480x320", "--layers", "5", "--width", "8", "--rule", "he", "--activation", "relu")
BELOW = status_height(1.0)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("lens"), *OPTIONS) as program:
        yield program


def through(program: Program, name: str) -> Scene:
    """Go to a lens by its own key, from the outputs."""
    while program.scene().lens != "outputs" or program.scene().beside:
        program.asked_after("backspace")
    return program.asked_after(LENS_KEYS[name])


def drawn(scene: Scene) -> npt.NDArray[np.uint8]:
    """Render a scene as the window does: charts leave the status line's rows free."""
    shown = LENSES[scene.lens]
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

    def is_there() -> bool:
        difference = np.abs(expected - program.pixels()[: SIZE[1] - BELOW])
        return bool(np.mean(difference.max(-1) > 1) < 0.01)

    until(is_there, f"the lens {name}")


def test_keys_go_round_layers_and_units(program: Program) -> None:
    scene = through(program, "unit")
    seen = [program.asked_after("k").layer for _ in range(6)]
    assert seen == [2, 3, 4, 5, 0, 1]
    assert program.asked_after("shift+k").layer == 0
    assert program.asked_after("k").layer == scene.layer
    press(program.display, "key", "semicolon")
    until(lambda: program.scene().unit == scene.unit + 1, "the next unit")
    press(program.display, "key", "colon")
    until(lambda: program.scene().unit == scene.unit, "the unit before")


def test_a_click_into_the_atlas_leads_to_the_unit(program: Program) -> None:
    scene = through(program, "units")
    program.settled()
    pick = LENSES["units"]
    assert isinstance(pick, DrawnLens)
    assert pick.pick
    size = (SIZE[0], SIZE[1] - BELOW)
    spots = [(x, y) for y in range(20, size[1], 9) for x in range(20, size[0], 9)]
    (x, y), aim = next(
        (spot, found) for spot in spots
        if (found := pick.pick(scene, network(scene), size, (float(spot[0]), float(spot[1])))) and found.unit == 5
    )  # fmt: skip
    press(program.display, "mousemove", "--window", program.window, str(x), str(y), "click", "1")
    until(lambda: program.scene() == aim, "the unit that was clicked")
    assert program.asked_after("backspace") == scene


def test_the_probe_follows_the_cursor(program: Program) -> None:
    through(program, "probe")
    press(program.display, "mousemove", "--window", program.window, "123", "77")
    until(lambda: np.allclose(screen_to_pixel(SIZE, program.scene().probe), (123.5, 77.5), atol=0.51), "the probe")
    assert np.allclose(program.scene().probe, pixel_to_screen(SIZE, (123.0, 77.0)), atol=0.01)


def test_zoom_and_pan_still_work_in_a_landscape(program: Program) -> None:
    scene = through(program, "height")
    press(program.display, "mousemove", "--window", program.window, "240", "160", "click", "4")
    until(lambda: program.scene().radius < scene.radius, "the zoom")
    before = program.scene()
    press(program.display, "mousedown", "1", "mousemove_relative", "40", "0", "mouseup", "1")
    until(lambda: program.scene().center != before.center, "the pan")
    assert program.scene().lens == "height"


def test_a_split_view_keeps_the_old_network_beside_the_new_one(program: Program) -> None:
    through(program, "unit")
    start = program.asked_after("u")
    assert start.lens == "outputs"
    split = program.asked_after("b")
    changed = program.asked_after("t")
    program.settled()
    half = SIZE[0] // 2
    right = weightscape.render(start, size=(half, SIZE[1]), engine="numpy").astype(int)
    left = weightscape.render(replace(changed, beside=""), size=(half, SIZE[1]), engine="numpy").astype(int)

    def is_there() -> bool:
        seen = program.pixels()[: SIZE[1] - BELOW].astype(int)
        return bool(
            np.mean(np.abs(seen[:, half:] - right[: SIZE[1] - BELOW]) > 1) < 0.01
            and np.mean(np.abs(seen[:, :half] - left[: SIZE[1] - BELOW]) > 1) < 0.01
        )

    until(is_there, "both halves")
    assert split.beside
    assert not program.asked_after("b").beside
