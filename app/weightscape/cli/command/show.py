"""The command `show`: the scene inside a file."""

import click

from weightscape.cli.scene_option import complaint


@click.command()
@click.argument("file")
def show(file: str) -> None:
    """Print the scene inside a picture, film or file, as JSON."""
    import json

    from weightscape.publish import gallery
    from weightscape.scene.scene import from_mapping
    from weightscape.scene.scene_error import SceneError

    try:
        scene = from_mapping(gallery.inside(file)["scene"])
    except SceneError as error:
        raise click.UsageError(f"{file}: {complaint(error)}") from None
    click.echo(json.dumps(json.loads(scene.to_text()), indent=2, ensure_ascii=False))
