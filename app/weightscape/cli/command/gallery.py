"""The command `gallery`: the shipped scenes, or the user's bookmarks, as a contact sheet."""

import os

import click

from weightscape.cli.output_option import chosen, named
from weightscape.cli.say import opening, say
from weightscape.cli.still_option import given_or, naming, parse_samples, parsed


@click.command("gallery")
@click.option("-o", "--output", metavar="FILE", required=True, help="the sheet, a .png; - for stdout")
@click.option("--mine", is_flag=True, help="your bookmarks (Ctrl+B in the window) in place of the shipped scenes")
@click.option("--size", metavar="WxH", help="size of each picture in pixels [320x200]")
@click.option("--columns", metavar="N", help="pictures side by side, 1..100 [6]")
@click.option("--samples", metavar="N", help="points a pixel, averaged, 1..1024 [4]")
@click.option("--engine", metavar="NAME", help="what computes: auto fragment compute numpy jit [auto]")
def gallery_sheet(
    output: str, mine: bool, size: str | None, columns: str | None, samples: str | None, engine: str | None
) -> None:
    """Write the shipped scenes as a contact sheet with their names; --scene takes those beneath."""
    from weightscape.cli.progress import progress
    from weightscape.publish.contact import Contact, own, parse_columns, sheet_size, shipped, write_contact
    from weightscape.publish.still import suffix
    from weightscape.settings import parse_engine, parse_size, settings

    chosen(output, None, ("png",)) or parsed("-o", lambda path: suffix(path, (".png",)), output)
    default = Contact()
    contact = Contact(
        given_or(default.size, "--size", parse_size, size),
        given_or(default.columns, "--columns", parse_columns, columns),
        given_or(default.samples, "--samples", parse_samples, samples),
        given_or(settings().engine or default.engine, "--engine", parse_engine, engine),
    )
    subjects = own() if mine else shipped()
    with naming("--size"):
        sheet_size(len(subjects), contact)

    with progress(os.path.basename(output)) as bar:
        write_contact(output, subjects, contact, opening(contact.engine), bar, say)
    named(output)
