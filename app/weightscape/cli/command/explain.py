"""The command `explain`: a network in words."""

import click

from weightscape.cli.scene_option import Given, SceneCommand


@click.command(cls=SceneCommand)
def explain(given: Given) -> None:
    """Explain the network in words, algebra, Python and theory."""
    from weightscape.cli.explain import explanation

    click.echo(explanation(given.scene))
