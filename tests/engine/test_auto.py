"""The engine that picks: by measured speed, never waiting in a window, never giving up."""

import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from patience import PATIENCE_S

from weightscape.deep.accuracy import METHODS, Method
from weightscape.draw.camera import Box, fitted
from weightscape.draw.relief import Ground, Sight
from weightscape.engine import auto as auto_module
from weightscape.engine import choice
from weightscape.engine.auto import AutoEngine, Found
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Cancelled, Engine, EngineError, Field, Question, Values, plain, work
from weightscape.engine.shader.shader_answer import FLOATS
from weightscape.engine.speed import Memory, rate, shape_class
from weightscape.engine.tile import LARGEST_GPU_TILE, Pace
from weightscape.gpu.device import is_software_alone
from weightscape.gpu.shader_file import FILES
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

HERE = "some GPU, some driver"


class Stub:
    """An engine that answers with one number, once `gate` is open."""

    has_watchdog, largest, busy_s, longest_s = True, LARGEST_GPU_TILE, 1e-3, 1e-3

    def __init__(self, name: str, value: float, fault: str = "", methods: Collection[Method] = FLOATS) -> None:
        self.methods, self.gpu_s = methods, None if name == "numpy" else 5e-4
        self.name, self.value, self.fault = name, value, fault
        self.arithmetic = f"sums of {name}"
        self.gate, self.threads, self.asked, self.is_released = threading.Event(), set[str](), 0, False
        self.gate.set()

    def pick(self, question: Question) -> Engine:
        return self

    def smallest(self, network: Network) -> int:
        return 1

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        assert self.gate.wait(PATIENCE_S)
        self.threads.add(threading.current_thread().name)
        self.asked += 1
        if self.fault:
            raise RuntimeError(self.fault)
        if cancelled():
            raise Cancelled
        return plain(np.full((question.grid.rows, question.grid.columns, question.channels), self.value, np.float32))

    def holds(self, question: Question) -> bool:
        return False

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        self.threads.add(threading.current_thread().name)
        if self.fault:
            raise EngineError(self.fault)
        return np.full((size[1], size[0], 3), self.value, np.float32)

    def release(self) -> None:
        self.is_released = True


def asked(**fields: Any) -> Question:
    return question(Scene(layers=3, width=5, **fields), (4, 4))


@contextmanager
def auto(found: Found, waits: bool, gate: threading.Event | None = None) -> Iterator[AutoEngine]:
    def look() -> Found:
        assert gate is None or gate.wait(PATIENCE_S)
        return found

    engine = AutoEngine(Stub("numpy", 1.0), look, waits)
    try:
        yield engine
    finally:
        engine.release()


def memory(**rates: float) -> Memory:
    """A memory that knows the speeds of the network asked for."""
    made = Memory(None, HERE)
    made.put(shape_class(asked().network), rates)
    return made


def value(engine: Engine, ask: Question) -> float:
    return float(engine.field(ask).values[0, 0, 0])


def settled(engine: AutoEngine) -> None:
    """Wait until OpenGL's thread has done what it has been given."""
    engine._thread.submit(int).result()


@pytest.mark.parametrize(
    ("rates", "best"),
    [
        ({"numpy": 1.0, "fragment": 3.0, "compute": 2.0}, "fragment"),
        ({"numpy": 1.0, "fragment": 3.0, "compute": 12.0}, "compute"),
        ({"numpy": 9.0, "fragment": 3.0, "compute": 2.0}, "numpy"),
    ],
)
def test_the_quickest_answers_and_the_reason_has_the_figure(rates: dict[str, float], best: str) -> None:
    engines = Stub("fragment", 2.0), Stub("compute", 3.0)
    with auto(Found(engines, "the GPU", memory=memory(**rates)), waits=True) as engine:
        assert value(engine, asked()) == {"numpy": 1.0, "fragment": 2.0, "compute": 3.0}[best]
        assert engine.name == best
        assert engine.gpu_s == (None if best == "numpy" else 5e-4)
        second = sorted(rates.values())[-2]
        assert engine.reason.startswith(f"{rates[best] / second:.1f} x ")
        assert engine.reason.endswith("on the GPU")
    assert all(each.is_released and each.threads <= {"OpenGL_0"} for each in engines)


