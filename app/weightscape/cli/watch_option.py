"""Following a training from the command line: its weights file may not be there yet, or be half there."""

import time
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.say import say
from weightscape.cli.scene_option import SceneCommand

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene

LOOK_S = 0.1
# After so long it is said what is waited for.
QUIET_S = 3.0


class WatchCommand(SceneCommand):
    """A command that takes a SCENE and, with --watch, waits until its weights can be read."""

    def prepare(self, ctx: click.Context) -> None:
        """Wait for the weights, then make the scene."""
        if ctx.params["watch"] and ctx.params["weights"]:
            wait_for(ctx.params["weights"])
        super().prepare(ctx)


def wait_for(weights: str, idle_s: float | None = None) -> None:
    """Wait until a network can be read from a file; Ctrl+C ends that. Say once why, if that takes long.

    Raises FileError where none could after `idle_s` seconds.
    """
    from weightscape.file.whole_file import FileError
    from weightscape.picture.network_memory import network
    from weightscape.scene.scene import Scene

    began_s, is_told = time.monotonic(), False
    while True:
        try:
            network(Scene(weights=weights))
            return
        except (FileError, ValueError) as fault:
            if idle_s is not None and time.monotonic() - began_s > idle_s:
                raise FileError(f"no network has come in {idle_s:g} seconds: {fault}") from None
            if not is_told and time.monotonic() - began_s > QUIET_S:
                say(f"waiting for a network: {fault}")
                is_told = True
        time.sleep(LOOK_S)


def check_watch(scene: "Scene", watch: bool, record: bool, file: Any) -> None:
    """Refuse to follow nothing. Raises click.UsageError."""
    if record and not watch:
        raise click.UsageError("--record: films what --watch shows; V films the window")
    if watch and not (scene.weights or scene.beside or file):
        raise click.UsageError("--watch: there is no weights file to follow: --weights FILE names one")
