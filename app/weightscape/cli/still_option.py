"""How a still is asked for on the command line: size, samples, engine, precision, and what stands in for each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import click

from weightscape.cli.scene_option import SceneCommand, completion

if TYPE_CHECKING:
    from weightscape.publish.still import Still

Value = TypeVar("Value")
Other = TypeVar("Other")

NO_SCENE = click.option("--no-scene", is_flag=True, help="tell no scene in the file, which then cannot be made again")
FRESH = click.option("--fresh", is_flag=True, help="start anew, whatever is kept of an interrupted run")
CLUSTER = click.option(
    "--cluster",
    metavar="WHERE",
    help="have Dask's workers compute: tcp://ADDRESS:PORT of a scheduler, or local:N for N of them here",
)


class StillCommand(SceneCommand):
    """A command that renders a SCENE; its callback is handed a `still` besides `given`."""

    def own_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Put the options of a still before the others."""
        return [*still_options(), *super().own_params(ctx)]

    def prepare(self, ctx: click.Context) -> None:
        """Make the still in place of its options."""
        super().prepare(ctx)
        options = {each.name: ctx.params.pop(each.name) for each in still_options() if each.name}
        ctx.params["still"] = settled(options, ctx.params["given"].carried)


@cache
def still_options() -> tuple[click.Option, ...]:
    """Make the options --size, --samples, --engine and --precision."""
    from weightscape.engine.choice import ENGINES
    from weightscape.picture.questions import PRECISIONS
    from weightscape.publish.still import Still
    from weightscape.scene.sample import MAX_SAMPLES

    default = Still()
    size = "x".join(map(str, default.size))
    return (
        click.Option(["--size"], metavar="WxH", help=f"size in pixels [{size}]"),
        click.Option(
            ["--samples"], metavar="N", help=f"points a pixel, averaged, 1..{MAX_SAMPLES} [{default.samples}]"
        ),
        click.Option(
            ["--engine"],
            metavar="NAME",
            shell_complete=completion(ENGINES),
            help=f"what computes: {' '.join(ENGINES)} [{default.engine}]",
        ),
        click.Option(
            ["--precision"],
            metavar="NAME",
            shell_complete=completion(PRECISIONS),
            help=f"of the numbers: {' '.join(PRECISIONS)} [{default.precision}]",
        ),
    )


def settled(options: dict[str, str | None], carried: dict[str, Any]) -> "Still":
    """Settle each value: the option, else what the scene's picture carries, else the user's settings, else the default.

    A window's letters go with its size. Raises click.UsageError.
    """
    from weightscape.draw.lettering import KEYWORD, parse_letters, sized
    from weightscape.publish.still import Still
    from weightscape.settings import parse_engine, parse_precision, parse_size, settings

    user, default = settings(), Still()

    def value(name: str, parse: Callable[[str], Value], fallback: Value) -> Value:
        text = options[name]
        if text is not None:
            return parsed(f"--{name}", parse, text)
        if name in carried:
            return parsed(f"--scene: {name}", parse, _text(carried[name]))
        return fallback

    size = value("size", parse_size, user.size or default.size)
    if KEYWORD in carried and options["size"] is None:
        size = sized(size, parsed(f"--scene: {KEYWORD}", parse_letters, _text(carried[KEYWORD])))
    return Still(
        size,
        value("samples", parse_samples, default.samples),
        value("engine", parse_engine, user.engine or default.engine),
        value("precision", parse_precision, user.precision or default.precision),
    )


def parse_samples(text: str) -> int:
    """Read the number of points a pixel. Raises ValueError with value and range."""
    from weightscape.scene.sample import MAX_SAMPLES

    if text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MAX_SAMPLES:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in 1..{MAX_SAMPLES}")


def given_cluster(text: str | None) -> str:
    """Read --cluster, "" where it was not used. Raises click.UsageError."""
    from weightscape.cluster.connection import parse_cluster

    return given_or("", "--cluster", parse_cluster, text)


def parsed(option: str, parse: Callable[[str], Value], text: str) -> Value:
    """Parse an option's value. Raises click.UsageError that names the option."""
    with naming(option):
        return parse(text)


def given_or(fallback: Other, option: str, parse: Callable[[str], Value], text: str | None) -> Value | Other:
    """Parse an option's value, which is the fallback where the option was not used."""
    return fallback if text is None else parsed(option, parse, text)


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Name the option in what a ValueError says. Raises click.UsageError."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


def _text(carried: Any) -> str:
    """Write a value found in a picture as it would be given as an option."""
    return "x".join(map(str, carried)) if isinstance(carried, list) else str(carried)
