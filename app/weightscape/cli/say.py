"""What the command line tells on stderr, each in one line: what went wrong, what is done, which engine does it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from weightscape.engine.choice import Choice

NAME = "weightscape"
LONGEST_LINE = 600


def opening(engine: str) -> "Callable[[Choice], None]":
    """Make the function that tells of the engine that was opened, where `engine` left it to us to choose."""

    def tell(choice: "Choice") -> None:
        if engine == "auto":
            click.echo(f"engine: {choice.engine.name} ({choice.reason})", err=True)

    return tell


def say(text: str) -> None:
    """Print one line on stderr, whatever the text has in it."""
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        line = line[: LONGEST_LINE // 2] + " ... " + line[-LONGEST_LINE // 2 :]
    click.echo(f"{NAME}: {line}", err=True)
