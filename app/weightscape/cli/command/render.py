"""The command `render`: a picture, or raw outputs, in a file."""

import os
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.ink_option import ink_options, settled_ink
from weightscape.cli.output_option import chosen, format_option, is_stdout, named, told
from weightscape.cli.points_option import tell_points, tell_reach
from weightscape.cli.remark import tell_outputs
from weightscape.cli.say import opening, say
from weightscape.cli.scene_option import Given
from weightscape.cli.still_option import CLUSTER, FRESH, NO_SCENE, StillCommand, given_cluster, parsed

if TYPE_CHECKING:
    from weightscape.publish.still import Still


@click.command(cls=StillCommand)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help=".png .tif .exr .dzi, or .npy for the raw outputs; - for stdout",
)
@click.option(
    "--relative",
    is_flag=True,
    help="raw outputs less those at the view's centre, in float64; those go to stdout, or stderr with -o -",
)
@format_option("png npy")
@ink_options
@NO_SCENE
@FRESH
@CLUSTER
def render(
    given: Given,
    still: "Still",
    output: str,
    form: str | None,
    relative: bool,
    no_scene: bool,
    fresh: bool,
    cluster: str | None,
    **ink: Any,
) -> None:
    """Write a picture, or the raw outputs, of any size."""
    from dataclasses import replace

    from weightscape.cli.progress import progress
    from weightscape.picture.forecast import shortfall
    from weightscape.picture.questions import centre
    from weightscape.picture.watch import Watch
    from weightscape.publish.still import PIPED, suffix, write_still
    from weightscape.scene.scene import OVER

    kind = chosen(output, form, PIPED) or parsed("-o", suffix, output)
    if kind != ".npy" and relative:
        raise click.UsageError("--relative: is for raw outputs, -o FILE.npy")
    where = given_cluster(cluster)
    if where and (kind == ".npy" or is_stdout(output)):
        raise click.UsageError("--cluster: is for pictures in files; their bands are kept beside them")
    settled = settled_ink(kind, given.carried, **ink)
    still = replace(still, relative=relative, tells_scene=not no_scene, keeps=True, fresh=fresh, ink=settled)
    still = replace(still, cluster=where)
    if kind != ".npy":
        tell_points(given.scene, still.size)
        tell_outputs(given.scene)
        tell_reach(given.scene, still.size)
    elif names := [name for name in OVER if getattr(given.scene, name)]:
        say(f"{', '.join(names)}: raw outputs have none; pictures have")
    with progress(os.path.basename(output)) as tell:
        watch = Watch(progress=tell)
        taken = write_still(output, given.scene, still, opening(still.engine), watch, tell=say, kind=kind)
    if relative:
        told(output, " ".join(map(repr, centre(given.scene, still.size).tolist())))
    elif short := shortfall(given.scene, still.size, *taken):
        say(short)
    named(output)
