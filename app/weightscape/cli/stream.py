"""The three standard streams, which a program may be started without, and which may end before it does."""

import io
import os
import sys
from typing import Any, TextIO


class Stream(io.FileIO):
    """Writes until something goes wrong, then drops what comes: Python would complain of it when it leaves.

    `fault` is what went wrong. It is raised only where `matters`: no work is given up because nobody hears of it.
    """

    def __init__(self, number: int, matters: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self.fault: OSError | None = None
        self._matters = matters

    def write(self, data: Any, /) -> int:
        """Write all of some bytes at once: what a buffer holds is written again where Ctrl+C comes between."""
        view = memoryview(data).cast("B")
        while view and not self.fault:
            try:
                view = view[super().write(view) or 0 :]
            except OSError as fault:
                self.fault = fault
                if self._matters:
                    raise
        return len(data)


def open_streams() -> None:
    """Make sure of stdin, stdout and stderr: what is closed leads nowhere, so that no file takes its number.

    What the encoding of an output has not is shown as an escape.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            _lead_nowhere(number)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = _output(sys.stdout, 1, True), _output(sys.stderr, 2, False)


def undelivered() -> OSError | None:
    """Tell what went wrong with stdout, if anything did."""
    raw = getattr(sys.stdout, "buffer", None)
    return raw.fault if isinstance(raw, Stream) else None


def _output(old: TextIO | None, number: int, matters: bool) -> TextIO:
    if old and not _is_own(old, number):
        return old  # a notebook's, or whoever listens in this process
    if isinstance(old, io.TextIOWrapper):
        old.flush()
        if os.name == "nt":  # its consoles are written to in another way than files
            old.reconfigure(errors="backslashreplace")
            return old
    raw: Any = Stream(number, matters)
    return io.TextIOWrapper(raw, old.encoding if old else "utf-8", "backslashreplace", write_through=True)


def _is_own(stream: TextIO, number: int) -> bool:
    try:
        return stream.fileno() == number
    except (AttributeError, OSError, ValueError):
        return False


def _lead_nowhere(number: int) -> None:
    handle = os.open(os.devnull, os.O_RDWR)
    if handle != number:
        os.dup2(handle, number)
        os.close(handle)
