"""The command `figures`: the article's."""

import os

import click

from weightscape.cli.say import say
from weightscape.cli.still_option import given_or, naming


@click.command()
@click.argument("numbers", nargs=-1, metavar="[N]...")
@click.option("-o", "--output", metavar="DIR", help="folder to write into [where captures go]")
@click.option("--size", metavar="N", help="pixels of a panel's short side [as published]")
@click.option("--engine", metavar="NAME", help="what computes: auto fragment compute numpy jit [auto]")
@click.option(
    "--precision",
    metavar="NAME",
    help="of the numbers: auto single double [auto: double, but single for fragment and compute]",
)
def figures(
    numbers: tuple[str, ...], output: str | None, size: str | None, engine: str | None, precision: str | None
) -> None:
    """Make the article's figures 1 to 20, or those named: panels figNN-PP.png, sheets figNN.png, films."""
    from weightscape.cli.progress import progress
    from weightscape.publish.capture import captures
    from weightscape.publish.figures import Making, chosen, film_size, parse_side, write_figures
    from weightscape.settings import parse_engine, parse_precision, settings

    with naming("figures"):
        wanted = chosen(numbers)
    user = settings()
    making = Making(
        output or str(captures() / "figures"),
        given_or(user.engine or "auto", "--engine", parse_engine, engine),
        given_or(user.precision or "auto", "--precision", parse_precision, precision),
        given_or(0, "--size", parse_side, size),
    )

    for figure in wanted:
        if figure.film and (even := film_size(figure, making)) != making.size(figure.panels[0]):
            say(f"films need even sides: {even[0]}x{even[1]} for figure {figure.number}")
    with progress("figures") as bar:
        write_figures(wanted, making, bar, lambda path: bar.say(os.fsencode(path)))
