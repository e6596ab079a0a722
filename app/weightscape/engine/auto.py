"""The engine that picks: for each network the quickest of those that work here, found out by a short measurement.

OpenGL has a thread of its own. Whoever paints a window never waits for it: the fallback answers while a context is
opened, a shader compiled, weights uploaded or a speed measured. Whoever writes a file waits, so that one engine does it
all. OpenGL's fallback is such an engine again: it picks between compiled code and NumPy.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import Cancelled, Engine, EngineError, Field, Held, Question, Values, pixel_grid
from weightscape.engine.speed import Memory, Rates, rate, shape_class
from weightscape.engine.threaded import ThreadedEngine
from weightscape.gpu.shader_file import FILES
from weightscape.network.interrupt import ignore, never
from weightscape.network.network import Network
from weightscape.network.view import Size

Answer = TypeVar("Answer")
# Networks from so many weights on take long enough to upload that the fallback draws meanwhile.
SLOW_UPLOAD = 1_000_000
# So many preparations are remembered.
PREPARED = 64


@dataclass(frozen=True)
class Found:
    """Hold what there is: engines worth measuring, who computes, and what is remembered of their speeds.

    `lack`: why there is no engine. `close` gives the context back, in the thread that made it.
    """

    engines: Sequence[Engine] = ()
    renderer: str = ""
    lack: str = ""
    memory: Memory | None = None
    close: Callable[[], object] = ignore


class AutoEngine:
    """Answer with the engine that suits the question; `waits`: rather late than with the second best.

    `look` is called in a thread of its own and finds the engines there, `what` they need; `fallback` answers where
    there is none, and meanwhile. `is_swift`: once found they are got ready so quickly that everybody waits for it.
    `reason` tells in a few words why `name` was picked last.
    """

    def __init__(
        self, fallback: Engine, look: Callable[[], Found], waits: bool, what: str = "OpenGL", is_swift: bool = False
    ) -> None:
        self._fallback, self._waits, self._what, self._is_swift = fallback, waits, what, is_swift
        self._thread, self._process = ThreadPoolExecutor(1, what), os.getpid()
        self._found = self._thread.submit(_looked, look)
        self._apart: dict[str, Engine] = {}
        self._trials: dict[str, Future[Rates]] = {}
        self._prepared: dict[tuple[object, ...], Future[object]] = {}
        self._broken: dict[str, str] = {}
        self._edition = FILES.edition
        self.methods = fallback.methods
        self.arithmetic = fallback.arithmetic
        self.name, self.reason = fallback.name, f"{what} is still being opened"
        self.has_watchdog, self.largest = fallback.has_watchdog, fallback.largest
        self.busy_s = self.longest_s = 0.0
        self.gpu_s: float | None = None

    @property
    def renderer(self) -> str:
        """Name who draws in OpenGL, "" while that is not known."""
        is_known = self._found.done() or (self._waits and self._process == os.getpid())
        return self._found.result().renderer if is_known else ""

    @property
    def is_pending(self) -> bool:
        """Tell whether something is still being opened, measured or prepared."""
        return not self._found.done() or self._is_busy()

    def pick(self, question: Question) -> Engine:
        """Choose, for a network, the quickest engine that is ready, or wait until it is."""
        engine, self.reason = self._picked(question)
        engine.pick(question)
        if isinstance(engine, AutoEngine):
            self.reason += f"; {engine.reason}"
        self.name, self.has_watchdog, self.largest = engine.name, engine.has_watchdog, engine.largest
        self.arithmetic = engine.arithmetic
        return engine

    def smallest(self, network: Network) -> int:
        """Tell the fallback's, which is never larger than needed."""
        return self._fallback.smallest(network)

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer with the engine that pick() tells; one that fails is not asked again, and the fallback answers."""
        return self._answered(question, lambda engine: engine.field(question, cancelled))

    def holds(self, question: Question) -> bool:
        """Tell what the engine does that would answer now."""
        return self.pick(question).holds(question)

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Held | Field:
        """Answer as field() does; the answer may stay on the GPU."""
        return self._answered(question, lambda engine: engine.held(question, cancelled))

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape with the engine that pick() tells, or with the fallback where that cannot."""
        engine = self.pick(question)
        try:
            return engine.seen(question, ground, sight, size, is_rough)
        except EngineError:
            if engine is self._fallback:
                raise
            return self._fallback.seen(question, ground, sight, size, is_rough)

    def release(self) -> None:
        """Give back everything, each in its thread."""
        self._fallback.release()
        if self._process != os.getpid():
            return
        for each in self._under_way():
            each.cancel()  # what has not begun
        found = self._found.result()
        try:
            for engine in found.engines:
                self._at(engine).release()
        finally:
            self._thread.submit(found.close).result()
            self._thread.shutdown()

    def _answered(self, question: Question, answer: Callable[[Engine], Answer]) -> Answer:
        engine = self.pick(question)
        try:
            return answer(engine)
        except Cancelled:
            raise
        except Exception as error:
            if engine is self._fallback:
                raise
            self._broken[_kind(engine, question)] = str(error) or type(error).__name__
            engine = self.pick(question)
            return answer(engine)
        finally:
            self.busy_s, self.longest_s = engine.busy_s, max(self.longest_s, engine.longest_s)
            self.gpu_s = engine.gpu_s

    def _picked(self, question: Question) -> tuple[Engine, str]:
        if self._process != os.getpid():
            return self._fallback, f"{self._what} stayed behind when this process was forked"
        if not (self._waits or self._found.done()):
            return self._fallback, f"{self._what} is still being opened"
        found = self._found.result()
        self._forgive()
        able = [engine for engine in found.engines if question.method in engine.methods]
        broken = {engine.name: self._broken.get(_kind(engine, question), "") for engine in able}
        engines = [self._at(engine) for engine in able if not broken[engine.name]]
        if found.engines and not able:
            return self._fallback, "float64" if question.is_double else "differences"
        if not engines:
            return self._fallback, found.lack or f"{self._what} failed: {'; '.join(broken.values())}"
        rates = self._rates(found, able, question)
        if rates is None:
            return self._fallback, f"{found.renderer} is being measured"
        best = max((self._fallback, *engines), key=lambda engine: rates.get(_known_as(engine), 0.0))
        if best is not self._fallback and not self._is_ready(best, question):
            return self._fallback, f"{best.name} is being prepared"
        if best is not self._fallback and self._is_busy():
            return self._fallback, f"{best.name} is being prepared for another network"
        return best, _comparison(_known_as(best), rates, found.renderer)

    def _forgive(self) -> None:
        """Try once more what has failed, if shaders have been edited since."""
        if self._edition != FILES.edition and self._broken:
            self._broken, self._trials = {}, {}
        self._edition = FILES.edition

    def _at(self, engine: Engine) -> Engine:
        """Wrap an engine of OpenGL's thread for this one."""
        return self._apart.setdefault(engine.name, ThreadedEngine(engine, self._thread))

    def _rates(self, found: Found, able: Sequence[Engine], question: Question) -> Rates | None:
        """Tell every able engine's speed on a class of shapes, measured the first time; None while that lasts."""
        engines, shape = (self._fallback, *able), shape_class(question.network, question.is_double)
        known = found.memory.get(shape) if found.memory else {}
        if all(_known_as(engine) in known for engine in engines):
            return known
        trial = self._trials.get(shape)
        if trial is None:
            trial = self._trials[shape] = self._thread.submit(self._try, engines, question)
        if not (self._waits or self._is_swift or trial.done()):
            return None
        rates = trial.result()
        if found.memory and rates != known and all(rates.values()):  # what failed once is tried again another time
            found.memory.put(shape, rates)
        return rates

    def _try(self, engines: Sequence[Engine], question: Question) -> Rates:
        rates = {}
        # What is remembered holds for other questions, too: a pattern without linear pieces takes no time at all.
        question = replace(question, answer="values")
        for engine in engines:
            name = _known_as(engine)
            try:
                if isinstance(engine, AutoEngine):
                    engine._found.result()  # the quicker of its engines is measured, once it is there
                rates[name] = rate(engine, question)
            except Exception as error:  # a driver's refusal is worth a word in `reason`, and no picture less
                rates[name] = 0.0
                self._broken[_kind(engine, question)] = str(error) or type(error).__name__
        return rates

    def _is_ready(self, engine: Engine, question: Question) -> bool:
        """Tell whether shader and weights are there; begin with them where they are not."""
        if self._waits or self._is_swift:
            return True
        key = _preparation(engine, question)
        if key not in self._prepared:
            # A driver that refuses is met again, and told, when the engine is asked in earnest.
            small = replace(question, grid=pixel_grid(1, 1))
            self._prepared = {**dict(list(self._prepared.items())[-PREPARED:]), key: self._warm_up(engine, small)}
        return self._prepared[key].done()

    def _is_busy(self) -> bool:
        """Tell whether a question would have to wait in the other thread, where nobody should."""
        return not (self._waits or self._is_swift) and not all(each.done() for each in self._under_way())

    def _under_way(self) -> list[Future[Any]]:
        return [*self._trials.values(), *self._prepared.values()]

    def _warm_up(self, engine: Engine, small: Question) -> Future[object]:
        inner = engine.inner if isinstance(engine, ThreadedEngine) else engine
        return self._thread.submit(inner.held if inner.holds(small) else inner.field, small)


