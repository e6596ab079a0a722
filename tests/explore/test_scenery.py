"""The landscape in the window: turned without being evaluated again, and the picture that the mesh makes of it."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from gl_object import living
from program import Program, running

import weightscape
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.request import Painted, Request
from weightscape.explore.paint.scenery import Scenery
from weightscape.gpu.canvas import Canvas
from weightscape.gpu.landscape import Mesh
from weightscape.gpu.memory import OutOfMemoryError
from weightscape.picture.relief import Relief
from weightscape.publish import gallery
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise

SIZE = (480, 320)
SCENE = replace(gallery.scene("cross-section"), inputs=("x", "y"), lens="height")
OPTIONS = ("--scene", "cross-section", "--inputs", "x,y", "--lens", "height", "--size", "480x320")
# Each question to an engine writes a line.
COUNTED = """
import os
from weightscape.engine.processor.numpy_engine import NumpyEngine as Engine
from weightscape.engine.shader.fragment import FragmentEngine
for each in (Engine, FragmentEngine):
    def counted(self, *question, field=each.field):
        with open(os.environ["ASKED"], "a") as file:
            file.write("asked\\n")
        return field(self, *question)
    each.field = counted
"""


@contextlib.contextmanager
def shown(folder: Path) -> Iterator[tuple[Program, Path]]:
    asked = folder / "asked"
    environment = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": "fragment", "ASKED": str(asked)}
    with running(folder, *OPTIONS, before=COUNTED, **environment) as program:
        program.settled()
        yield program, asked


def without_status(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.int_]:
    return pixels[:280].astype(int)


def test_turned_in_the_window_it_is_the_file_of_the_same_engine_and_no_engine_is_asked(tmp_path: Path) -> None:
    with shown(tmp_path) as (program, asked):
        before = len(asked.read_text().splitlines())
        pictures = [program.pixels().copy()]
        for n in range(3):
            x, y = program.place()
            press(program.display, "mousemove", str(x + 200), str(y + 100), "mousedown", "3")
            press(program.display, "mousemove", str(x + 240 + 10 * n), str(y + 110))
            press(program.display, "mousemove", str(x + 250 + 10 * n), str(y + 120), "mouseup", "3")
            until(lambda n=n: program.scene().turn < SCENE.turn - 20.0 * n, "the turn")  # type: ignore[misc]
            until(lambda: np.mean(program.pixels() != pictures[-1]) > 0.05, "the turned picture")
            program.settled()
            pictures.append(program.pixels().copy())

        def is_the_file() -> bool:  # of the scene as it is now: the hand's last way may come late
            expected = weightscape.render(program.scene(), size=SIZE, engine="fragment")
            return bool(np.abs(without_status(program.pixels()) - without_status(expected)).max() <= 1)

        until(is_the_file, "the picture of the file")
        assert len(asked.read_text().splitlines()) == before > 1
        scene = program.scene()
        assert scene == replace(SCENE, turn=scene.turn, tilt=scene.tilt)
        assert all(np.mean(one != other) > 0.05 for one, other in pairwise(pictures))

        program.asked_after("r")
        program.settled()
        assert len(asked.read_text().splitlines()) > before


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter("numpy", lambda: None, hands_on=lambda: True)
    yield painter
    painter.close()


def painted(painter: Painter, scene: Scene, number: int, size: tuple[int, int] = SIZE) -> list[Painted]:
    """Wait until the painter is done with a scene."""
    told: list[Painted] = []
    painter.ask(Request(scene, size, (0.0, 0.0), number))

    def is_there() -> bool:
        told.extend(each for each in painter.fetch() if each.request.number == number)
        return bool(told) and told[-1].ends

    until(is_there, "the landscape")
    return told


def relief_of(told: list[Painted]) -> Relief:
    patch = [each.patch for each in told if isinstance(each.patch, Relief)][-1]
    assert isinstance(patch, Relief)
    return patch


def test_the_painter_hands_on_the_same_ground_however_it_is_seen(painter: Painter) -> None:
    first = relief_of(painted(painter, SCENE, 1))
    assert first.ground.points.shape == (640, 960, 4)
    for number, change in enumerate(({"turn": 70.0}, {"tilt": 20.0}, {"lift": 2.0}), 2):
        told = painted(painter, replace(SCENE, **change), number)  # type: ignore[arg-type]
        assert relief_of(told).ground is first.ground
        assert [isinstance(each.patch, Relief) for each in told].count(True) == 1
    assert relief_of(painted(painter, replace(SCENE, radius=2.0), 5)).ground is not first.ground
    assert relief_of(painted(painter, SCENE, 6, (300, 200))).size == (300, 200)


def test_halves_and_other_lenses_come_as_pictures(painter: Painter) -> None:
    split = replace(SCENE, beside='{"turn": 90.0}')
    for number, scene in enumerate((split, replace(SCENE, lens="outputs")), 1):
        assert not any(isinstance(each.patch, Relief) for each in painted(painter, scene, number))


@pytest.fixture
def relief(painter: Painter) -> Relief:
    return relief_of(painted(painter, SCENE, 1, (90, 60)))


def test_a_landscape_is_drawn_when_it_is_seen_otherwise_and_else_not(
    relief: Relief, gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas, scenery, drawn = Canvas(gl, (90, 60)), Scenery(gl), list[str]()
    bands = Mesh.bands
    monkeypatch.setattr(Mesh, "bands", lambda *given: drawn.append("once") or bands(*given))
    scenery.relief = relief
    seen = {}
    for scene in (SCENE, SCENE, replace(SCENE, turn=80.0), replace(SCENE, turn=80.0, seed=7), SCENE):
        scenery.draw(canvas, scene)
        seen[scene] = quantise(canvas.read(), "round")
    assert len(drawn) == 3
    # What is on its way to another picture stays as it is seen in its own.
    assert np.array_equal(seen[replace(SCENE, turn=80.0, seed=7)], seen[SCENE])
    assert np.mean(seen[replace(SCENE, turn=80.0)] != seen[SCENE]) > 0.1
    for scene in (SCENE, replace(SCENE, turn=80.0)):
        file = weightscape.render(scene, size=(90, 60), engine="fragment")
        assert np.mean(np.abs(seen[scene].astype(int) - file) <= 1) > 0.999
    scenery.release()
    canvas.release()


@pytest.mark.slow
def test_no_object_of_opengl_is_left_by_turns_sizes_and_other_pictures(relief: Relief, gl: Any) -> None:
    canvas = Canvas(gl, (90, 60))
    scenery, before, after = Scenery(gl), living(gl), []
    for n in range(60):
        scenery.relief = relief if n % 4 else None
        scenery.draw(canvas, replace(SCENE, turn=float(n)))
        if n % 10 == 7:
            scenery.relief = replace(relief, size=(90, 61))  # until the canvas has this size as well
            scenery.draw(canvas, SCENE)
        if n in (5, 49):
            after.append(living(gl))
    assert after[0] == after[1] != before
    scenery.release()
    assert living(gl) == before
    canvas.release()


def test_without_room_on_the_gpu_numpy_draws_it(relief: Relief, gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OutOfMemoryError("the GPU has no room")

    monkeypatch.setattr(Mesh, "bands", full)
    canvas, scenery = Canvas(gl, (90, 60)), Scenery(gl)
    scenery.relief = relief
    assert not scenery.draw(canvas, SCENE)
    expected = weightscape.render(SCENE, size=(90, 60), engine="numpy")
    assert np.array_equal(quantise(canvas.read(), "round"), expected)
    scenery.release()
    canvas.release()
