"""The command line: reads arguments, prints results, tells faults in one line. Thin: the work is done elsewhere.

Only click is loaded for --help; each command imports what it needs.
"""

import os
import sys
from collections.abc import Sequence

import click

from weightscape import __version__
from weightscape.cli.command.animate import animate
from weightscape.cli.command.bench import bench
from weightscape.cli.command.desktop import desktop
from weightscape.cli.command.explain import explain
from weightscape.cli.command.explore import BARE, explore
from weightscape.cli.command.export import export
from weightscape.cli.command.figures import figures
from weightscape.cli.command.gallery import gallery_sheet
from weightscape.cli.command.info import info
from weightscape.cli.command.link import link
from weightscape.cli.command.page import live_page
from weightscape.cli.command.render import render
from weightscape.cli.command.shader import shader
from weightscape.cli.command.sheet import sheet
from weightscape.cli.command.show import show
from weightscape.cli.say import NAME, say
from weightscape.cli.stream import open_streams, undelivered
from weightscape.stop import STOPPED, end_at_once, stoppable

FAILED, USAGE = 1, 2


class ExploreFirst(click.Group):
    """A group whose command is `explore` when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `explore` before options that are not the group's own, a file or a link; a command wins over a file."""
        ctx.meta[BARE] = not args
        own = {name for each in self.get_params(ctx) for name in each.opts}
        is_option = bool(args) and args[0].startswith("-") and args[0] not in own
        if not args or is_option or (args[0] not in self.commands and self._opens(args[0])):
            args = ["explore", *args]
        return super().parse_args(ctx, args)

    def _opens(self, text: str) -> bool:
        """Tell whether a text is a file, or meant as a link."""
        if os.path.lexists(text) or not any(sign in text for sign in "#:"):
            return os.path.lexists(text)
        # Loads the mathematics, which --help does without.
        from weightscape.scene.link import is_link

        return is_link(text)


@click.group(
    cls=ExploreFirst,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="SCENE stands for options such as --seed 5 --layers 12; `weightscape explore --help` lists them.",
)
@click.version_option(__version__, "-V", "--version", message=f"{NAME} %(version)s")
def cli() -> None:
    """Look at random neural networks: each pixel of the picture is a network's answer at a point of the plane.

    Without a command: `weightscape [explore] [SCENE] [FILE|LINK]`.
    """


for command in (
    explore,
    render,
    animate,
    export,
    show,
    link,
    info,
    bench,
    explain,
    figures,
    gallery_sheet,
    sheet,
    live_page,
    shader,
    desktop,
):
    cli.add_command(command)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status: 0, 1 failed, 2 usage, 130 stopped."""
    open_streams()
    status = run(args)
    if status == STOPPED:
        end_at_once()
    sys.exit(status)


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; faults of input and machine become one line on stderr."""
    try:
        with stoppable():
            status = cli.main(args, prog_name=NAME, standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except (KeyboardInterrupt, click.Abort) as stop:
        say(str(stop) or str(stop.__cause__ or "") or "stopped")
        return STOPPED
    except Exception as error:
        lost = undelivered()
        if isinstance(lost, BrokenPipeError):
            return FAILED
        status = FAILED if lost else _status(error)
        if status is None:
            raise
        say(f"cannot write to stdout: {lost.strerror}" if lost else _text(error))
        return status


def _status(error: Exception) -> int | None:
    """Tell the exit status of a fault that is the input's or the machine's; None for one of ours."""
    from weightscape.engine.question import EngineError
    from weightscape.file.whole_file import FileError
    from weightscape.gpu.source import ShaderError
    from weightscape.scene.scene_error import SceneError
    from weightscape.settings import SettingError

    if isinstance(error, click.UsageError | SceneError | SettingError):
        return USAGE
    known = isinstance(error, click.ClickException | FileError | EngineError | ShaderError | OSError | MemoryError)
    return FAILED if known else None


def _text(error: Exception) -> str:
    from weightscape.cli.scene_option import option_name
    from weightscape.scene.scene_error import SceneError

    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, SceneError):
        return f"{option_name(error.field)}: {error.reason}"
    return "out of memory" if isinstance(error, MemoryError) else str(error)
