"""The command `sheet`: a scene of which two numbers vary, one across and one upwards."""

import os
from typing import TYPE_CHECKING

import click

from weightscape.cli.animate_option import ranged
from weightscape.cli.output_option import chosen, named
from weightscape.cli.say import opening
from weightscape.cli.scene_option import Given, option_name
from weightscape.cli.still_option import StillCommand, given_or, naming, parsed

if TYPE_CHECKING:
    from weightscape.publish.still import Still

SIDE, SIZE = 5, (320, 200)


class SheetCommand(StillCommand):
    """A command whose --size is that of each picture."""

    def prepare(self, ctx: click.Context) -> None:
        """Take small pictures where no size is given."""
        ctx.params["size"] = ctx.params["size"] or "x".join(map(str, SIZE))
        super().prepare(ctx)


@click.command(cls=SheetCommand)
@click.option("-o", "--output", metavar="FILE", required=True, help="the sheet, a .png; - for stdout")
@click.option(
    "--across",
    metavar="NAME=A:B",
    required=True,
    help="what runs from left to right, as in --vary of `animate`: a number of the scene, or one weight,"
    " edits.LAYER:INPUT:UNIT=A:B",
)
@click.option("--up", metavar="NAME=A:B", required=True, help="what runs from the bottom to the top")
@click.option("--columns", metavar="N", help=f"pictures side by side, 1..32 [{SIDE}]")
@click.option("--rows", metavar="N", help=f"pictures above each other, 1..32 [{SIDE}]")
def sheet(
    given: Given, still: "Still", output: str, across: str, up: str, columns: str | None, rows: str | None
) -> None:
    """Write a sheet of pictures of which two numbers vary; --size is that of each."""
    from weightscape.cli.progress import progress
    from weightscape.publish.contact import Contact, Subject, sheet_size, write_contact
    from weightscape.publish.still import suffix
    from weightscape.scene.scene_error import SceneError
    from weightscape.scene.sheet import varied

    chosen(output, None, ("png",)) or parsed("-o", lambda path: suffix(path, (".png",)), output)
    wide = given_or(SIDE, "--columns", _side, columns)
    high = given_or(SIDE, "--rows", _side, rows)
    try:
        tracks = ranged(across, "", "--across"), ranged(up, "", "--up")
        found = varied(given.scene, *tracks, wide, high)
    except SceneError as error:
        raise click.UsageError(f"--across, --up: {option_name(error.field)[2:]}: {error.reason}") from None
    subjects = [Subject(each.across, each.up, lambda scene=each.scene: scene) for each in found]  # type: ignore[misc]
    contact = Contact((still.size[0], still.size[1]), wide, still.samples, still.engine, still.precision)
    with naming("--size"):
        sheet_size(len(subjects), contact)

    def fail(told: str) -> None:
        raise click.ClickException(told)

    with progress(os.path.basename(output)) as bar:
        write_contact(output, subjects, contact, opening(contact.engine), bar, fail)
    named(output)


def _side(text: str) -> int:
    from weightscape.scene.sheet import MOST_SIDE

    if text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MOST_SIDE:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in 1..{MOST_SIDE}")
