"""How a picture's numbers are asked for on the command line: depth, dither, pixels an inch."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.still_option import parsed

if TYPE_CHECKING:
    from weightscape.publish.picture_file import Ink
    from weightscape.scene.tone import Depth

Command = Callable[..., Any]


def ink_options(command: Command) -> Command:
    """Give a command the options --depth, --dither and --dpi, for settled_ink()."""
    depth = click.option("--depth", metavar="N", help="bits a colour of .png .tif .dzi, 8 or 16 [8]; .exr has floats")
    dither = click.option(
        "--dither/--no-dither", default=None, help="hide the steps between colours by a fixed pattern, or not"
    )
    dpi = click.option("--dpi", metavar="N", help="pixels an inch, told in .png .tif .exr")
    return depth(dither(dpi(command)))


def settled_ink(kind: str, carried: dict[str, Any], depth: str | None, dither: bool | None, dpi: str | None) -> "Ink":
    """Settle how a kind of file is written: the option, else what the scene's picture carries, else the default.

    Raises click.UsageError, also for an option that the kind of file has no place for.
    """
    from weightscape.publish.picture_file import DEEP, DENSE, Ink

    for option, value, kinds in (("--depth", depth, DEEP), ("--dither", dither, DEEP), ("--dpi", dpi, DENSE)):
        if value is not None and kind not in kinds:
            raise click.UsageError(f"{option}: is for {' '.join(kinds)}, not for {kind}")
    values: dict[str, Any] = {}
    for name, given, parse in (("depth", depth, parse_depth), ("dither", dither, _parse_bool), ("dpi", dpi, parse_dpi)):
        if given is not None:
            values[name] = parsed(f"--{name}", parse, str(given))
        elif name in carried:
            values[name] = parsed(f"--scene: {name}", parse, str(carried[name]))
    return Ink(**values)


def parse_depth(text: str) -> "Depth":
    """Read the bits a colour. Raises ValueError with value and range."""
    if text == "8":
        return 8
    if text == "16":
        return 16
    raise ValueError(f"{text!r} is not 8 or 16")


def parse_dpi(text: str) -> float:
    """Read the pixels an inch. Raises ValueError with value and range."""
    from weightscape.publish.picture_file import DPI_RANGE

    low, high = DPI_RANGE
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not low <= value <= high:
        raise ValueError(f"{text!r} is not a number in {low:g}..{high:g}")
    return value


def _parse_bool(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError(f"{text!r} is not true or false")
    return text == "True"
