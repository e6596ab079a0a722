"""Recording: what is seen in the window as a film, encoded by a thread of its own.

Frames come when something changes; the film repeats the last one in between, so that it runs as the hand did.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import numpy.typing as npt

from weightscape.file.film_frame import letterboxed
from weightscape.file.growing_film import growing_film, rest_words
from weightscape.file.video import check_library, film_size
from weightscape.file.whole_file import FileError
from weightscape.publish.caption import caption
from weightscape.publish.capture import capture_path
from weightscape.scene.scene import Scene

Frame = npt.NDArray[np.uint8]
FPS = 30
# Of a training film, in which each network has one frame.
NETWORKS_PER_S = 10
# Encoders that fall behind lose frames, not memory: so many bytes of them wait, and at least two frames.
MOST_WAITING = 8_000_000


class Recorder:
    """Film what is seen, one take at a time; `wake` is called when one is written."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._take: Take | None = None
        self._ended: list[Take] = []

    @property
    def is_recording(self) -> bool:
        """Tell whether a take is being made."""
        return self._take is not None and not self._take.is_done

    def toggle(self, scene: Scene, size: tuple[int, int], now_s: float, by_networks: bool = False) -> None:
        """Begin a film of this size in the captures' folder, or end the one that is made. Raises FileError.

        `by_networks`: with one frame for each network, whenever that comes.
        """
        if self.is_recording:
            self._end(now_s)
            return
        path = capture_path(scene, suffix=".mp4")
        check_library(path)
        try:
            fitting = film_size(path, size)
        except ValueError as error:
            raise FileError(f"cannot film: {error}") from None
        self._end(now_s)
        make = TrainingTake if by_networks else Take
        self._take = make(path, size, fitting, caption(scene, fitting, 1, "single", path), now_s, self._wake)

    def clock(self, now_s: float) -> str:
        """Tell for how long a take is being made, as "0:12", or how many networks it has; "" where none is."""
        return "" if self._take is None or self._take.is_done else self._take.length(now_s)

    def wants(self, is_whole: bool) -> bool:
        """Tell whether what is seen belongs into a film: into one of networks, once the picture is whole."""
        return self.is_recording and (is_whole or not isinstance(self._take, TrainingTake))

    @property
    def is_ready(self) -> bool:
        """Tell whether another network may come: a film of networks has a frame of the last one."""
        return not (isinstance(self._take, TrainingTake) and self.is_recording) or self._take.is_ready

    def turn(self) -> None:
        """Take in that another network comes."""
        if isinstance(self._take, TrainingTake):
            self._take.turn()

    def see(self, frame: Frame, now_s: float) -> None:
        """Take what is seen now."""
        if self._take:
            self._take.see(frame, now_s)

    def fetch(self) -> list[Path | Exception]:
        """Take the films written since the last time, or what went wrong."""
        if self._take and self._take.is_done:  # given up by itself
            self._end(time.perf_counter())
        done = [take for take in self._ended if take.is_done]
        self._ended = [take for take in self._ended if take not in done]
        return [take.fault or take.path for take in done]

    def close(self) -> None:
        """End the take and wait until all films are written."""
        self._end(time.perf_counter())
        for take in self._ended:
            take.close()

    def _end(self, now_s: float) -> None:
        if self._take:
            self._take.stop(now_s)
            self._ended.append(self._take)
            self._take = None


class Take:
    """Write a film to `path` from frames that are handed in as they are seen.

    Those of `size` are cut to `fitting`; of another size, for the window may change its own, they are scaled into it.
    """

    rate = FPS

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        fitting: tuple[int, int],
        comment: str,
        now_s: float,
        wake: Callable[[], None],
    ) -> None:
        self.path, self.size = path, size
        self.fault: Exception | None = None
        self.begun_s, self._told = now_s, 0
        self._last: Frame | None = None
        self._waiting: SimpleQueue[tuple[Frame, int] | None] = SimpleQueue()
        self._wake = wake
        self._thread = threading.Thread(target=self._write, args=(fitting, comment), name="record")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Tell whether the film is written, or given up."""
        return not self._thread.is_alive()

    def see(self, frame: Frame, now_s: float) -> None:
        """Take a frame; the one before lasts until now, or longer where the encoder is behind."""
        if self._has_room(frame):
            self._hand_on(now_s)
        self._last = frame

    def stop(self, now_s: float) -> None:
        """End the film now; it is finished in its own thread."""
        self._hand_on(now_s)
        if self._last is not None and self._told == 0:
            self._waiting.put((self._last, 1))  # however short, a film has a frame
        self._waiting.put(None)

    def length(self, now_s: float) -> str:
        """Tell for how long the film is being made."""
        minutes, seconds = divmod(int(now_s - self.begun_s), 60)
        return f"{minutes}:{seconds:02}"

    def close(self) -> None:
        """Wait until the film is written."""
        self._thread.join()

    def _has_room(self, frame: Frame) -> bool:
        return self._waiting.qsize() < max(MOST_WAITING // frame.nbytes, 2)

    def _hand_on(self, now_s: float) -> None:
        """Let the last frame stand for the time up to now."""
        count = int((now_s - self.begun_s) * FPS) - self._told
        if self._last is not None and count > 0:
            self._waiting.put((self._last, count))
            self._told += count

    def _frames(self) -> Iterator[Frame]:
        while (item := self._waiting.get()) is not None:
            frame, count = item
            for _ in range(count):
                yield frame

    def _write(self, fitting: tuple[int, int], comment: str) -> None:
        try:
            with growing_film(self.path, fitting, self.rate, comment) as film:
                for frame in self._frames():
                    is_first_size = frame.shape[:2] == self.size[::-1]
                    film.write(frame[: fitting[1], : fitting[0]] if is_first_size else letterboxed(frame, fitting))
        except Exception as error:  # told in the window, whatever it is
            self.fault = FileError(f"{error}; {rest}") if (rest := rest_words(self.path)) else error
        self._wake()


class TrainingTake(Take):
    """Write a film with one frame for each network: what was seen of it last."""

    rate = NETWORKS_PER_S
    _networks = 0  # that the film has frames of

    @property
    def is_ready(self) -> bool:
        """Tell whether the network of now has been seen, and the encoder has room for it."""
        return self._last is not None and self._has_room(self._last)

    def see(self, frame: Frame, now_s: float) -> None:
        """Take a frame of the network of now, in place of the one before."""
        self._last = frame

    def turn(self) -> None:
        """Hand on what was seen of the network of now; another one comes."""
        if self._last is not None:
            self._waiting.put((self._last, 1))
            self._last, self._networks = None, self._networks + 1

    def stop(self, now_s: float) -> None:
        """End the film with the network of now."""
        self.turn()
        self._waiting.put(None)

    def length(self, now_s: float) -> str:
        """Tell how many networks the film has, that of now included."""
        return f"network {self._networks + 1}"
