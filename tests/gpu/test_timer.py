"""The GPU's clock: what is drawn between start and finish is counted, and engines hand on what it says."""

from collections.abc import Iterator
from ctypes import c_ubyte, c_uint
from typing import Any

import pytest
from specimen import scene

from weightscape.engine.question import EngineError, Question
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.tuned import TunedEngine
from weightscape.engine.speed import Memory
from weightscape.gpu.context import adapter
from weightscape.gpu.function import function
from weightscape.gpu.timer import Timer
from weightscape.picture.questions import question

SMALL, LARGE = 16, 256  # sides: the large one has 256 times the points


@pytest.fixture
def timer(gl: Any) -> Iterator[Timer]:
    """Give a timer that believes any driver: draws are counted right by llvmpipe, too, once it has counted one."""
    timer = Timer(gl)
    timer.start()
    timer.finish()
    timer.restart()
    yield timer
    timer.release()


@pytest.fixture
def engine(gl: Any) -> Iterator[FragmentEngine]:
    engine = FragmentEngine(gl)
    yield engine
    engine.release()


def asked(side: int) -> Question:
    return question(scene(6, 30), (side, side))


def seconds(timer: Timer, engine: FragmentEngine, side: int) -> float:
    """Tell what the timer says of a picture, at best: whatever else runs here can only add to that."""
    engine.field(asked(side))
    engine._timer = timer
    found = []
    for _ in range(3):
        engine.field(asked(side))
        assert engine.gpu_s is not None
        found.append(engine.gpu_s)
    return min(found)


def test_more_work_is_counted_longer(timer: Timer, engine: FragmentEngine) -> None:
    small, large = seconds(timer, engine, SMALL), seconds(timer, engine, LARGE)
    assert 0.0 < 4.0 * small < large


def test_what_is_counted_is_added_up_until_it_begins_anew(timer: Timer, engine: FragmentEngine) -> None:
    engine.field(asked(LARGE))
    engine._timer = timer
    engine.field(asked(LARGE))
    once = timer.seconds
    assert once
    timer.start()
    timer.finish()
    assert timer.seconds is not None
    assert timer.seconds >= once
    timer.restart()
    assert timer.seconds == 0.0


def test_waiting_alone_counts_nothing(timer: Timer) -> None:
    timer.finish()
    assert timer.seconds == 0.0


def test_a_query_that_a_fault_left_behind_is_ended_and_all_are_freed(gl: Any) -> None:
    timer = Timer(gl)
    timer.start()
    timer.start()
    timer.finish()
    assert gl.error == "GL_NO_ERROR"
    assert timer.seconds is not None
    timer.start()
    name = timer._query
    timer.release()
    timer.release()
    assert name
    assert not function(gl, "glIsQuery", c_ubyte, c_uint)(name)
    assert gl.error == "GL_NO_ERROR"


def test_software_has_no_gpu_and_says_no_time_of_one(gl: Any) -> None:
    timer = Timer(gl, is_trusted=False)
    timer.restart()
    timer.start()
    timer.finish()
    assert timer.seconds is None
    timer.release()


@pytest.mark.parametrize("kind", [FragmentEngine, ComputeEngine])
def test_engines_count_on_hardware_alone_and_hand_it_on(kind: Any, gl: Any) -> None:
    try:
        engine = kind(gl)
    except EngineError as error:
        pytest.skip(str(error))
    engine.field(asked(SMALL))
    assert (engine.gpu_s is None) == adapter(gl).is_software
    engine._timer.release()
    engine._timer = Timer(gl)
    engine.field(asked(LARGE))
    assert engine.gpu_s
    if kind is ComputeEngine:
        outer = TunedEngine(engine, Memory(None, "here"))
        outer.field(asked(SMALL))
        assert outer.gpu_s == engine.gpu_s is not None
    engine.release()
