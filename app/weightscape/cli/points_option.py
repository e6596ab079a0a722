"""What --points and --plane ask for: the file is read before anything is made, and what was found is told in a line.

So is how far a loaded network's outputs reach.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from weightscape.network.view import Size
    from weightscape.scene.scene import Scene

PLANE_HELP = "lay origin, u and v by data: pca:FILE, or rows:FILE:I,J,K (rows at 0,0, 1,0 and 0,1, counted from 0)"
# No field of a scene: it sets three of them.
PLANE_OPTION = click.Option(["--plane"], metavar="PLANE", help=PLANE_HELP)


def laid(scene: "Scene", text: str, changes: dict[str, Any]) -> "Scene":
    """Lay a scene's plane as --plane says, and tell of it. Raises click.UsageError, and FileError for its file."""
    from weightscape.picture.data_plane import data_plane
    from weightscape.picture.network_memory import widths

    given = next((name for name in ("origin", "u", "v") if name in changes), "")
    if given:
        raise click.UsageError(f"--plane: --{given} is given, too")
    try:
        (origin, u, v), told = data_plane(text, widths(scene)[0])
        found = replace(scene, origin=origin, u=u, v=v)
    except ValueError as error:  # SceneError is one, too
        raise click.UsageError(f"--plane: {error}") from None
    click.echo(f"weightscape: {told}", err=True)
    return found


def check_points(scene: "Scene") -> None:
    """Refuse points that cannot be read. Raises FileError."""
    if scene.points:
        from weightscape.picture.points_memory import points

        points(scene)


def tell_points(scene: "Scene", size: tuple[int, int]) -> None:
    """Say in a line what points lie over a picture of this size, once judged, and what of the scene lies over none."""
    from weightscape.picture.over import left_out

    missing = left_out(scene)
    if missing:
        click.echo(f"weightscape: {missing}", err=True)
    if scene.points and not missing.startswith("points"):
        from weightscape.picture.outlook import outlook
        from weightscape.picture.points_memory import misjudged
        from weightscape.picture.tally import in_words, tally

        click.echo(f"weightscape: {in_words(scene, tally(scene, misjudged(scene), outlook(scene, size)))}", err=True)


def tell_reach(scene: "Scene", size: "Size") -> None:
    """Say in a line that most of a loaded network's outputs lie outside of what colours show, and what helps."""
    from weightscape.lens.reach import is_plain, reach
    from weightscape.picture.network_memory import network

    found = reach(scene, network(scene), size) if is_plain(scene) else None
    if found:
        winner = ", --lens winner shows the largest" * (found.outputs > 1)
        click.echo(f"weightscape: {found.told}: --levels auto stretches them{winner}", err=True)
