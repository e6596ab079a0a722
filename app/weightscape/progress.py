"""A progress bar on the terminal, for work that lasts; silent in scripts."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

PATIENCE_S = 0.5
STEPS = 1000


@contextmanager
def progress(label: str) -> Iterator[Callable[[float], object]]:
    """Give a function that takes 0..1; the bar shows on stderr when that is a terminal and the work is long."""
    if not sys.stderr.isatty():
        yield float
        return
    start, bar, done = time.monotonic(), None, 0

    def tell(fraction: float) -> None:
        nonlocal bar, done
        if bar is None:
            if time.monotonic() - start < PATIENCE_S:
                return
            bar = _bar(label)
            bar.render_progress()
        step = min(int(STEPS * fraction), STEPS)
        bar.update(step - done)
        done = step

    try:
        yield tell
    finally:
        if bar is not None:
            bar.render_finish()


def _bar(label: str) -> Any:
    return click.progressbar(length=STEPS, label=label, file=sys.stderr)
