"""The command `link`: a scene in a line that can be sent."""

import click

from weightscape.cli.scene_option import Given, SceneCommand


@click.command(cls=SceneCommand)
def link(given: Given) -> None:
    """Print a link that holds the scene.

    `weightscape LINK` opens it, so does Ctrl+V in the window, and --scene takes it.
    """
    from weightscape.scene.link import link
    from weightscape.scene.scene_error import SceneError

    try:
        click.echo(link(given.scene))
    except SceneError as error:
        raise click.ClickException(f"no {error}") from None