def landscape() -> tuple[Ground, Sight]:
    box = Box(1.0, 1.0, -0.3, 0.3)
    ground = Ground(np.zeros((4, 4, 4), np.float32), -0.75, 0.75, 0.5)
    return ground, Sight(fitted(box, 30.0, 50.0, (4, 4)), box, 1.0, (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("speed", "fault", "drawn"), [(9.0, "", 2.0), (9.0, "no room", 1.0), (0.5, "", 1.0)])
def test_who_answers_draws_the_landscape_in_its_thread_or_else_numpy(speed: float, fault: str, drawn: float) -> None:
    fragment = Stub("fragment", 2.0, fault)
    with auto(Found((fragment,), memory=memory(numpy=1.0, fragment=speed)), waits=True) as engine:
        assert (engine.seen(asked(), *landscape(), (3, 2), False) == drawn).all()
    assert fragment.threads == ({"OpenGL_0"} if speed > 1.0 else set())


def double() -> Question:
    return question(Scene(layers=3, width=5), (4, 4), "double")


def test_double_precision_is_numpys_where_no_other_engine_has_it() -> None:
    with auto(Found((Stub("compute", 3.0),), memory=memory(numpy=1.0, compute=9.0)), waits=True) as engine:
        assert value(engine, double()) == 1.0
        assert engine.reason == "float64"


@pytest.mark.parametrize(("speed", "best"), [(9.0, 3.0), (0.5, 1.0)])
def test_double_precision_goes_by_its_own_speeds(speed: float, best: float) -> None:
    engines = Stub("fragment", 2.0), Stub("compute", 3.0, methods=METHODS)
    known = memory(numpy=1.0, fragment=5.0, compute=2.0)
    known.put(shape_class(asked().network, is_double=True), {"numpy": 1.0, "compute": speed})
    with auto(Found(engines, "the GPU", memory=known), waits=True) as engine:
        assert value(engine, double()) == best
        assert value(engine, asked()) == 2.0


def test_an_engine_whose_doubles_fail_keeps_its_floats() -> None:
    class Floats(Stub):
        def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
            if question.is_double:
                raise RuntimeError("no doubles")
            return super().field(question, cancelled)

    known = memory(numpy=1.0, compute=9.0)
    known.put(shape_class(asked().network, is_double=True), {"numpy": 1.0, "compute": 9.0})
    found = Found((Floats("compute", 3.0, methods=METHODS),), "the GPU", memory=known)
    with auto(found, waits=True) as engine:
        assert value(engine, double()) == 1.0
        assert engine.reason == "OpenGL failed: no doubles"
        assert value(engine, asked()) == 3.0


def test_double_precision_is_not_timed_by_single() -> None:
    pace, engine = Pace(), Stub("compute", 3.0, methods=METHODS)
    pace.rates["compute", False] = 1e13
    single, double = (question(Scene(layers=40, width=60), (4, 4), each) for each in ("single", "double"))
    assert pace.points(engine, double, 0.2) < pace.points(engine, single, 0.2) / 100
    pace.learn(engine, double)
    assert pace.rate(engine) == 1e13


def test_a_window_waits_for_nothing() -> None:
    opening, compute = threading.Event(), Stub("compute", 3.0)
    compute.gate.clear()
    found = Found((compute,), "the GPU", memory=memory(numpy=1.0, compute=9.0))
    with auto(found, waits=False, gate=opening) as engine:
        assert value(engine, asked()) == 1.0
        assert engine.reason == "OpenGL is still being opened"
        assert engine.is_pending
        opening.set()
        settled(engine)
        assert value(engine, asked()) == 1.0
        assert engine.reason == "compute is being prepared"
        assert engine.is_pending
        compute.gate.set()
        settled(engine)
        assert not engine.is_pending
        assert value(engine, asked()) == 3.0
        assert value(engine, asked(seed=5)) == 3.0, "another small network needs no preparation"
        assert value(engine, asked(activation="relu")) == 1.0, "another shader does"


def test_a_window_does_not_wait_behind_another_networks_shader() -> None:
    compiles = threading.Event()

    class Compiling(Stub):
        def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
            if question.network.activations[0] == "relu":
                assert compiles.wait(PATIENCE_S)
            return super().field(question, cancelled)

    compute = Compiling("compute", 3.0)
    with auto(Found((compute,), "the GPU", memory=memory(numpy=1.0, compute=9.0)), waits=False) as engine:
        settled(engine)
        engine.pick(asked())
        settled(engine)
        assert value(engine, asked()) == 3.0
        assert value(engine, asked(activation="relu")) == 1.0
        assert value(engine, asked()) == 1.0, "its own shader is there, but not its turn"
        assert engine.reason == "compute is being prepared for another network"
        compiles.set()
        settled(engine)
        assert value(engine, asked()) == 3.0
        assert value(engine, asked(activation="relu")) == 3.0


def test_a_window_does_not_wait_behind_a_measurement() -> None:
    compute = Stub("compute", 3.0)
    with auto(Found((compute,), "the GPU", memory=memory(numpy=1.0, compute=9.0)), waits=False) as engine:
        settled(engine)
        engine.pick(asked())
        settled(engine)
        compute.gate.clear()
        assert engine.pick(question(Scene(layers=40, width=200), (4, 4))).name == "numpy"
        assert value(engine, asked()) == 1.0
        compute.gate.set()
        settled(engine)
        assert value(engine, asked()) == 3.0


def test_a_window_draws_while_speeds_are_measured_and_they_are_kept(tmp_path: Path) -> None:
    path, compute = tmp_path / "deep" / "engines.json", Stub("compute", 3.0)
    compute.gate.clear()
    found = Found((compute,), "the GPU", memory=Memory(path, HERE))
    with auto(found, waits=False) as engine:
        settled(engine)
        assert value(engine, asked()) == 1.0
        assert engine.reason == "the GPU is being measured"
        compute.gate.set()
        settled(engine)
        engine.pick(asked())
    assert {*Memory(path, HERE).get(shape_class(asked().network))} == {"numpy", "compute"}
    assert Memory(path, "another machine").get(shape_class(asked().network)) == {}


def test_an_engine_that_fails_is_not_asked_again() -> None:
    broken, fragment = Stub("compute", 3.0, fault="out of memory"), Stub("fragment", 2.0)
    found = Found((broken, fragment), "the GPU", memory=memory(numpy=1.0, fragment=2.0, compute=9.0))
    with auto(found, waits=True) as engine:
        assert value(engine, asked()) == 2.0
        assert value(engine, asked()) == 2.0
        assert broken.asked == 1
    with auto(Found((broken,), "the GPU", memory=memory(numpy=1.0, compute=9.0)), waits=True) as engine:
        assert value(engine, asked()) == 1.0
        assert engine.reason == "OpenGL failed: out of memory"


def test_an_engine_that_fails_its_trial_is_none() -> None:
    broken = Stub("compute", 3.0, fault="no such shader")
    with auto(Found((broken,), "the GPU", memory=Memory(None, HERE)), waits=True) as engine:
        assert value(engine, asked()) == 1.0
        assert value(engine, asked()) == 1.0
        assert "no such shader" in engine.reason
        assert broken.asked == 1


def test_opengl_that_cannot_even_be_looked_for_is_a_reason() -> None:
    def look() -> Found:
        raise ImportError("no moderngl here")

    engine = AutoEngine(Stub("numpy", 1.0), look, waits=True)
    assert value(engine, asked()) == 1.0
    assert engine.reason == "no moderngl here"
    engine.release()


def test_a_cancelled_answer_is_no_failure() -> None:
    with auto(Found((Stub("compute", 3.0),), memory=memory(numpy=1.0, compute=9.0)), waits=True) as engine:
        with pytest.raises(Cancelled):
            engine.field(asked(), lambda: True)
        assert value(engine, asked()) == 3.0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": {"b": {"c": "d"}}}', "[" * 100_000, "\0"])
def test_a_damaged_memory_is_forgotten_and_written_anew(text: str, tmp_path: Path) -> None:
    path = tmp_path / "engines.json"
    path.write_text(text)
    made = Memory(path, HERE)
    assert made.get("4x8") == {}
    made.put("4x8", {"numpy": 1.0})
    assert Memory(path, HERE).get("4x8") == {"numpy": 1.0}


def test_a_memory_that_cannot_be_written_still_remembers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made = Memory(tmp_path / "file" / "engines.json", HERE)
    made.put("4x8", {"numpy": 1.0})
    assert made.get("4x8") == {"numpy": 1.0}


def test_shapes_are_measured_by_class() -> None:
    def name(layers: int, width: int) -> str:
        return shape_class(question(Scene(layers=layers, width=width), (4, 4)).network)

    assert name(27, 30) == name(32, 32) == name(17, 17) == "32x32"
    assert name(33, 30) == "64x32"
    assert name(1, 30) == "1x4"


@pytest.mark.parametrize(("speed", "answers"), [(1e5, 2), (3e8, 9), (1e10, 12)])
def test_a_rate_is_what_the_engine_does_a_second_once_an_answer_takes_long_enough(speed: float, answers: int) -> None:
    now = 0.0

    class Timed(Stub):
        def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
            nonlocal now
            now += question.grid.points * work(question.network) / speed + (0.001 if self.asked else 3.0)
            return super().field(question, cancelled)

    engine = Timed("compute", 3.0)
    # An answer of 0.01 s is long enough for the millisecond that each takes in any case; the first does not count.
    assert 0.9 * speed <= rate(engine, asked(), lambda: now) <= speed
    assert engine.asked == answers


def test_real_opengl_is_found_measured_and_agrees(gl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_CACHE_DIR", str(tmp_path))
    engine = AutoEngine(NumpyEngine(), lambda: choice.look(with_software=True), waits=True)
    ask = asked()
    engine.pick(ask)
    assert (tmp_path / "engines.json").exists()
    rates = engine._rates(engine._found.result(), engine._found.result().engines, ask)
    assert rates
    assert {*rates} == {"numpy", "fragment", "compute"}
    assert min(rates.values()) > 0
    values = engine.field(ask).values
    truth = NumpyEngine()
    assert np.abs(values - truth.field(ask).values).max() < 2e-6
    truth.release()
    engine.release()


def test_auto_never_takes_software_by_itself(gl: Any) -> None:
    found = choice.look()
    if found.engines:
        pytest.skip("a GPU")
    assert found.lack == "OpenGL is software here and a processor's engines are quicker"
    with choice.opened("auto") as opened:
        assert opened.engine.pick(asked()).name in choice.PROCESSORS
        assert opened.reason.startswith(f"{found.lack}; ")
        assert opened.renderer == found.renderer


@pytest.mark.slow
def test_where_there_is_software_alone_auto_does_not_even_load_its_driver() -> None:
    if not is_software_alone():
        pytest.skip("EGL knows of hardware")
    shown = "print(any(name in line for line in open('/proc/self/maps') for name in ('dri.so', 'gallium')))"
    drawn = "weightscape.render(weightscape.Scene(), size=(64, 64), engine={!r}); " + shown
    loaded = {}
    for name in ("auto", "fragment"):
        code = "import weightscape; " + drawn.format(name)
        loaded[name] = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
    assert loaded == {"auto": "False", "fragment": "True"}


def test_what_has_failed_is_tried_again_once_shaders_were_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Stub("fragment", 2.0, fault="fused.frag:3: oops")
    with auto(Found([broken], "the GPU"), waits=True) as engine:
        assert [value(engine, asked()) for _ in range(2)] == [1.0, 1.0]
        assert engine.reason == "OpenGL failed: fused.frag:3: oops"
        broken.fault, tried = "", broken.asked
        assert value(engine, asked()) == 1.0
        assert broken.asked == tried
        monkeypatch.setattr(FILES, "edition", FILES.edition + 1)
        assert value(engine, asked()) in (1.0, 2.0)  # which is quicker
        assert broken.asked > tried
        assert "failed" not in engine.reason


def test_speeds_of_shaders_that_are_edited_are_kept_nowhere(
    gl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_CACHE_DIR", str(tmp_path))
    for is_watched in (True, False):
        with monkeypatch.context() as patch:
            if is_watched:
                patch.setattr(FILES, "_folder", tmp_path)
            found = choice.look(with_software=True)
        for each in found.engines:
            each.release()
        found.close()
        assert (found.memory is None) == is_watched


@contextmanager
def both(folder: Path) -> Iterator[AutoEngine]:
    """The processor's two engines, and a GPU's."""
    jit, fragment = Stub("jit", 2.0), Stub("fragment", 3.0)
    inner = AutoEngine(
        Stub("numpy", 1.0),
        lambda: Found([jit], "a processor", "", Memory(folder / "a.json", HERE)),
        waits=True,
        what="the compiler",
        is_swift=True,
    )
    engine = AutoEngine(inner, lambda: Found([fragment], "a GPU", "", Memory(folder / "a.json", "the GPU")), waits=True)
    yield engine
    engine.release()


def test_a_processor_of_two_engines_is_one_beside_a_gpu_in_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow, wide = asked(), question(Scene(layers=3, width=300), (4, 4))
    speeds = {
        shape_class(narrow.network): {"numpy": 1.0, "jit": 9.0, "fragment": 5.0},
        shape_class(wide.network): {"numpy": 9.0, "jit": 1.0, "fragment": 5.0},
    }
    measured: list[str] = []

    def told(engine: Any, of: Question) -> float:
        measured.append(engine.name)
        if isinstance(engine, AutoEngine):
            engine.pick(of)
        return speeds[shape_class(of.network)][engine.name]

    monkeypatch.setattr(auto_module, "rate", told)
    for _ in range(2):
        with both(tmp_path) as engine:
            found = [(value(engine, each), engine.name) for each in (narrow, wide, narrow)]
        assert found == [(2.0, "jit"), (1.0, "numpy"), (2.0, "jit")]
    assert len(measured) == 8  # two classes, of each the processor's engines and the two of them beside the GPU


def test_what_fails_in_its_trial_is_tried_again_in_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for fault, name in (("out of memory", "numpy"), ("", "fragment")):
        found = Found([Stub("fragment", 2.0, fault)], "a GPU", "", Memory(path, HERE))
        with auto(found, waits=True) as engine:
            assert found.memory
            assert found.memory.get(shape_class(asked().network)) == {}
            assert value(engine, asked()) > 0.0
            assert fault == "" or engine.name == name
