"""The command line: reads arguments, prints results, tells faults in one line. Thin: the work is done elsewhere.

Only click is loaded for --help; each command imports what it needs.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from weightscape import __version__
from weightscape.cli.animate_option import AnimateCommand
from weightscape.cli.desktop_option import desktop
from weightscape.cli.gallery_option import gallery_sheet
from weightscape.cli.say import NAME
from weightscape.cli.say import opening as _opening
from weightscape.cli.say import say as _say
from weightscape.cli.scene_option import Given, SceneCommand, complaint
from weightscape.cli.shader_option import shader
from weightscape.cli.still_option import StillCommand, given_or, naming, parsed
from weightscape.cli.stream import open_streams, undelivered
from weightscape.stop import end_at_once, stoppable

if TYPE_CHECKING:
    from fractions import Fraction

    from weightscape.publish.still import Still
    from weightscape.scene.animation import Animation

FAILED, USAGE, STOPPED = 1, 2, 130
# In click's notes of a run: whether nothing at all was said.
BARE = "weightscape.bare"
NO_SCENE = click.option("--no-scene", is_flag=True, help="tell no scene in the file, which then cannot be made again")


class ExploreFirst(click.Group):
    """A group whose command is `explore` when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `explore` before options that are not the group's own, and before a file; a command wins over one."""
        ctx.meta[BARE] = not args
        own = {name for each in self.get_params(ctx) for name in each.opts}
        is_option = bool(args) and args[0].startswith("-") and args[0] not in own
        if not args or is_option or (args[0] not in self.commands and os.path.lexists(args[0])):
            args = ["explore", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=ExploreFirst,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="SCENE stands for options such as --seed 5 --layers 12; `weightscape explore --help` lists them.",
)
@click.version_option(__version__, "-V", "--version", message=f"{NAME} %(version)s")
def cli() -> None:
    """Look at random neural networks: each pixel of the picture is a network's answer at a point of the plane.

    Without a command: `weightscape [explore] [SCENE] [FILE]`.
    """


@cli.command(cls=SceneCommand)
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
@click.argument("file", required=False)
@click.pass_context
def explore(
    ctx: click.Context,
    given: Given,
    new: bool,
    size: str | None,
    fullscreen: bool,
    watch_shaders: str | None,
    file: str | None,
) -> int:
    """Open the window, with a FILE as if it were dropped there (without a display: render a still).

    `weightscape` alone opens it as it was left: the picture, the steps to go back, the window's place. With a command,
    an option or a file it starts anew.
    """
    from weightscape.cli.launch import launch
    from weightscape.gpu.shader_file import FILES
    from weightscape.settings import engine, parse_size

    chosen = given_or(None, "--size", parse_size, size)
    if watch_shaders is not None:
        parsed("--watch-shaders", FILES.watch, watch_shaders)
    restores = ctx.meta.get(BARE, False) and not new
    notice = "; ".join(given.misfits)
    return launch(given.scene, chosen, fullscreen, _say, _opening(engine()), notice, restores, file)


@cli.command(cls=StillCommand)
@click.option("-o", "--output", metavar="FILE", required=True, help=".png, or .npy for the raw outputs")
@click.option(
    "--relative", is_flag=True, help="raw outputs less those at the view's centre, in float64; those go to stdout"
)
@NO_SCENE
def render(given: Given, still: "Still", output: str, relative: bool, no_scene: bool) -> None:
    """Write a picture, or the raw outputs, of any size."""
    from dataclasses import replace

    from weightscape.cli.progress import progress
    from weightscape.picture.forecast import shortfall
    from weightscape.picture.questions import centre
    from weightscape.picture.watch import Watch
    from weightscape.publish.still import suffix, write_still

    if parsed("-o", suffix, output) != ".npy" and relative:
        raise click.UsageError("--relative: is for raw outputs, -o FILE.npy")
    still = replace(still, relative=relative, tells_scene=not no_scene)
    with progress(os.path.basename(output)) as tell:
        taken = write_still(output, given.scene, still, _opening(still.engine), Watch(progress=tell))
    if relative:
        click.echo(" ".join(map(repr, centre(given.scene, still.size).tolist())))
    elif short := shortfall(given.scene, still.size, *taken):
        _say(short)
    click.echo(os.fsencode(output))


