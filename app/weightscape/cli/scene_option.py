"""The SCENE on the command line: one option for each field of Scene, made from what the field says of itself.

Values stay text until Scene has looked at them, so that a wrong one is told the same way everywhere. The options
are made when they are first needed: the program's own help loads no mathematics.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.points_option import PLANE_OPTION, check_points, laid

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene
    from weightscape.scene.scene_error import SceneError

METAVARS = {
    "center": "X,Y",
    "inputs": "LIST",
    "weights": "FILE",
    "points": "FILE",
    "angle": "DEG",
    "time": "T",
    "turn": "DEG",
    "tilt": "DEG",
    "units": "I,I,I",
    "probe": "X,Y",
    "origin": "LIST",
    "u": "LIST",
    "v": "LIST",
    "beside": "JSON",
    "palette": "NAME|FILE",
    "stops": "COLOURS",
}
# A plane through a network's many inputs.
PLANE = ("origin", "u", "v")
SCENE_HELP = "JSON text, a link, a file (JSON, or a picture or film made here) or a shipped scene to start from"


@dataclass(frozen=True)
class Given:
    """Hold the scene of a command line, and what the picture it came from says of itself ({} for none).

    `misfits` tells, in a line each, of weights that are not those of the picture; `untold` names the fields for
    activations that neither the weights file nor anybody else tells.
    """

    scene: "Scene"
    carried: dict[str, Any]
    misfits: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


class SceneCommand(click.Command):
    """A command that takes a SCENE; its callback is handed it as `given`, in place of the many options."""

    def own_params(self, ctx: click.Context) -> list[click.Parameter]:
        """List what is not the scene's."""
        return super().get_params(ctx)

    def prepare(self, ctx: click.Context) -> None:
        """Make the scene in place of its options."""
        values = {each.name: ctx.params.pop(each.name) for each in (*scene_options(), PLANE_OPTION) if each.name}
        ctx.params["given"] = given(values)
        for line in ctx.params["given"].misfits:
            click.echo(f"weightscape: {line}", err=True)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """List the command's own parameters, then those of the scene."""
        return [*self.own_params(ctx), *scene_options(), PLANE_OPTION]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in two parts."""
        for title, params in ("Options", self.own_params(ctx)), ("Scene", (*scene_options(), PLANE_OPTION)):
            options = (each for each in params if isinstance(each, click.Option))
            rows = [row for each in options if (row := each.get_help_record(ctx))]
            with formatter.section(title):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Make what the command line describes, then run the command."""
        self.prepare(ctx)
        return super().invoke(ctx)


