"""Where the session is kept: a folder of the user's, into which one window at a time writes.

A lock on a file tells the others; the system lets go of it when its window ends, however that is.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from weightscape.file.whole_file import REASON, FileError, plain_file, shown, sweep, whole_file

NAME, EARLIER, BROKEN, LOCK = "session.json", "session.earlier.json", "session.broken.json", "session.lock"
# Far more than 500 steps with a point of 4096 inputs each.
MAX_BYTES = 1 << 26


class TakenError(Exception):
    """Another window writes into this folder."""


class Store:
    """A folder that is this window's alone until it is closed. Raises TakenError, FileError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock: BinaryIO = open(folder / LOCK, "ab")  # noqa: SIM115 - held as long as the window is there
        except (OSError, ValueError) as error:
            reason = REASON.get(getattr(error, "errno", 0) or 0, str(error))
            raise FileError(f"cannot write into {shown(folder)}: {reason}") from None
        try:
            _lock(self._lock)
        except TakenError:
            self._lock.close()
            raise
        sweep(folder)

    def read(self) -> str:
        """Read what was kept, "" where nothing was. Raises FileError, and ValueError for what is no text."""
        if not os.path.lexists(self.path):
            return ""
        with plain_file(self.path) as file:
            data = file.read(MAX_BYTES + 1)
        if not 0 < len(data) <= MAX_BYTES:
            raise ValueError("it is empty" if not data else "it is too large")
        return data.decode("utf-8")

    def write(self, text: str) -> None:
        """Keep a text in place of the one before. Raises FileError."""
        with whole_file(self.path) as file:
            file.write(text.encode("utf-8"))

    def set_aside(self, name: str) -> None:
        """Let what was kept have another name in the same folder, in place of what had that."""
        with suppress(OSError):
            os.replace(self.path, self.path.with_name(name))

    def close(self) -> None:
        """Let other windows write; again is harmless."""
        self._lock.close()


def _lock(file: BinaryIO) -> None:
    """Lock an open file until it is closed; where files cannot be locked, whoever comes is the first.

    Raises TakenError where somebody else has.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise TakenError from None
    except OSError:
        return
