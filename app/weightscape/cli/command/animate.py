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

    from weightscape.cli.training_option import Course
    from weightscape.publish.film import Filmed
    from weightscape.publish.still import Still
    from weightscape.scene.scene import Scene

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
    animation: "Filmed | None",
    course: "Course | None",
    fps: "Fraction",
    output: str,
    form: str | None,
    no_scene: bool,
    fresh: bool,
    cluster: str | None,
) -> None:
    """Write a film: numbers of the scene vary, the scene becomes others (--to), or an autopilot flies.

    FILE...: the film has the networks of these weights files (or folders, or patterns) one after the other, in natural
    order; with --watch those that a training writes into one.
    """
    from dataclasses import replace

    from weightscape.cli.progress import progress
    from weightscape.file.frame_folder import other_frames
    from weightscape.file.video import film_rate
    from weightscape.picture.over import left_out
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

    if missing := left_out(given.scene):
        say(missing)
    if course:
        if still.cluster:
            raise click.UsageError("--cluster: the networks of a film are drawn one by one, here")
        film_networks(course, given.scene, still, fps, output, told_kind)
        return
    assert animation
    with progress(os.path.basename(output)) as tell:
        names = write_animation(output, animation, still, fps, opening(still.engine), tell, told_kind, say)
    named(*names)
    if not kind and (count := other_frames(output, animation.frames)):
        say(f"other frames that stay in {output}: {count}")


def film_networks(course: "Course", scene: "Scene", still: "Still", fps: "Fraction", output: str, kind: str) -> None:
    """Write a film of networks; Ctrl+C is the end of one that follows a training, once it has a frame."""
    from contextlib import nullcontext

    from weightscape.cli.progress import counter
    from weightscape.cli.training_option import scenes_of
    from weightscape.publish.networks import shots
    from weightscape.publish.training import Taken, write_training
    from weightscape.stop import stoppable

    ending = Ending()
    with stoppable(ending.ask) if course.watch else nullcontext(), counter() as tell:
        scenes = scenes_of(course, scene, ending.is_asked, say)

        def progress(taken: Taken) -> None:
            tell(f"{count_of(taken.networks, 'network')}{' (Ctrl+C ends the film)' if course.watch else ''}")

        following = shots(scenes, course.between, course.ease)
        taken = write_training(
            output, following, still, fps, opening(still.engine), kind, course.watch, ending.is_asked, progress
        )
    say(f"{output}: {count_of(taken.networks, 'network')}, {count_of(taken.frames, 'frame')}")
    named(*taken.names)


def count_of(number: int, what: str) -> str:
    """Write how many there are: 1 frame, 2 frames."""
    return f"{number} {what}{'' if number == 1 else 's'}"


class Ending:
    """Hold whether somebody has asked for the end: a handler of signals may take no lock."""

    def __init__(self) -> None:
        self._is_asked = False

    def ask(self) -> None:
        """Ask for the end."""
        self._is_asked = True

    def is_asked(self) -> bool:
        """Tell whether it was asked for."""
        return self._is_asked
