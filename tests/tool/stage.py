"""The window program in a process of its own, stepped by the tests: they send functions to run there, with a Stage."""

import contextlib
import multiprocessing
import os
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from typing import Any

from display import opened_display
from patience import PATIENCE_S, until

from weightscape.picture.exposure import Patch
from weightscape.scene.scene import Scene


class Stage:
    """In the process with the window: an explorer, and its loop by the step."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        from weightscape.explore.explorer import Explorer
        from weightscape.explore.frame import Frames
        from weightscape.window.window import Window

        self.window = Window("weightscape stage", size)
        self.explorer = Explorer(self.window, scene)
        self.frames = Frames(self.explorer)
        self.rested = 0  # number of the last request that came to rest
        self.explorer.diary.write = self._note  # type: ignore[method-assign]
        self.notices: list[str] = []
        self.painted: list[tuple[int, float]] = []  # requests, and the pixels of each patch that was painted for them
        paint = self.explorer.screen.paint

        def noted(painted: Any) -> None:
            patch = painted.patch
            if isinstance(patch, Patch) and not patch.is_empty and not patch.is_kept:
                rows, columns = patch.values.shape[:2]
                self.painted.append((painted.request.number, rows * columns * patch.stride**2))
            paint(painted)

        self.explorer.screen.paint = noted  # type: ignore[method-assign]
        self.explorer.ask()

    def _note(self, event: str, **details: Any) -> None:
        if event == "rest":
            self.rested = details["number"]
        if event in ("notice", "fault"):
            self.notices.append(str(details))

    def step(self) -> None:
        from weightscape.explore.loop import step

        self.window.wake()  # it waits for nothing
        step(self.explorer, self.frames)

    def rest(self) -> None:
        """Step until the picture that was asked for last is at rest and drawn."""

        def is_at_rest() -> bool:
            self.step()
            request = self.explorer.request
            return request is not None and self.rested == request.number and not self.explorer.dirty

        until(is_at_rest, "rest")

    def show(self, scene: Scene) -> None:
        self.explorer.show(scene)
        self.rest()

    def close(self) -> None:
        from weightscape.explore.fetching import close

        close(self.explorer)
        self.window.close()


class Theatre:
    """In the process with the tests."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function on the stage; it gets the Stage first."""
        self._pipe.send((function, arguments))
        assert self._pipe.poll(10 * PATIENCE_S), f"{function.__name__} does not end"
        done, result = self._pipe.recv()
        assert done, result
        return result


@contextlib.contextmanager
def opened_stage(
    scene: Scene, size: tuple[int, int], environment: Mapping[str, str], before: Callable[[], object] = tuple
) -> Iterator[Theatre]:
    """Open a window of a display of its own; it is closed, and its process ends well, afterwards.

    `before` runs there before the window is opened.
    """
    context = multiprocessing.get_context("spawn")
    with opened_display() as display:
        pipe, end = context.Pipe()
        variables = {"DISPLAY": display, "WEIGHTSCAPE_REST_SAMPLES": "2", **environment}
        process = context.Process(target=_play, args=(end, variables, scene, size, before), daemon=True)
        process.start()
        end.close()
        yield Theatre(pipe)
        pipe.close()
        process.join(PATIENCE_S)
        assert process.exitcode == 0


def _play(
    pipe: Connection, environment: Mapping[str, str], scene: Scene, size: tuple[int, int], before: Callable[[], object]
) -> None:
    warnings.simplefilter("error")
    os.environ.update(environment)
    before()
    stage = Stage(scene, size)
    with contextlib.suppress(EOFError):
        while True:
            function, arguments = pipe.recv()
            try:
                answer = True, function(stage, *arguments)
            except Exception:
                answer = False, traceback.format_exc()
            pipe.send(answer)
    stage.close()