@cli.command(cls=AnimateCommand)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help=".mp4, .webm, .gif, .png (animated), or a folder for frames, where whole ones are kept",
)
@NO_SCENE
def animate(given: Given, still: "Still", animation: "Animation", fps: "Fraction", output: str, no_scene: bool) -> None:
    """Write a film: numbers of the scene vary, or one network becomes another."""
    from dataclasses import replace

    from weightscape.cli.progress import progress
    from weightscape.file.frame_folder import other_frames
    from weightscape.file.video import film_rate
    from weightscape.publish.film import checked_output, size_of, write_animation

    if kind := parsed("-o", checked_output, output):
        with naming("--fps"):
            film_rate(output, fps)
    with naming("--size"):
        size = size_of(output, still.size)
    if size != still.size:
        _say(f"{kind} needs even sides: {size[0]}x{size[1]} in place of {still.size[0]}x{still.size[1]}")
    still = replace(still, size=size, tells_scene=not no_scene)

    with progress(os.path.basename(output)) as tell:
        names = write_animation(output, animation, still, fps, _opening(still.engine), tell)
    for name in names:
        click.echo(os.fsencode(name))
    if not kind and (count := other_frames(output, animation.frames)):
        _say(f"other frames that stay in {output}: {count}")


@cli.command()
@click.argument("numbers", nargs=-1, metavar="[N]...")
@click.option("-o", "--output", metavar="DIR", help="folder to write into [where captures go]")
@click.option("--size", metavar="N", help="pixels of a panel's short side [as published]")
@click.option("--engine", metavar="NAME", help="what computes: auto fragment compute numpy jit [auto]")
@click.option(
    "--precision",
    metavar="NAME",
    help="of the numbers: auto single double [auto: double, but single for fragment and compute]",
)
def figures(
    numbers: tuple[str, ...], output: str | None, size: str | None, engine: str | None, precision: str | None
) -> None:
    """Make the article's figures 1 to 20, or those named: panels figNN-PP.png, sheets figNN.png, films."""
    from weightscape.cli.progress import progress
    from weightscape.publish.capture import captures
    from weightscape.publish.figures import Making, chosen, film_size, parse_side, write_figures
    from weightscape.settings import parse_engine, parse_precision, settings

    with naming("figures"):
        wanted = chosen(numbers)
    user = settings()
    making = Making(
        output or str(captures() / "figures"),
        given_or(user.engine or "auto", "--engine", parse_engine, engine),
        given_or(user.precision or "auto", "--precision", parse_precision, precision),
        given_or(0, "--size", parse_side, size),
    )

    for figure in wanted:
        if figure.film and (even := film_size(figure, making)) != making.size(figure.panels[0]):
            _say(f"films need even sides: {even[0]}x{even[1]} for figure {figure.number}")
    with progress("figures") as bar:
        write_figures(wanted, making, bar, lambda path: bar.say(os.fsencode(path)))


@cli.command(cls=SceneCommand)
@click.option("-o", "--output", metavar="FILE", required=True, help=".npz (weights) or .json (scene)")
def export(given: Given, output: str) -> None:
    """Write the weights, or the scene, for other programs.

    A .npz holds W1, b1, W2, b2 ..., weights as (inputs, outputs), and the names of the activations. What --weights
    reads, as np.savez writes it:

    \b
      W1, b1, W2, b2 ...        weights (inputs, outputs), biases; also from 0,
                                lower case, weights1, coefs_0, intercepts_0
      fc1.weight, fc1.bias      as PyTorch's: weights (outputs, inputs)
      dense/kernel, dense/bias  as Keras and Flax: weights (inputs, outputs)
      arr_0, arr_1 ...          np.savez(path, *model.get_weights())
      activations               a name a layer, or one for the hidden layers;
                                missing: tanh, and sigmoid in the last
      output_activation         the last layer's name; softmax is for it alone

    Biases may be (n,), (1, n) or (n, 1), or missing (0). Beside columns (n, 1) weights may be (outputs, inputs).
    Other members are passed over. More in docs/weights-files.md.
    """
    import json

    from weightscape.file.npz import write_weights
    from weightscape.file.whole_file import FileError, shown, whole_file
    from weightscape.picture.network_memory import network
    from weightscape.publish.caption import told
    from weightscape.publish.still import suffix

    if parsed("-o", lambda path: suffix(path, (".npz", ".json")), output) == ".json":
        text = json.dumps(told(given.scene, output), indent=2, ensure_ascii=False)
        with whole_file(output) as file:
            file.write(text.encode() + b"\n")
    else:
        made = network(given.scene)
        try:
            write_weights(output, made.weights, made.biases, made.activations)
        except ValueError as error:
            raise FileError(f"cannot write {shown(output)}: {error}") from None
    click.echo(os.fsencode(output))


