"""The command `show`: the scene inside a file or a link."""

import click

from weightscape.cli.command.explore import linked
from weightscape.cli.scene_option import complaint


@click.command()
@click.argument("file", metavar="FILE|LINK")
def show(file: str) -> None:
    """Print the scene inside a picture, film, file or link, as JSON."""
    import json

    from weightscape.publish import gallery
    from weightscape.scene.scene import from_mapping
    from weightscape.scene.scene_error import SceneError

    try:
        scene = linked(file) or from_mapping(gallery.inside(file)["scene"])
    except SceneError as error:
        raise click.UsageError(f"{file}: {complaint(error)}") from None
    click.echo(json.dumps(json.loads(scene.to_text()), indent=2, ensure_ascii=False))
