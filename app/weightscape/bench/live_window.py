"""One window, measured from within: how soon a new view is seen, and how many pictures a second.

The window program's own loop does the work, a step at a time; what a hand would do comes as events. A process of its
own runs it: python -m weightscape.bench.live_window CASE, a LiveCase as JSON; a line of JSON is what was found.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from statistics import median
from typing import Any

from weightscape.bench.entrant import device
from weightscape.engine.auto import AutoEngine
from weightscape.engine.choice import PROCESSORS
from weightscape.engine.question import EngineError
from weightscape.explore.explorer import Explorer
from weightscape.explore.fetching import close
from weightscape.explore.frame import Frames
from weightscape.explore.loop import answer, step
from weightscape.explore.paint import heap
from weightscape.explore.paint.flow import Flow
from weightscape.explore.tell.card import Card
from weightscape.gpu.context import adapter
from weightscape.gpu.window_context import of_window
from weightscape.network.view import Size
from weightscape.scene.scene import Scene
from weightscape.window.event import Drag, Event, Scroll
from weightscape.window.window import Window, WindowError

# Engines are opened, compared and prepared within so many seconds, or measured as they are; and at least so many views.
SETTLE_S, SETTLE_VIEWS = 15.0, 3
# A first picture that needs longer is none.
PATIENCE_S = 30.0
# Views in one direction, then as many back: no view is deep.
VIEWS, FRAMES = 6, 24
DRAG_PX = (7.0, 3.0)


@dataclass(frozen=True)
class LiveCase:
    """Hold a network of independent tanh layers, a window's size, and for how many seconds it is measured."""

    layers: int
    width: int
    size: Size
    budget_s: float

    @property
    def name(self) -> str:
        """Name the network as the command line does."""
        return f"{self.layers}x{self.width}"

    @property
    def scene(self) -> Scene:
        """Give the scene that the window begins with."""
        return Scene(seed=1, layers=self.layers, width=self.width, tied=False)


