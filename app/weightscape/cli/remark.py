"""What a command line's picture does not show, in a line."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene


def tell_outputs(scene: "Scene") -> None:
    """Say in a line that a picture of a loaded network has three of its outputs alone, and what shows all."""
    from weightscape.picture.network_memory import outputs_shown

    some = outputs_shown(scene)
    if some:
        click.echo(f"weightscape: the picture shows {some}; --lens winner shows all", err=True)
