"""Colours in the window: by key and mouse, as a file has them, undone exactly, and cycling with time."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from display import press, until
from program import Program, running

import weightscape
from weightscape.scene.colour_command import STEPPED
from weightscape.scene.palette import READINGS
from weightscape.scene.scene import Scene
from weightscape.window.over.status import status_height

SIZE = (480, 320)
BELOW = status_height(1.0)
START = Scene(layers=5, width=8)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("colour")
    with running(folder, "--size", "480x320", "--layers", "5", "--width", "8") as program:
        program.settled()
        yield program


def is_ours(program: Program, scene: Scene) -> None:
    """Wait until the window shows what a file of the scene has."""
    expected = weightscape.render(scene, size=SIZE, engine="numpy")[: SIZE[1] - BELOW].astype(int)

    def is_there() -> bool:
        far = np.abs(expected - program.pixels()[: SIZE[1] - BELOW])
        return bool(np.mean(far.max(-1) > 2) < 0.01)

    until(is_there, f"{scene.reading} {scene.palette} {scene.stops}")


def test_the_key_steps_through_readings_and_palettes_and_undo_is_exact(program: Program) -> None:
    seen = [program.scene()]
    while len(seen) < len(READINGS) + 2:
        seen.append(program.asked_after("c"))
        is_ours(program, seen[-1])
    assert [scene.reading for scene in seen[: len(READINGS)]] == [*READINGS]
    assert [(scene.outputs, scene.palette) for scene in seen[-2:]] == [(1, STEPPED[0]), (1, STEPPED[1])]
    for scene in reversed(seen[:-1]):
        assert program.asked_after("backspace") == scene
    is_ours(program, START)


def test_random_colours_are_a_files_and_one_step(program: Program) -> None:
    before = program.scene()
    for _ in range(4):
        found = program.asked_after("shift+c")
        assert found != before
        is_ours(program, found)
    for _ in range(4):
        program.asked_after("backspace")
    assert program.scene() == before


def test_an_atlas_and_a_landscape_have_the_colours_too(program: Program) -> None:
    before = program.scene()
    coloured = program.asked_after("shift+c")
    for key in ("m", "y"):
        seen = program.asked_after(key)
        assert replace(seen, lens="outputs", layer=0) == replace(coloured, layer=0)
        size = SIZE if key == "y" else (SIZE[0], SIZE[1] - BELOW)  # an atlas ends above the status line
        expected = weightscape.render(seen, size=size, engine="numpy")[: SIZE[1] - BELOW].astype(int)
        until(
            lambda expected=expected: bool(  # type: ignore[misc]
                np.mean(np.abs(expected - program.pixels()[: SIZE[1] - BELOW]).max(-1) > 8) < 0.03
            ),
            f"the colours behind {key}",
        )
        program.asked_after("backspace")
    assert program.asked_after("backspace") == before


def test_colours_cycle_until_space_stops_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    words = ("--size", "480x320", "--layers", "5", "--width", "8", "--reading", "oklch", "--cycle", "3")
    with running(tmp_path_factory.mktemp("cycle"), *words) as program:
        until(lambda: program.scene().time > 0.002, "time runs")
        program.key("space")
        program.settled()
        scene = program.scene()
        is_ours(program, scene)
        assert scene.time > 0.0
        assert replace(scene, time=0.0) == replace(START, reading="oklch", cycle=3.0)
        press(program.display, "key", "period")
        until(lambda: program.scene().time > scene.time, "time a step on")
        is_ours(program, program.scene())
