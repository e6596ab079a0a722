"""A progress bar on the terminal, for work that lasts; silent in scripts."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

PATIENCE_S = 0.5
STEPS = 1000
CLEAR = "\r\x1b[K"


class Bar:
    """Show how much is done, and how long it will take, on stderr, if that is a terminal and the work lasts a while.

    What was done before the first word of it, in an earlier run perhaps, says nothing of how fast this one is.
    """

    def __init__(self, label: str) -> None:
        self._label, self._start, self._done = label, time.monotonic(), 0
        self._begun: tuple[float, float] | None = None  # when, and how much was done by then
        self._bar: Any = None

    def __call__(self, fraction: float) -> None:
        """Take what is done, 0..1."""
        now = time.monotonic()
        self._begun = self._begun or (now, fraction)
        if self._bar is None:
            if not sys.stderr.isatty() or now - self._start < PATIENCE_S:
                return
            self._bar = click.progressbar(
                length=STEPS, label=self._label, file=sys.stderr, show_eta=False, item_show_func=lambda left: left
            )
            self._bar.render_progress()
        step = min(int(STEPS * fraction), STEPS)
        self._bar.update(step - self._done, told_left(now - self._begun[0], self._begun[1], fraction))
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


def told_left(elapsed_s: float, before: float, now: float) -> str:
    """Tell how much time is left, as "1:02:03 left", where in so many seconds `before` has become `now` (0..1)."""
    if now <= before:
        return ""
    minutes, seconds = divmod(round(elapsed_s * (1.0 - now) / (now - before)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"


@contextmanager
def progress(label: str) -> Iterator[Bar]:
    """Give a bar that takes 0..1."""
    bar = Bar(label)
    try:
        yield bar
    finally:
        bar.finish()


@contextmanager
def counter() -> Iterator[Callable[[str], None]]:
    """Give what tells how far work without a known end is: one line on stderr that changes, if that is a terminal."""
    is_shown = sys.stderr.isatty()

    def tell(text: str) -> None:
        if is_shown:
            click.echo(f"{CLEAR}{text}", nl=False, err=True)

    try:
        yield tell
    finally:
        tell("")
