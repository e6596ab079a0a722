"""Waiting for programs, windows and threads: one limit for all of them, far beyond what any of them needs.

No verdict hangs on it: whoever reaches it hangs for ever.
"""

import subprocess
import time
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
PATIENCE_S = 180.0


def until(question: Callable[[], T], what: str = "it") -> T:
    """Ask again and again until the answer is true, and return it; fail when patience is at its end."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := question()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {PATIENCE_S:.0f} s for {what}")
        time.sleep(0.01)
    return answer


def ran(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, whatever its exit status, and return it with what it wrote."""
    return subprocess.run(command, **{"capture_output": True, "text": True, "timeout": PATIENCE_S, **options})


def started(*command: str, **options: Any) -> subprocess.Popen[str]:
    """Start a program, and go on."""
    return subprocess.Popen(command, text=True, **options)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a program's end: its exit status, stdout and stderr; what does not end is killed, and fails."""
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()  # closes its pipes: open ones would fail some later test
        raise
    return process.returncode, out, err
