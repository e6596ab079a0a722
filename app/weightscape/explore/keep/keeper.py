"""The keeper: takes up the session that was left, and writes this one soon after each deed, in a thread of its own.

What it cannot do it says once; the window goes on without.
"""

import sys
import threading
from collections import deque
from pathlib import Path

from weightscape.explore.keep.history import History
from weightscape.explore.keep.session import Lines, Place, Session, SessionError, session
from weightscape.explore.keep.store import BROKEN, EARLIER, Store, TakenError
from weightscape.file.whole_file import FileError
from weightscape.scene.scene import Scene
from weightscape.window.window import Window

# Deeds that follow each other faster are written together, and none waits for longer.
QUIET_S = 0.3
# A disk that hangs keeps nobody here for longer.
LEAVE_S = 5.0
TAKEN = "another window keeps the session: this one starts anew, and is not kept"


class Keeper:
    """Keep a session in a folder, None for a user who has none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder  # None, too, once it is known that nothing can be kept
        self._store: Store | None = None
        self._has_failed = False
        self._is_ours = False  # whether what is in the folder is this window's
        self._mark: tuple[int, ...] = ()
        self._frame: tuple[int, Place, bool] | None = None  # asked for anew once the window has moved: it is dear
        self._lines = Lines()
        self._waiting: deque[Session] = deque(maxlen=1)  # the newest alone
        self._news, self._closing = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def recall(self) -> tuple[Session | None, str]:
        """Read the session that was left, if there is one, and tell what is to be said of it."""
        told = self._open()
        if not self._store:
            return None, told
        try:
            text = self._store.read()
            if not text:
                return None, ""
            found, lost = session(text)
        except (FileError, SessionError, ValueError) as error:
            reason = str(error) if isinstance(error, FileError | SessionError) else "it is no text"
            self._store.set_aside(BROKEN)
            return None, f"the last session cannot be used ({reason}): it is called {BROKEN} now"
        self._is_ours = True
        return found, _welcome(found, lost)

    def watch(self, history: History, window: Window, is_last: bool = False) -> None:
        """Write what has changed since the last time, soon: a window that nothing was done in leaves no session.

        The last time all is written, for time has run.
        """
        mark = history.edition, window.moves
        if not self._mark:
            self._mark = mark
        if (mark != self._mark or is_last) and self._folder and (self._is_ours or history.edition):
            self._mark = mark
            if not self._frame or self._frame[0] != window.moves:
                self._frame = window.moves, window.frame, window.is_fullscreen
            self._offer(Session(tuple(history.steps), history.place, *self._frame[1:]))

    def close(self) -> None:
        """Write what waits, and let other windows write; again is harmless."""
        self._closing.set()
        self._news.set()
        if self._thread:
            self._thread.join(LEAVE_S)
        if self._store:
            self._store.close()

    def _open(self) -> str:
        """Take the folder, if it can be had; tell why another window has it."""
        try:
            self._store = Store(self._folder) if self._folder else None
        except TakenError:
            self._folder = None
            return TAKEN
        except FileError as error:
            self._fail(error)
            self._folder = None
        return ""

    def _fail(self, error: FileError) -> None:
        """Say once that nothing is kept."""
        if not self._has_failed:
            print(f"weightscape: the session is not kept: {error}", file=sys.stderr)
        self._has_failed = True

    def _offer(self, session: Session) -> None:
        self._waiting.append(session)
        self._news.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        is_last = False
        while not is_last:
            self._news.wait()
            self._news.clear()  # what comes from now on is news again
            is_last = self._closing.wait(QUIET_S)
            if self._waiting:
                self._write(self._waiting.pop())

    def _write(self, found: Session) -> None:
        if not self._store:
            self._open()
        if not self._store:
            return
        if not self._is_ours:
            self._store.set_aside(EARLIER)
            self._is_ours = True
        try:
            self._store.write(self._lines.text(found))
        except FileError as error:
            self._fail(error)


def _welcome(found: Session, lost: int) -> str:
    """Say that all is as it was left, and which ways lead on."""
    if found.steps[found.place].scene == Scene() and len(found.steps) == 1:
        return ""
    left = f", but for {lost} step{'s' * (lost > 1)} that cannot be shown any more" if lost else ""
    back = ", Backspace goes back" if found.place else ""
    return f"as you left it{left}: Shift+Home for the first picture{back}"
