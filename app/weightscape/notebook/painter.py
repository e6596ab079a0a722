"""The thread that draws for widgets what the browser cannot: coarse first, the newest view of each, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Condition, Thread

from weightscape.engine.choice import opened
from weightscape.engine.question import Cancelled, Engine
from weightscape.file.png import png_pieces
from weightscape.network.view import Size
from weightscape.picture.bands import picture_bands
from weightscape.picture.questions import PrecisionName
from weightscape.picture.watch import Watch
from weightscape.scene.scene import Scene

# Of the first picture: one pixel for so many a side.
COARSE = 4
# Smaller pictures are fine at once.
SMALL = 128
# After so long without a request the thread ends: its engine holds BLAS to one thread, and cells want all of them.
IDLE_S = 2.0

# What is told of a request: "picture" with its PNG and whether it is fine, or "problem" with a sentence.
Answer = Callable[[dict[str, object], bytes], object]


@dataclass(frozen=True)
class Request:
    """Ask for a scene in so many pixels; `answer` is called from the painter's thread."""

    scene: Scene
    size: Size
    precision: PrecisionName
    answer: Answer


class Painter:
    """Draw for all widgets of a process; its thread begins with a request and ends once nobody asks."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: dict[object, Request] = {}
        self._thread: Thread | None = None

    def ask(self, who: object, request: Request) -> None:
        """Draw this in place of what the same asker has asked before."""
        with self._changed:
            self._waiting.pop(who, None)
            self._waiting[who] = request
            if self._thread is None:
                self._thread = Thread(target=self._run, name="weightscape notebook", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        with opened("auto", niceness=5) as choice:
            while found := self._next():
                who, request = found
                self._draw(choice.engine, request, Watch(partial(self._waiting.__contains__, who)))

    def _next(self) -> tuple[object, Request] | None:
        """Take the request that waits longest; None, after which the thread must end, where nobody asks."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._waiting), IDLE_S):
                self._thread = None
                return None
            who = next(iter(self._waiting))
            return who, self._waiting.pop(who)

    def _draw(self, engine: Engine, request: Request, watch: Watch) -> None:
        """Answer once or twice, as long as nothing newer is asked."""
        strides = (COARSE, 1) if min(request.size) >= SMALL else (1,)
        try:
            for stride in strides:
                request.answer({"kind": "picture", "isFine": stride == 1}, drawn(engine, request, stride, watch))
        except Cancelled:
            return
        except Exception as error:  # what it is about is told in the widget; the thread goes on
            request.answer({"kind": "problem", "text": str(error) or type(error).__name__}, b"")


def drawn(engine: Engine, request: Request, stride: int, watch: Watch) -> bytes:
    """Render a request's picture as PNG. Raises engine.question.Cancelled where it is not wanted any more."""
    width, height = (max(1, side // stride) for side in request.size)
    bands = picture_bands(engine, request.scene, (width, height), 1, request.precision, watch)
    return b"".join(png_pieces((width, height), bands, {}, level=1))


PAINTER = Painter()
