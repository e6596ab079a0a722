"""Captures: pictures in the user's own folder, in the window by a thread of their own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from weightscape.caption import caption
from weightscape.model.scene import Scene
from weightscape.picture import Progress, Size, single_or_double
from weightscape.settings import capture_path, settings
from weightscape.still import Still, write_still


def write_capture(scene: Scene, size: Size, progress: Progress = float) -> Path:
    """Write a scene's picture into the captures' folder, as the user's settings want it; return its path."""
    user = settings()
    still = Still(size, 1, user.engine or "auto", user.precision or "auto")
    path = capture_path(scene, caption(scene, size, still.samples, single_or_double(still.precision)))
    write_still(str(path), scene, still, progress=progress)
    return path


class Capture:
    """Write pictures one after the other; `wake` is called when one is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._writer = ThreadPoolExecutor(1, "capture")
        self._writing: list[Future[Path]] = []

    @property
    def is_busy(self) -> bool:
        """Tell whether a picture is being written, or was and has not been fetched."""
        return bool(self._writing)

    def take(self, scene: Scene, size: Size) -> None:
        """Begin to write a scene's picture into the captures' folder."""
        future = self._writer.submit(write_capture, scene, size)
        self._writing.append(future)
        future.add_done_callback(lambda _: self._wake())

    def fetch(self) -> list[Path | Exception]:
        """Take the pictures written since the last time, or what went wrong."""
        done = [future for future in self._writing if future.done()]
        self._writing = [future for future in self._writing if future not in done]
        faults = ((future.exception(), future) for future in done)
        return [fault if isinstance(fault, Exception) else future.result() for fault, future in faults]

    def close(self) -> None:
        """Wait for the last picture."""
        self._writer.shutdown()
