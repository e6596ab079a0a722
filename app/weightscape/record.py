"""Recording: what is seen in the window as a film, encoded by a thread of its own.

Frames come when something changes; the film repeats the last one in between, so that it runs as the hand did.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Full, Queue

import numpy as np
import numpy.typing as npt

from weightscape.capture import capture_path
from weightscape.export.video import check_library, film_size, write_video
from weightscape.model.scene import Scene

Frame = npt.NDArray[np.uint8]
FPS = 30
# Encoders that fall behind lose frames, not memory.
MOST_WAITING = 30


class Recorder:
    """Film what is seen, one film at a time; `wake` is called when one is written."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._film: Film | None = None
        self._ended: list[Film] = []

    @property
    def is_recording(self) -> bool:
        """Tell whether a film is being made."""
        return self._film is not None

    def toggle(self, scene: Scene, size: tuple[int, int], now_s: float) -> None:
        """Begin a film of this size in the captures' folder, or end the one that is made. Raises FileError."""
        if self._film:
            self._end(now_s)
        else:
            path = capture_path(scene, suffix=".mp4")
            check_library(path)
            self._film = Film(path, size, scene.to_text(), now_s, self._wake)

    def wants(self, size: tuple[int, int]) -> bool:
        """Tell whether a frame of this size is wanted; another size ends the film."""
        if self._film and self._film.size != size:
            self._end(time.perf_counter())
        return self.is_recording

    def see(self, frame: Frame, now_s: float) -> None:
        """Take what is seen now."""
        if self._film:
            self._film.see(frame, now_s)

    def fetch(self) -> list[Path | Exception]:
        """Take the films written since the last time, or what went wrong."""
        done = [film for film in self._ended if film.is_done]
        self._ended = [film for film in self._ended if film not in done]
        return [film.fault or film.path for film in done]

    def close(self) -> None:
        """End the film and wait until all are written."""
        if self._film:
            self._end(time.perf_counter())
        for film in self._ended:
            film.close()

    def _end(self, now_s: float) -> None:
        if self._film:
            self._film.stop(now_s)
            self._ended.append(self._film)
            self._film = None


class Film:
    """Write a film of `size` to `path` from frames that are handed in as they are seen."""

    def __init__(self, path: Path, size: tuple[int, int], comment: str, now_s: float, wake: Callable[[], None]) -> None:
        self.path, self.size = path, size
        self.fault: Exception | None = None
        self._begun_s, self._told, self._is_ended = now_s, 0, False
        self._last: Frame | None = None
        self._waiting: Queue[tuple[Frame, int] | None] = Queue(MOST_WAITING)
        self._wake = wake
        self._thread = threading.Thread(target=self._write, args=(comment,), name="record")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Tell whether the film is written, or given up."""
        return not self._thread.is_alive()

    def see(self, frame: Frame, now_s: float) -> None:
        """Take a frame of the film's size; the one before lasts until now."""
        self._fill(now_s)
        self._last = frame

    def stop(self, now_s: float) -> None:
        """End the film now; it is finished in its own thread."""
        self._fill(now_s)
        if self._last is not None and self._told == 0:
            self._waiting.put((self._last, 1))  # however short, a film has a frame
        self._waiting.put(None)

    def close(self) -> None:
        """Wait until the film is written."""
        self._thread.join()

    def _fill(self, now_s: float) -> None:
        count = int((now_s - self._begun_s) * FPS) - self._told
        if self._last is None or count <= 0:
            return
        try:
            self._waiting.put_nowait((self._last, count))
            self._told += count
        except Full:
            pass  # the next frame will last longer

    def _frames(self) -> Iterator[Frame]:
        while (item := self._waiting.get()) is not None:
            frame, count = item
            for _ in range(count):
                yield frame
        self._is_ended = True

    def _write(self, comment: str) -> None:
        width, height = film_size(self.path, self.size)
        frames = (frame[:height, :width] for frame in self._frames())
        try:
            write_video(self.path, (width, height), FPS, frames, comment)
        except Exception as error:  # told in the window, whatever it is
            self.fault = error
            while not self._is_ended and self._waiting.get() is not None:
                pass
        self._wake()
