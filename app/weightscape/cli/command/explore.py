"""The command `explore`: the window."""

import os
from typing import TYPE_CHECKING

import click

from weightscape.cli.say import opening, say
from weightscape.cli.scene_option import Given
from weightscape.cli.still_option import given_or, parsed
from weightscape.cli.watch_option import WatchCommand, check_watch

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene

# In click's notes of a run: whether nothing at all was said.
BARE = "weightscape.bare"


@click.command(cls=WatchCommand)
@click.option("--new", is_flag=True, help="start anew, not as the last window was left")
@click.option("--size", metavar="WxH", help="size of the window")
@click.option("--fullscreen", is_flag=True, help="fill the screen")
@click.option(
    "--watch-shaders",
    metavar="[DIR]",
    is_flag=False,
    flag_value="",
    help="follow edits of the program's shaders, or of those in a folder, which go first",
)
@click.option(
    "--watch", is_flag=True, help="wait for --weights FILE, and show each network that a training writes there"
)
@click.option("--record", is_flag=True, help="film what --watch shows: a frame for each network")
@click.argument("file", metavar="[FILE|LINK]", required=False)
@click.pass_context
def explore(
    ctx: click.Context,
    given: Given,
    new: bool,
    size: str | None,
    fullscreen: bool,
    watch_shaders: str | None,
    watch: bool,
    record: bool,
    file: str | None,
) -> int:
    """Open the window, with a FILE as if it were dropped there, or a LINK (without a display: render a still).

    `weightscape` alone opens it as it was left: the picture, the steps to go back, the window's place. With a command,
    an option or a file it starts anew.
    """
    from weightscape.cli.launch import launch
    from weightscape.explore.tell.words import guesses
    from weightscape.gpu.shader_file import FILES
    from weightscape.settings import engine, parse_size

    chosen = given_or(None, "--size", parse_size, size)
    if watch_shaders is not None:
        parsed("--watch-shaders", FILES.watch, watch_shaders)
    check_watch(given.scene, watch, record, file)
    restores = ctx.meta.get(BARE, False) and not new
    notice = "; ".join([*given.misfits, *guesses(given.scene, given.untold)])
    scene = linked(file) if file else None
    return launch(
        scene or given.scene,
        chosen,
        fullscreen,
        say,
        opening(engine()),
        notice,
        restores,
        None if scene else file,
        record,
    )


def linked(text: str) -> "Scene | None":
    """Read the scene of a link; None for the name of a file. Raises click.UsageError."""
    from weightscape.scene.link import from_link, is_link
    from weightscape.scene.scene_error import SceneError

    if os.path.lexists(text) or not is_link(text):
        return None
    try:
        return from_link(text)
    except SceneError as error:
        raise click.UsageError(str(error)) from None
