"""The way into the window, or past it: without a display or OpenGL a still is rendered in its place."""

import os
from collections.abc import Callable

import click

from weightscape.cli.progress import progress
from weightscape.engine.choice import Choice
from weightscape.explore.task.opening import opened
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.watch import Watch
from weightscape.publish.capture import write_capture
from weightscape.scene.scene import Scene
from weightscape.settings import window_size
from weightscape.window.display import display

Say = Callable[[str], object]
Opening = Callable[[Choice], object]


def launch(
    scene: Scene,
    size: Size | None,
    fullscreen: bool,
    say: Say,
    opening: Opening = ignore,
    notice: str = "",
    restores: bool = False,
    file: str | None = None,
    records: bool = False,
) -> int:
    """Explore a scene in the window; where there can be none, say why and render a still. Return the exit status.

    `opening` hears of the engine that renders the still; `notice` is said in the window when it opens. `restores`: the
    window is as it was left the last time. `records`: each network of the followed file is a frame of a film. A `file`
    is opened there as one that is dropped, and what is wrong with it told there.
    """

    def instead(reason: str) -> int:
        shown = opened((file,), scene, size or window_size(), 0) if file else scene
        return still_instead(shown, size, reason, say, opening)

    if not display():
        reason = "there is no display (neither WAYLAND_DISPLAY nor DISPLAY is set)"
        return instead(f"cannot open a window: {reason}")
    try:
        from weightscape.explore.loop import explore
        from weightscape.window.window import WindowError
    except ImportError as error:
        if (error.name or "").startswith("weightscape"):
            raise
        return instead(f"cannot open a window: install libegl1 and libgl1 ({error})")
    try:
        return explore(scene, size, fullscreen, notice, restores, (file,) if file else (), records)
    except WindowError as error:
        return instead(str(error))


def still_instead(scene: Scene, size: Size | None, reason: str, say: Say, opening: Opening = ignore) -> int:
    """Say why there is no window, render a still into the captures' folder and print its path; return 0."""
    say(f"{reason}; here is a still instead")
    with progress("still") as tell:
        path = write_capture(scene, size or window_size(), opening=opening, watch=Watch(progress=tell))
    click.echo(os.fsencode(path))
    return 0
