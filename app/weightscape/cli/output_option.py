"""Where a command's result goes and in which format: a file, told by its name's suffix, or stdout for `-o -`."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from weightscape.cli.scene_option import completion

Command = TypeVar("Command", bound=Callable[..., Any])

STDOUT = "-"
# Formats whose usual suffix is another one's, too.
SUFFIX = {"apng": ".png"}


def format_option(names: str) -> Callable[[Command], Command]:
    """Make the option --format; `names` lists the formats, with blanks between."""
    return click.option(
        "--format",
        "form",
        metavar="NAME",
        shell_complete=completion(names.split()),
        help=f"the format where FILE has no suffix or is - (stdout): {names}",
    )


def is_stdout(output: str) -> bool:
    """Tell whether the result goes to stdout, where nothing else may then be said."""
    return output == STDOUT


def chosen(output: str, form: str | None, names: Sequence[str]) -> str:
    """Tell the suffix of the format that --format names, one of `names`; "" where the output's name is to tell it.

    Raises click.UsageError for another format, one that is not the suffix's, and a stdout that is a terminal or for
    which none is named.
    """
    if is_stdout(output) and sys.stdout.isatty():
        raise click.UsageError("-o -: stdout is a terminal; put > FILE or | PROGRAM behind the command")
    if form is None and is_stdout(output):
        form = names[0] if len(names) == 1 else None
        if form is None:
            raise click.UsageError(f"-o -: --format tells what to write: {', '.join(names)}")
    if form is None:
        return ""
    if form not in names:
        raise click.UsageError(f"--format: {form!r} is not one of {', '.join(names)}")
    kind = SUFFIX.get(form, f".{form}")
    suffix = os.path.splitext(output)[1].lower()
    if suffix not in ("", kind, f".{form}"):
        raise click.UsageError(f"--format: {form} is not the format of a name that ends in {suffix}")
    return kind


def told(output: str, result: str | bytes) -> None:
    """Print a result: on stdout, or, where the output itself goes there, on stderr."""
    click.echo(result, err=is_stdout(output))


def named(*outputs: str) -> None:
    """Print the names of the files that were written; stdout is none."""
    for output in outputs:
        if not is_stdout(output):
            click.echo(os.fsencode(output))