class Hand:
    """Move an explorer's view as a hand would, and look at the clock. `finish` waits until all that is drawn is."""

    def __init__(self, explorer: Explorer, finish: Callable[[], object]) -> None:
        self.explorer, self._finish = explorer, finish
        self._frames, self._clock = Frames(explorer), time.perf_counter
        self._wheel, self._zoom = count(), count()

    def settle(self) -> None:
        """Look at views until the engine that is to answer does."""
        self.explorer.ask()
        until = self._clock() + SETTLE_S
        for n in count(1):
            engine = self.explorer.painter.choice and self.explorer.painter.choice.engine
            was_ready = engine is not None and not (isinstance(engine, AutoEngine) and engine.is_pending)
            self.change(self._clock())
            if self._clock() > until or (was_ready and n >= SETTLE_VIEWS):
                return

    def change(self, until: float) -> tuple[float, float | None]:
        """Turn the wheel by one step: the seconds to first pixels, and to all, None where the clock comes to `until`.

        Raises EngineError where nothing is seen.
        """
        start, first = self._clock(), None
        self.explorer.flow = Flow()  # one step, not one of many, whose picture would be coarse
        answer(self.explorer, [self._turn(self._wheel, VIEWS, 1.0)])
        assert self.explorer.request
        number = self.explorer.request.number
        while first is None or self._clock() < until:
            self._step(start)
            is_seen = self.explorer.seen >= number
            if is_seen and first is None:
                self._finish()
                first = self._clock() - start
            if is_seen and self.explorer.done >= 1.0:
                self._finish()
                return first or 0.0, self._clock() - start
        return first, None

    def changes(self, seconds: float) -> dict[str, Any]:
        """Turn the wheel for so long, at least once: medians."""
        until, found = self._clock() + seconds, list[tuple[float, float | None]]()
        while not found or self._clock() < until:
            found.append(self.change(until))
        whole = [each for _, each in found if each is not None]
        spent = self.explorer.painter.spent
        return {
            "changes": len(found),
            "first_s": median(first for first, _ in found),
            "whole_s": median(whole) if whole else None,
            "gpu_s": spent.gpu_s if whole and spent.gpu_s else None,
            "cpu_s": spent.cpu_s if whole and spent.cpu_s else None,
        }

    def dragged(self, seconds: float) -> float:
        """Drag for so long: new pictures a second."""
        return self._pictures(seconds, lambda: [Drag(*DRAG_PX)])

    def zoomed(self, seconds: float) -> float:
        """Turn the wheel by little every frame for so long: new pictures a second."""
        return self._pictures(seconds, lambda: [self._turn(self._zoom, FRAMES, 0.25)])

    def timed(self, seconds: float) -> float:
        """Let time run for so long: new pictures a second."""
        explorer = self.explorer
        explorer.show(replace(explorer.scene, inputs=("x", "y", "cos_t", "sin_t")))
        self.settle()
        return self._pictures(seconds, list)

    def _pictures(self, seconds: float, events: Callable[[], list[Event]]) -> float:
        start, seen, pictures = self._clock(), self.explorer.seen, 0
        while not pictures or self._clock() < start + seconds:
            answer(self.explorer, events())
            self._step(start)
            pictures += self.explorer.seen > seen
            seen = self.explorer.seen
        self._finish()
        return pictures / (self._clock() - start)

    def _turn(self, turns: Iterator[int], most: int, steps: float) -> Scroll:
        """Turn the wheel in the window's middle: `most` times inwards, then as often outwards."""
        width, height = self.explorer.window.size_px
        way = 1.0 if next(turns) // most % 2 == 0 else -1.0
        return Scroll(width / 2, height / 2, way * steps)

    def _step(self, start: float) -> None:
        step(self.explorer, self._frames)
        fault = self.explorer.fault or ("the window was closed" if self.explorer.window.should_close else "")
        if self._clock() > start + PATIENCE_S:
            fault = fault or f"nothing is seen within {PATIENCE_S:.0f} s"
        if fault:
            raise EngineError(fault)


@contextmanager
def opened(case: LiveCase) -> Iterator[tuple[Explorer, Any]]:
    """Open a case's window, which does not wait for the screen, and give it and its OpenGL. Raises WindowError."""
    heap.keep_small()
    window = Window("weightscape bench", case.size)
    try:
        window.set_free()
        explorer = Explorer(window, case.scene)
        explorer.guide.card = Card(None)  # a measurement tries nothing for the user, and is not in the way
        explorer.guide.card.close()
        try:
            yield explorer, of_window(window.address)
        finally:
            window.hide()
            close(explorer)
    finally:
        window.close()


def measured(case: LiveCase) -> dict[str, Any]:
    """Measure a case: a row of the table. Raises WindowError without a display, EngineError where nothing is seen."""
    with opened(case) as (explorer, ctx):
        hand, part = Hand(explorer, ctx.finish), case.budget_s / 6
        hand.settle()
        found = hand.changes(3 * part)
        rates = {"drag_fps": hand.dragged(part), "zoom_fps": hand.zoomed(part), "time_fps": hand.timed(part)}
        choice = explorer.painter.choice
        assert choice
        name = choice.engine.name
        return {
            "network": case.name,
            "layers": case.layers,
            "width": case.width,
            "size": list(explorer.window.size_px),
            "name": name,
            "device": device("" if name in PROCESSORS else choice.renderer),
            "renderer": adapter(ctx).renderer,
            "software": adapter(ctx).is_software,
            "held": explorer.shared is not None,
            **found,
            **rates,
        }


def main(text: str) -> None:
    """Measure the case of a text and print what was found, or why there is no window or no picture."""
    given = json.loads(text)
    try:
        found = measured(LiveCase(**given | {"size": tuple(given["size"])}))
    except WindowError as error:
        found = {"no_window": str(error)}
    except EngineError as error:
        found = {"lack": str(error)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
