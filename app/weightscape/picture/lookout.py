"""A lookout for one weights file: whether it holds another network by now, however it was written.

A file may be replaced, written over in its place, or gone for a moment; it may be half there. What cannot be read is
tried again at the next look, and told once where that goes on. Time is handed in.
"""

import os
from dataclasses import dataclass

from weightscape.file.whole_file import FileError
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.network_memory import renewed

# A disk far away tells times of two seconds, and another clock's: for so long after a change nothing is sure.
SURE_S = 2.5
# Contents are compared so often where the file bears the same time.
AGAIN_S = 0.5
# A file that cannot be read is waited for so long before that is told.
QUIET_S = 3.0


@dataclass(frozen=True)
class Arrival:
    """Name a network that a file holds now; `looks`: at how many the file had changed, up to the one that read it.

    `is_first`: none had been read from it before.
    """

    file: str
    name: str
    looks: int
    is_first: bool


class Lookout:
    """Look at a file now and then, from one thread."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._stamp: tuple[int, ...] | None = (-1,)  # none that a file has
        self._changed_s = 0.0
        self._read_s = -AGAIN_S
        self._looks = 0
        self._failed_s: float | None = None
        self._is_told = False

    def look(self, now_s: float) -> Arrival | str | None:
        """Tell of a network that is new, or what is wrong with the file, which is told once; None for no news."""
        stamp = _stamp(self._file)
        is_waiting = self._failed_s is not None and not self._is_told
        if stamp != self._stamp:
            self._stamp, self._changed_s = stamp, now_s
        elif now_s < self._read_s + AGAIN_S or (now_s - self._changed_s > SURE_S and not is_waiting):
            return None
        self._read_s = now_s
        return self._read(now_s)

    def _read(self, now_s: float) -> Arrival | str | None:
        self._looks += 1
        before = EPOCHS.newest(self._file)
        try:
            name = renewed(self._file)
        except (FileError, ValueError, MemoryError) as fault:
            return self._failed(fault, now_s)
        looks, self._looks = self._looks, 0
        self._failed_s, self._is_told = None, False
        return Arrival(self._file, name, looks, not before) if name != before else None

    def _failed(self, fault: Exception, now_s: float) -> str | None:
        self._failed_s = now_s if self._failed_s is None else self._failed_s
        if self._is_told or now_s - self._failed_s < QUIET_S:
            return None
        self._is_told = True
        return str(fault) or "out of memory"


def _stamp(file: str) -> tuple[int, ...] | None:
    """Tell what changes with a file; None where there is none."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
