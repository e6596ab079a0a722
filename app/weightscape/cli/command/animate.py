"""The command `animate`: a film, or its frames."""

import os
from typing import TYPE_CHECKING

import click

from weightscape.cli.animate_option import AnimateCommand
from weightscape.cli.output_option import chosen, format_option, named
from weightscape.cli.say import opening, say
from weightscape.cli.scene_option import Given
from weightscape.cli.still_option import CLUSTER, FRESH, NO_SCENE, given_cluster, naming, parsed

if TYPE_CHECKING:
    from fractions import Fraction

    from weightscape.publish.still import Still
    from weightscape.scene.animation import Animation

FORMS = ("mp4", "webm", "gif", "apng", "png")


@click.command(cls=AnimateCommand)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help=".mp4, .webm, .gif, .png (animated), or a folder for frames, where whole ones are kept; - for stdout",
)
@format_option("mp4 webm gif apng")
@NO_SCENE
@FRESH
@CLUSTER
def animate(
    given: Given,
    still: "Still",
    animation: "Animation",
    fps: "Fraction",
    output: str,
    form: str | None,
    no_scene: bool,
    fresh: bool,
    cluster: str | None,
) -> None:
    """Write a film: numbers of the scene vary, or one network becomes another."""
    from dataclasses import replace

    from weightscape.cli.progress import progress
    from weightscape.file.frame_folder import other_frames
    from weightscape.file.video import film_rate
    from weightscape.publish.film import checked_output, size_of, write_animation

    told_kind = chosen(output, form, FORMS)
    named_as = f"film{told_kind}" if told_kind else output
    if kind := parsed("-o", checked_output, named_as):
        with naming("--fps"):
            film_rate(named_as, fps)
    with naming("--size"):
        size = size_of(named_as, still.size)
    if size != still.size:
        say(f"{kind} needs even sides: {size[0]}x{size[1]} in place of {still.size[0]}x{still.size[1]}")
    still = replace(still, size=size, tells_scene=not no_scene, fresh=fresh, cluster=given_cluster(cluster))

    with progress(os.path.basename(output)) as tell:
        names = write_animation(output, animation, still, fps, opening(still.engine), tell, told_kind, say)
    named(*names)
    if not kind and (count := other_frames(output, animation.frames)):
        say(f"other frames that stay in {output}: {count}")
