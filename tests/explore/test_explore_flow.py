"""The window while time runs or a key is held: frames of one step; and the whole picture once nothing moves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from display import held, press, until
from program import Program, running

import weightscape

SIZE = (240, 160)
OPTIONS = ("--size", "240x160", "--layers", "5", "--width", "8", "--rule", "lecun")
TIMED = (*OPTIONS, "--inputs", "x,y,cos_t,sin_t")
STATUS_PX = 40  # the status line covers less than this
# Whatever runs beside it, the engine's speed is measured as 30 % more and less than this.
KNOWN_SPEED = """
from itertools import cycle
from weightscape.engine.tile import Pace

rates = cycle([0.65e8, 0.35e8, 0.5e8])

def learn(pace, engine, question):
    pace.rates[engine.name, question.is_double] = next(rates)

Pace.learn = learn
"""


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, *TIMED, before=KNOWN_SPEED, WEIGHTSCAPE_REST_SAMPLES="4") as program:
        yield program


def flowing(program: Program) -> list[dict[str, Any]]:
    """Read the first pictures of requests that flowed."""
    numbers = {entry["number"] for entry in program.said("ask") if entry["flows"]}
    return [entry for entry in program.said("first") if entry["number"] in numbers]


def test_pictures_of_time_that_runs_have_one_step_and_space_brings_the_rest(timed: Program) -> None:
    until(lambda: len(flowing(timed)) > 40, "time to run")
    assert not timed.said("rest"), "while time runs nothing is refined"
    timed.key("space")
    timed.settled()
    firsts = [entry["stride"] for entry in flowing(timed)]

    assert len({*firsts[25:]}) == 1
    assert firsts[-1] > 1
    assert len({entry["number"] for entry in timed.said("first")}) == len(timed.said("first"))
    expected = weightscape.render(timed.scene(), size=SIZE, samples=4, engine="numpy").astype(int)

    def is_there() -> bool:
        return bool(np.abs(expected - timed.pixels())[:-STATUS_PX].max() <= 1)

    until(is_there, "the whole picture")


def test_pictures_of_a_held_key_have_one_step_and_their_rest_follows(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, before=KNOWN_SPEED) as program:
        program.settled()
        pressed = program.asked_after("up")
        before = program.said("ask")[-1]["number"]
        with held(program.display, "Up"):
            until(lambda: len(flowing(program)) > 30, "a held key")
        program.settled()
        firsts = [entry for entry in flowing(program) if entry["number"] > before]

        assert program.scene().scale > pressed.scale
        assert len({entry["stride"] for entry in firsts[20:]}) == 1
        last = program.said("ask")[-1]
        assert last["flows"]
        assert program.said("rest")[-1]["number"] == last["number"]


def test_time_stands_where_there_is_no_picture(tmp_path: Path) -> None:
    with running(tmp_path, *TIMED, "--lens", "regions", first="rest") as program:

        def is_quiet() -> bool:
            before = len(program.diary())
            press(program.display, "sleep", "0.5")
            return before == len(program.diary())

        until(is_quiet, "the window to rest")
        press(program.display, "key", "j")
        until(lambda: len(flowing(program)) > 5, "time to run again")
