"""The follower: a thread that looks at the weights files of the scene that is seen, and reads what is new in them."""

import threading
import time
from collections import deque
from collections.abc import Callable

from weightscape.picture.epochs import EPOCHS
from weightscape.picture.lookout import Arrival, Lookout
from weightscape.picture.network_memory import is_handed_in
from weightscape.scene.epoch import file_of
from weightscape.scene.loaded import names_in
from weightscape.scene.scene import Scene

POLL_S = 0.1
# So many networks wait for the window, which may be minimised; then none is read until it has taken one.
MOST_WAITING = 50


class Follower:
    """Follow files; `wake` is called when there is something to take."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._scene: Scene | None = None
        self._files: tuple[str, ...] = ()
        self._lookouts: dict[str, Lookout] = {}
        self._found: deque[Arrival] = deque()
        self.said: set[str] = set()  # what was said of networks since the last one was shown
        self._told: deque[str | Exception] = deque()
        self._news, self._closing = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def follow(self, scene: Scene) -> None:
        """Look at the files of this scene from now on, and at no others; it waits for nothing."""
        if self._scene and (self._scene.weights, self._scene.beside) == (scene.weights, scene.beside):
            return
        self._scene = scene
        files = tuple(dict.fromkeys(file_of(name) for name in names_in(scene)))
        self._files = tuple(file for file in files if not is_handed_in(file))
        EPOCHS.follow(self._files)
        if self._files and not self._thread:
            self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
            self._thread.start()
        self._news.set()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Name the networks that have been read and not been taken."""
        return tuple(each.name for each in [*self._found])

    def next(self) -> Arrival | None:
        """Take the oldest network that has been read, if there is one."""
        return self._found.popleft() if self._found else None

    def complaints(self) -> list[str | Exception]:
        """Take what is to be told of files since the last time; an exception is a fault of ours."""
        told = []
        while self._told:
            told.append(self._told.popleft())
        return told

    def close(self) -> None:
        """Stop the thread; nobody waits for a disk."""
        self._closing.set()
        self._news.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._news.wait(POLL_S if self._files else None)
            self._news.clear()
            try:
                self._look(self._files)
            except Exception as error:  # told in the window, and the next look may do better
                self._told.append(error)
                self._wake()

    def _look(self, files: tuple[str, ...]) -> None:
        self._lookouts = {file: self._lookouts.get(file) or Lookout(file) for file in files}
        for lookout in self._lookouts.values():
            found = lookout.look(time.monotonic()) if len(self._found) < MOST_WAITING else None
            if isinstance(found, Arrival):
                self._found.append(found)
            elif found:
                self._told.append(found)
            if found:
                self._wake()