@cli.command()
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


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def info(as_json: bool) -> None:
    """Print versions, OpenGL, limits, and which engine `auto` takes."""
    import json

    from weightscape.bench.info import facts, report

    found = facts()
    click.echo(json.dumps(found, indent=2) if as_json else report(found))


@cli.command()
@click.option("--quick", is_flag=True, help="small pictures and few rounds: a minute in place of many")
@click.option("--engine", "engines", metavar="NAME", multiple=True, help="only this engine (may be repeated) [all]")
@click.option(
    "--network",
    "networks",
    metavar="LxW",
    multiple=True,
    help="only this many layers x units (may be repeated) [five usual ones]",
)
@click.option(
    "--size", metavar="WxH", help="size of the picture [512x512, --quick: 128x128] or window [two usual ones]"
)
@click.option("--rounds", metavar="N", help="how often each is timed, in turns [5, --quick: 3]")
@click.option("--growth/--no-growth", default=True, help="how cost grows with layers, width and pixels [yes]")
@click.option("--precision", metavar="NAME", help="floats of the table: single double [single]")
@click.option("--live", is_flag=True, help="measure the window instead, opened for each network and size")
@click.option("--plot", metavar="FILE", help="draw all of it, too (.png)")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def bench(
    quick: bool,
    engines: tuple[str, ...],
    networks: tuple[str, ...],
    size: str | None,
    rounds: str | None,
    growth: bool,
    precision: str | None,
    live: bool,
    plot: str | None,
    as_json: bool,
) -> None:
    """Measure this machine: engines, its peak, and rivals.

    Rivals are NumPy as in a notebook and, where installed, PyTorch, JAX and ONNX Runtime, on the CPU and a CUDA GPU.
    """
    import json
    from functools import partial

    from weightscape.bench.chart import chart
    from weightscape.bench.contest import measured
    from weightscape.bench.live import lively
    from weightscape.bench.report import report
    from weightscape.cli.bench_option import live_plan, plan
    from weightscape.cli.progress import progress
    from weightscape.publish.still import suffix

    if live and (plot is not None or rounds is not None or precision is not None):
        raise click.UsageError("--live goes with neither --plot nor --rounds nor --precision")
    measure = (
        partial(lively, live_plan(quick, engines, networks, size))
        if live
        else partial(measured, plan(quick, engines, networks, size, rounds, growth, precision))
    )
    if plot is not None:
        parsed("--plot", lambda name: suffix(name, (".png",)), plot)
    with chart(plot) as draw:
        with progress("bench") as tell:
            found = measure(tell)
        click.echo(json.dumps(found, indent=2) if as_json else report(found))
        draw(found)


@cli.command(cls=SceneCommand)
def explain(given: Given) -> None:
    """Explain the network in words, algebra, Python and theory."""
    from weightscape.cli.explain import explanation

    click.echo(explanation(given.scene))


cli.add_command(gallery_sheet)
cli.add_command(shader)
cli.add_command(desktop)


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
    except (KeyboardInterrupt, click.Abort):
        _say("stopped")
        return STOPPED
    except Exception as error:
        lost = undelivered()
        if isinstance(lost, BrokenPipeError):
            return FAILED
        status = FAILED if lost else _status(error)
        if status is None:
            raise
        _say(f"cannot write to stdout: {lost.strerror}" if lost else _text(error))
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


def _pretty(text: str) -> str:
    import json

    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
