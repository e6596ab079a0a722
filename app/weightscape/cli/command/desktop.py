"""The command that puts the program into a user's menu, and takes it away."""

import os

import click


@click.command()
@click.option("--remove", is_flag=True, help="take all of it away again")
def desktop(remove: bool) -> None:
    """Put the program into this user's menu, with its icon and file types (Linux, BSD)."""
    from weightscape.publish import desktop

    for path in desktop.remove() if remove else desktop.install():
        click.echo(os.fsencode(path))
