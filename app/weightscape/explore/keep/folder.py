"""Opening a folder in the desktop's own file manager, by a thread that waits for that program's end."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

from weightscape.file.whole_file import FileError, shown

PROGRAMS = {"darwin": "open", "win32": "explorer"}
ELSEWHERE = "xdg-open"


def open_folder(folder: Path, program: str = "") -> None:
    """Let a program, by default the desktop's own, show a folder, and wait for its end. Raises FileError."""
    name = program or PROGRAMS.get(sys.platform, ELSEWHERE)
    nothing = subprocess.DEVNULL
    command = [name, os.path.abspath(folder)]
    try:
        done = subprocess.run(
            command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, check=False
        )
    except OSError as error:
        raise FileError(f"cannot open {shown(folder)}: {name}: {error.strerror}") from None
    if done.returncode and sys.platform != "win32":  # where explorer's status says nothing
        raise FileError(f"cannot open {shown(folder)}: {name} ended with status {done.returncode}")


class Opener:
    """Open folders while the window goes on; `wake` is called where one could not be opened."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._faults: SimpleQueue[FileError] = SimpleQueue()

    def open(self, folder: Path) -> None:
        """Begin to open a folder."""
        threading.Thread(target=self._run, args=(folder,), name="folder", daemon=True).start()

    def fetch(self) -> list[FileError]:
        """Take what went wrong since the last time."""
        found = []
        try:
            while True:
                found.append(self._faults.get_nowait())
        except Empty:
            return found

    def _run(self, folder: Path) -> None:
        try:
            open_folder(folder)
        except FileError as fault:
            self._faults.put(fault)
            self._wake()
