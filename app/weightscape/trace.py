"""A diary for bug reports and measurements: what happened when, as lines of JSON in the file WEIGHTSCAPE_TRACE.

Without that variable nothing is written.
"""

import json
import os
import time
from typing import Any, TextIO


class Trace:
    """Write events with the seconds since the program began; do nothing without a file."""

    def __init__(self, path: str = "") -> None:
        path = path or os.environ.get("WEIGHTSCAPE_TRACE", "")
        self._file: TextIO | None = open(path, "a", encoding="utf-8") if path else None  # noqa: SIM115

    def write(self, event: str, **facts: Any) -> None:
        """Add one line."""
        if self._file:
            self._file.write(json.dumps({"t": round(time.perf_counter(), 5), "event": event} | facts) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None
