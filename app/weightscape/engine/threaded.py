"""An engine that lives in a thread of its own, because OpenGL contexts belong to one thread.

Whoever asks may do something else meanwhile: compiling and uploading hold up nobody.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import Engine, Field, Held, Question, Values
from weightscape.network.interrupt import never
from weightscape.network.network import Network
from weightscape.network.view import Size

Answer = TypeVar("Answer")


class ThreadedEngine:
    """Pass questions on to `engine`, which only ever runs in `thread`, an executor of one thread."""

    def __init__(self, engine: Engine, thread: Executor) -> None:
        self.name, self.methods, self.has_watchdog = engine.name, engine.methods, engine.has_watchdog
        self.largest, self.busy_s, self.longest_s = engine.largest, 0.0, 0.0
        self.arithmetic = engine.arithmetic
        self.gpu_s: float | None = None
        self.inner, self._thread = engine, thread

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell the engine's own."""
        return self.inner.smallest(network)

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer from the other thread, and wait for it."""
        return self._done(self.inner.field, question, cancelled)

    def holds(self, question: Question) -> bool:
        """Tell the engine's own."""
        return self.inner.holds(question)

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Held | Field:
        """Answer from the other thread, and wait for it; the answer may stay on the GPU."""
        return self._done(self.inner.held, question, cancelled)

    def _done(
        self, ask: Callable[[Question, Callable[[], bool]], Answer], question: Question, cancelled: Callable[[], bool]
    ) -> Answer:
        answer = self._thread.submit(ask, question, cancelled).result()
        self.busy_s, self.longest_s = self.inner.busy_s, self.inner.longest_s
        self.gpu_s = self.inner.gpu_s
        return answer

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape in the other thread, and wait for it."""
        return self._thread.submit(self.inner.seen, question, ground, sight, size, is_rough).result()

    def release(self) -> None:
        """Release the engine in its thread."""
        self._thread.submit(self.inner.release).result()
