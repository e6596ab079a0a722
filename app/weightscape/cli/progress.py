"""A progress bar on the terminal, for work that lasts; silent in scripts."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

PATIENCE_S = 0.5
STEPS = 1000
CLEAR = "\r\x1b[K"


class Bar:
    """Show how much is done on stderr, once the work has lasted a while, if stderr is a terminal."""

    def __init__(self, label: str) -> None:
        self._label, self._start, self._done = label, time.monotonic(), 0
        self._bar: Any = None

    def __call__(self, fraction: float) -> None:
        """Take what is done, 0..1."""
        if self._bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self._start < PATIENCE_S:
                return
            self._bar = click.progressbar(length=STEPS, label=self._label, file=sys.stderr)
            self._bar.render_progress()
        step = min(int(STEPS * fraction), STEPS)
        self._bar.update(step - self._done)
        self._done = step

    def say(self, result: str | bytes) -> None:
        """Write a result to stdout, on a line of its own."""
        if self._bar is not None:
            click.echo(CLEAR, nl=False, err=True)
        click.echo(result)

    def finish(self) -> None:
        """End the bar's line."""
        if self._bar is not None:
            self._bar.render_finish()


@contextmanager
def progress(label: str) -> Iterator[Bar]:
    """Give a bar that takes 0..1."""
    bar = Bar(label)
    try:
        yield bar
    finally:
        bar.finish()
