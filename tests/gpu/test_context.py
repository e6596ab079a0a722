"""OpenGL contexts come and go, and leave the thread, the caller's own contexts and the memory as they were."""

import ctypes
import os
import subprocess
import sys
import threading
from typing import Any

import moderngl
import numpy as np
import pytest
from patience import ran

import weightscape
from weightscape.engine import choice
from weightscape.gpu import context, egl

SCENE = weightscape.Scene(layers=2, width=4)
GROWTH = """
import sys, threading
import weightscape
what, engine, is_apart = getattr(weightscape, sys.argv[1]), sys.argv[2], sys.argv[3] == "apart"

def ask(seed):
    what(weightscape.Scene(seed=seed, layers=2, width=4), size=(8, 8), engine=engine)

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

for seed in range(70):
    if is_apart:
        thread = threading.Thread(target=ask, args=(seed,))
        thread.start()
        thread.join()
    else:
        ask(seed)
    if seed == 20:
        before = resident()
print(resident() - before, threading.active_count())
"""


def picture(engine: Any = "fragment") -> Any:
    return weightscape.render(SCENE, size=(8, 8), engine=engine)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    ("what", "engine", "where"),
    [
        ("render", "auto", "here"),
        ("render", "auto", "apart"),
        ("field", "auto", "here"),
        ("render", "numpy", "here"),
        ("render", "fragment", "apart"),
        ("field", "compute", "here"),
    ],
)
def test_a_picture_leaves_no_memory_behind(what: str, engine: str, where: str, ctx: Any) -> None:
    done = subprocess.run([sys.executable, "-c", GROWTH, what, engine, where], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    growth, threads = map(int, done.stdout.split())
    # A context that stays open takes 2.5 MB, which makes 120 MB of 49 pictures.
    assert growth < 20e6
    assert threads == 1


def test_the_callers_own_context_stays_current(gl: Any) -> None:
    gl.__enter__()
    before, default = egl.current(), moderngl.get_context()
    assert before
    assert before.context
    for engine in ("fragment", "compute", "auto"):
        picture(engine)
        assert egl.current() == before
        assert moderngl.get_context() is default


def test_a_thread_that_had_no_context_has_none_afterwards(gl: Any) -> None:
    seen: list[Any] = []

    def ask() -> None:
        for engine in ("fragment", "auto"):
            picture(engine)
            seen.append(egl.current())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert [each.context for each in seen] == [0, 0]


def test_a_context_is_made_once_for_one_picture_after_another_wherever_they_are_asked_for(
    gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    create = context._created
    picture()

    def counted(settings: dict[str, Any]) -> Any:
        ctx = create(settings)
        made.append(settings)
        return ctx

    monkeypatch.setattr(context, "_created", counted)
    expected = picture()
    threads = [threading.Thread(target=picture) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    assert made == []
    with choice.opened("fragment"), choice.opened("fragment"):
        assert len(made) == 1, "one is in use, another one is needed"
    assert np.array_equal(picture(), expected)


def test_pictures_at_once_in_several_threads_are_those_of_one(gl: Any) -> None:
    expected, gate, found = picture(), threading.Barrier(4), []

    def ask() -> None:
        gate.wait()
        found.extend(picture() for _ in range(3))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert all(np.array_equal(each, expected) for each in found)
    assert len(context._resting) <= 4


def test_a_context_with_a_fault_does_not_rest(gl: Any) -> None:
    faulty = context.standalone()
    enable = ctypes.CFUNCTYPE(None, ctypes.c_uint)(faulty.mglo._context.load("glEnable"))
    enable(0xFFFF)  # there is no such thing
    context.close(faulty)
    assert faulty not in context._resting


def test_that_opengl_is_software_is_found_out_once(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = choice.look()
    if found.engines:
        found.close()
        pytest.skip("a GPU")

    def again() -> Any:
        raise AssertionError("asked again")

    monkeypatch.setattr(context, "standalone", again)
    assert choice.look() == found


FORKED = """
import os, sys
import numpy as np
import weightscape
from weightscape.picture.questions import question
from weightscape.engine.choice import opened

def picture(engine):
    return weightscape.render(weightscape.Scene(layers=2, width=4), size=(8, 8), engine=engine)

def refused(act):
    try:
        act()
    except weightscape.EngineError as error:
        return str(error)

expected = picture("auto")
picture("fragment")
asked = question(weightscape.Scene(layers=2, width=4), (8, 8))
with opened("compute") as forced, opened("auto") as auto:
    auto.engine.pick(asked)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    else:
        print(refused(lambda: picture("fragment")))
        print(refused(lambda: forced.engine.field(asked)))
        print(np.array_equal(picture("auto"), expected), auto.engine.field(asked).values.shape)
        auto.engine.release()
        sys.stdout.flush()
        os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_the_child_of_a_fork_is_told_to_spawn_and_auto_goes_on_with_numpy(ctx: Any) -> None:
    done = ran(sys.executable, "-W", "ignore", "-c", FORKED)
    assert (done.returncode, done.stderr) == (0, "")
    new, old, auto, status = done.stdout.splitlines()
    assert new == f"the fragment engine cannot work: {context.FORKED}"
    assert old == context.FORKED
    assert 'multiprocessing.get_context("spawn")' in old
    assert (auto, status) == ("True (8, 8, 3)", "0")
