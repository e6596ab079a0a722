"""BLAS has one thread while an engine of NumPy lives, whoever asks, and the caller's number afterwards."""

import itertools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from patience import ran
from threadpoolctl import threadpool_limits

import weightscape
from weightscape.engine.processor import blas
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

OWN = 3  # of this process, whatever the machine has


def numbers() -> set[int]:
    return {library.num_threads for library in blas.LIBRARIES}


@pytest.fixture(autouse=True)
def own() -> Iterator[None]:
    """Let the process have a number of its own, and no thread that threadpoolctl obeys before others."""
    assert blas.LIBRARIES, "NumPy without a BLAS that threadpoolctl knows"
    before = [(library, library.num_threads) for library in blas.LIBRARIES]
    for library, _ in before:
        blas._set(library, OWN)
    yield
    for library, number in before:
        blas._set(library, number)


def apart(act: Callable[[], Any]) -> Any:
    """Do something in another thread."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(act()))
    thread.start()
    thread.join()
    return found[0]


def picture() -> npt.NDArray[np.uint8]:
    return weightscape.render(Scene(), size=(96, 64), engine="numpy")


def test_blas_gets_its_threads_back_after_the_last_engine() -> None:
    first, second = NumpyEngine(), NumpyEngine()
    assert numbers() == {1}
    first.release()
    first.release()
    assert numbers() == {1}
    second.release()
    assert numbers() == {OWN}


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_engines_of_several_threads_may_end_in_any_order(order: tuple[int, ...]) -> None:
    gates = [threading.Event() for _ in order]
    ready = threading.Barrier(len(order) + 1)

    def live(gate: threading.Event) -> None:
        engine = NumpyEngine(1)
        ready.wait()
        gate.wait()
        engine.release()

    threads = [threading.Thread(target=live, args=(gate,)) for gate in gates]
    for thread in threads:
        thread.start()
    ready.wait()
    for each in order:
        assert numbers() == {1}
        gates[each].set()
        threads[each].join()
    assert numbers() == {OWN}


def test_a_picture_has_the_same_bytes_in_any_thread_and_whatever_limits_the_caller_has() -> None:
    expected = picture()
    assert np.array_equal(apart(picture), expected)
    for limit in (1, 2, 5):
        with threadpool_limits(limit, user_api="blas"):
            assert np.array_equal(picture(), expected)
            assert np.array_equal(apart(picture), expected)
            assert numbers() == {limit}
    assert numbers() == {OWN}


def test_a_thread_that_holds_a_limit_does_not_keep_blas_from_another_threads_engine() -> None:
    with threadpool_limits(5, user_api="blas"):
        engine = apart(NumpyEngine)
        assert numbers() == {1}
        apart(engine.release)
        assert numbers() == {5}
    assert numbers() == {OWN}


def test_the_callers_limits_work_after_a_picture_in_any_thread() -> None:
    def limited() -> set[int]:
        with threadpool_limits(4, user_api="blas"):
            return numbers()

    picture()
    assert apart(limited) == {4}
    assert limited() == {4}
    apart(picture)
    assert limited() == {4}
    assert numbers() == {OWN}


def test_a_limit_that_is_set_meanwhile_is_seen_and_stays_the_callers() -> None:
    engine, asked = NumpyEngine(), question(Scene(), (96, 64))
    expected = engine.field(asked).values
    threadpool_limits(4, user_api="blas")
    assert np.array_equal(engine.field(asked).values, expected)
    assert numbers() == {1}
    engine.release()
    assert numbers() == {4}

    engine = NumpyEngine()
    threadpool_limits(2, user_api="blas")
    engine.release()
    assert numbers() == {2}


def test_what_was_multiplied_while_somebody_set_a_limit_is_multiplied_again(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, asked, products = NumpyEngine(1), question(Scene(layers=2), (4, 4)), 0
    multiply = np.matmul

    def meddled(*args: Any, **options: Any) -> Any:
        nonlocal products
        products += 1
        if products == 1:
            threadpool_limits(2, user_api="blas")
        return multiply(*args, **options)

    monkeypatch.setattr(np, "matmul", meddled)
    engine.field(asked)
    assert products == 4
    engine.release()
    assert numbers() == {2}


FORKED = """
import os
import numpy as np
from threadpoolctl import threadpool_limits
from weightscape.picture.questions import question
from weightscape.engine.processor import blas
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.scene.scene import Scene

threadpool_limits(3, user_api="blas")
engine, asked = NumpyEngine(2), question(Scene(layers=3, width=9), (40, 30))
expected = engine.field(asked).values
if not (child := os.fork()):
    numbers = [library.num_threads for library in blas.LIBRARIES]
    same = np.array_equal(engine.field(asked).values, expected)
    engine.release()
    print(numbers, same, [library.num_threads for library in blas.LIBRARIES], flush=True)
    os._exit(0)
os.waitpid(child, 0)
engine.release()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_an_engine_works_on_in_the_child_of_a_fork() -> None:
    done = ran(sys.executable, "-W", "ignore", "-c", FORKED)
    assert (done.stdout, done.stderr) == ("[3] True [3]\n", "")
