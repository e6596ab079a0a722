"""A diary for bug reports and measurements: what happened when, as lines of JSON in the file WEIGHTSCAPE_TRACE.

Without that variable nothing is written.
"""

import contextlib
import json
import os
import time
import traceback
from typing import Any, TextIO

from weightscape.file.whole_file import FileError, shown


class Diary:
    """Write events with the seconds since the program began; do nothing without a file. Raises FileError."""

    def __init__(self, path: str = "") -> None:
        path = path or os.environ.get("WEIGHTSCAPE_TRACE", "")
        try:
            self._file: TextIO | None = open(path, "a", encoding="utf-8") if path else None  # noqa: SIM115
        except OSError as error:
            raise FileError(f"cannot write WEIGHTSCAPE_TRACE, {shown(path)}: {error.strerror}") from None

    def write(self, event: str, **facts: Any) -> None:
        """Add one line; a disk that is full ends the diary, not the program."""
        if self._file:
            try:
                self._file.write(json.dumps({"t": round(time.perf_counter(), 5), "event": event} | facts) + "\n")
                self._file.flush()
            except OSError:
                self.close()

    def fault(self, doing: str, error: Exception) -> None:
        """Add what went wrong, while doing what, and where in the program."""
        where = "".join(traceback.format_exception(error))
        self.write("fault", doing=doing, text=str(error), traceback=where)

    def close(self) -> None:
        """Close the file."""
        file, self._file = self._file, None
        if file:
            with contextlib.suppress(OSError):  # the line that could not be written is tried once more
                file.close()