def completion(choices: Sequence[object]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Make the shell complete names from a list; whoever takes the value judges it."""
    return lambda ctx, param, incomplete: [str(name) for name in choices if str(name).startswith(incomplete)]


@cache
def scene_options() -> tuple[click.Option, ...]:
    """Make --scene and an option for each field of Scene."""
    from weightscape.scene.scene import Scene

    start = click.Option(["--scene"], metavar="SCENE", help=SCENE_HELP)
    default = Scene()
    return start, *(_option(each, getattr(default, each.name)) for each in fields(Scene))


def given(values: dict[str, Any]) -> Given:
    """Make the scene of option values; None stands for an option that was not used. Raises click.UsageError."""
    from weightscape.file.whole_file import FileError, shown
    from weightscape.scene.scene import Scene, from_mapping, overridden
    from weightscape.scene.scene_error import SceneError

    start = values["scene"]
    try:
        carried = _carried(start) if start is not None else {}
        scene = from_mapping(carried["scene"]) if carried else Scene()
    except SceneError as error:
        raise click.UsageError(f"--scene: {complaint(error)}") from None
    changes = {
        each.name: option_value(each, values[each.name]) for each in fields(Scene) if values[each.name] is not None
    }
    changes |= _own_colours(changes)
    try:
        scene = overridden(scene, **changes)
    except SceneError as error:
        raise click.UsageError(f"{option_name(error.field)}: {error.reason}") from None
    plane = values.get("plane")
    scene = laid(scene, plane, changes) if plane is not None else scene
    try:
        scene, untold = _loaded(scene, changes, carried.get("scene", {}))
        check_points(scene)
    except FileError as error:
        named = "points" if scene.points and shown(scene.points) in str(error) else "weights"
        if carried and named not in changes:
            raise FileError(f"{error} (the scene names it; --{named} FILE takes another)") from None
        raise
    return Given(scene, carried, _misfits(scene, carried), untold)


def _own_colours(changes: dict[str, Any]) -> dict[str, Any]:
    """Read the file that --palette names in place of a palette, tell of it, and give its stops. Raises FileError."""
    import os

    from weightscape.file.colour_file import SUFFIXES, read_stops
    from weightscape.scene.palette import PALETTES

    path = changes.get("palette")
    if path is None or path in PALETTES or os.path.splitext(path)[1].lower() not in SUFFIXES:
        return {}
    if changes.get("stops"):
        raise click.UsageError("--palette: --stops is given, too")
    stops, told = read_stops(path)
    del changes["palette"]
    click.echo(f"weightscape: {told}", err=True)
    return {"stops": stops}


def complaint(error: "SceneError") -> str:
    """Tell what is wrong with a text that should be a scene."""
    return error.reason if error.field == "scene" else str(error)


def option_name(field: str) -> str:
    """Name the option that sets a field."""
    from weightscape.scene.scene import Scene

    names = {each.name: each.metadata.get("switch") for each in fields(Scene)}.get(field)
    return "/".join(f"--{name}" for name in names or (field.replace("_", "-"),))


def _option(each: Field[Any], default: Any) -> click.Option:
    text = each.metadata["help"]
    if "switch" in each.metadata:
        return click.Option([each.name, option_name(each.name)], default=None, help=text)
    choices, low = each.metadata.get("choices"), each.metadata.get("low")
    if choices:
        text += f": {' '.join(map(str, choices))}"
    if low is not None:
        high = each.metadata["high"]
        text += f", {low}..{high}" if isinstance(low, int) else f", {low:g}..{high:g}"
    if default not in (None, "", ()) and each.default is not None:
        text += f" [{_shown(default)}]"
    sample = low if low is not None else (choices or ("",))[0]
    plain = {int: "N", float: "X"}.get(type(sample), "NAME")
    return click.Option(
        [option_name(each.name)],
        metavar=METAVARS.get(each.name, plain),
        help=text,
        shell_complete=completion(choices or ()),
    )


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def option_value(each: Field[Any], text: Any) -> Any:
    """Convert an option's text where it can be; what cannot be is for Scene to refuse."""
    if each.name == "center":
        parts = text.split(",")
        return parts if len(parts) == 2 else text
    if each.name in PLANE and any(char not in "0123456789.eE+-, " for char in text):
        return _vector(each.name, text)
    sample = each.metadata.get("low", each.metadata.get("choices", ("",))[0])
    if isinstance(sample, int | float):
        try:
            return type(sample)(text)
        except (ValueError, OverflowError):
            return text
    return text


def _vector(name: str, text: str) -> list[float]:
    from weightscape.publish.gallery import vector

    try:
        return vector(text)
    except ValueError as error:
        raise click.UsageError(f"{option_name(name)}: {error}") from None


def _carried(text: str) -> dict[str, Any]:
    """Read what --scene names: JSON text, else a shipped scene, else a file, else a link."""
    import json
    import os

    from weightscape.file.whole_file import shown
    from weightscape.publish import gallery
    from weightscape.scene.link import from_link, is_link

    if text.lstrip().startswith("{"):
        return gallery.carried(text)
    if text in gallery.names() and not os.path.isfile(text):
        return {"scene": json.loads(gallery.scene(text).to_text())}
    if os.path.lexists(text):
        return gallery.inside(text)
    if is_link(text):
        return {"scene": json.loads(from_link(text).to_text())}
    raise click.UsageError(
        f"--scene: {shown(text)} is neither JSON text, nor a link, nor a file, nor one of {', '.join(gallery.names())}"
    )


def _misfits(scene: "Scene", carried: dict[str, Any]) -> tuple[str, ...]:
    """Tell of weights that are not those of the picture, of as many as the options have left."""
    import json

    from weightscape.publish.caption import misfits

    if not (carried and (scene.weights or scene.points or scene.beside)):
        return ()
    return tuple(misfits(carried | {"scene": json.loads(scene.to_text())}))


def _loaded(
    scene: "Scene", changes: Mapping[str, object], carried: Mapping[str, object]
) -> "tuple[Scene, tuple[str, ...]]":
    """Refuse, before anything is made, weights that do not fit, and options that they have no use for.

    Gives the scene as it begins, and the fields for activations that nobody tells: neither the file, nor the options,
    nor the scene that was `carried`, if that is of a loaded network, too.
    """
    from weightscape.file.whole_file import FileError, shown
    from weightscape.picture.activations import begun
    from weightscape.picture.network_memory import network, untold
    from weightscape.scene.scene import RECIPE

    try:
        scene.to_text().encode()
    except UnicodeEncodeError:
        raise click.UsageError(f"--weights: {scene.weights!r} is not Unicode text") from None
    if not scene.weights:
        return scene, ()
    try:
        inputs = network(scene).widths[0]
    except ValueError as error:
        raise FileError(f"cannot use {shown(scene.weights)}: {error}") from None
    free = untold(scene.weights)
    for name in RECIPE:
        if name in changes and name not in free:
            raise click.UsageError(
                f"{option_name(name)}: has no effect on a network loaded from {scene.weights}"
                " (--weights '' draws a random one)"
            )
    told = {*changes, *(carried if carried.get("weights") else ())}
    silent = tuple(name for name in free if name not in told)
    scene = begun(scene, silent)
    _remark(scene, silent)
    _check_inputs(scene, inputs)
    return scene, silent


def _remark(scene: "Scene", silent: Sequence[str]) -> None:
    """Say what a weights file leaves open, and how that is taken."""
    from weightscape.file.whole_file import shown
    from weightscape.picture.activations import taken
    from weightscape.picture.network_memory import remarks

    said = taken(scene, silent, {name: option_name(name) for name in silent})
    for remark in [*([f"{shown(scene.weights)}: {said}"] if said else []), *remarks(scene)]:
        click.echo(f"weightscape: {remark}", err=True)


def _check_inputs(scene: "Scene", inputs: int) -> None:
    """Refuse a network of other inputs than a scene has, with what helps."""
    from weightscape.file.whole_file import shown

    if scene.origin:
        if inputs != len(scene.origin):
            raise click.UsageError(
                f"--origin: {shown(scene.weights)} has {inputs} inputs, origin has {len(scene.origin)} numbers"
            )
    elif inputs != len(scene.inputs):
        listed = f"{len(scene.inputs)}, {','.join(scene.inputs)}"
        cure = "; --plane pca:FILE lays a plane through data, --origin, --u and --v any" * (inputs > 2)
        raise click.UsageError(f"--inputs: {shown(scene.weights)} has {inputs} inputs, the scene lists {listed}{cure}")