def _looked(look: Callable[[], Found]) -> Found:
    """Look for engines; whatever goes wrong, the fallback is left."""
    try:
        return look()
    except Exception as error:
        return Found(lack=str(error) or type(error).__name__)


def _known_as(engine: Engine) -> str:
    """Name an engine for what is remembered: one that picks again is the processor, whoever of its engines answers."""
    return "processor" if isinstance(engine, AutoEngine) else engine.name


def _kind(engine: Engine, question: Question) -> str:
    """Name what fails or works together: an engine's floats, or its doubles."""
    return f"{engine.name}, double" if question.is_double else engine.name


def _preparation(engine: Engine, question: Question) -> tuple[object, ...]:
    """Tell what has to be compiled or takes long to upload: two questions with the same key need it once."""
    network = question.network
    widths, activations = sorted({*network.widths[1:]}), sorted({*network.activations})
    shape = _kind(engine, question), question.precision, network.widths[0], tuple(widths), tuple(activations)
    weights = sum({id(W): W.size for W in network.weights}.values())
    return *shape, question.answer, question.taps, id(network.weights[-1]) if weights > SLOW_UPLOAD else 0


def _comparison(name: str, rates: Rates, renderer: str) -> str:
    """Say how an engine compares: "2.1 x numpy on <renderer>"."""
    others = {other: speed for other, speed in rates.items() if other != name and speed > 0}
    if not others:
        return f"the only one that works on {renderer}"
    second = max(others, key=lambda other: others[other])
    return f"{rates[name] / others[second]:.1f} x {second} on {renderer}"
