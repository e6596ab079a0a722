"""A morph on the command line: --to, the scenes that the first one becomes."""

from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.scene_option import Given, given, option_name
from weightscape.cli.still_option import given_or

if TYPE_CHECKING:
    from weightscape.scene.morph import Morph
    from weightscape.scene.scene import Scene

SECONDS_A_WAY = 4.0
TO = click.Option(
    ["--to"],
    metavar="SCENE",
    multiple=True,
    default=(),
    help="become another scene (again for more), as --scene names one: networks of one shape, the weights on the"
    " sphere where their variance stays",
)
# Options of a film in which single numbers vary.
VARYING = ("vary", "keys")


def morphed(scene: "Scene", options: dict[str, Any], fps: Fraction, parse_seconds: Any) -> "Morph":
    """Make the morph of a scene and of option values, each text or None. Raises click.UsageError."""
    from weightscape.scene.morph import PACES, Morph
    from weightscape.scene.scene_error import SceneError

    for name in VARYING:
        if options[name]:
            raise click.UsageError(f"--{name}: nothing else varies where --to names what comes")
    ease = options["ease"] or "smooth"
    if ease not in PACES:
        raise click.UsageError(f"--ease: {ease!r} is not one of {', '.join(PACES)}, the paces of a morph")
    scenes, loop = (scene, *map(_scene, options["to"])), bool(options["loop"])
    ways = len(scenes) - (0 if loop and scenes[-1] != scene else 1)
    seconds = given_or(SECONDS_A_WAY * ways, "--seconds", parse_seconds, options["seconds"])
    if seconds <= 0.0:
        raise click.UsageError(f"--seconds: {seconds:g} is not above 0")
    try:
        return Morph(scenes, max(1, round(seconds * fps)), loop, ease)
    except SceneError as error:
        if error.field == "frames":
            raise click.UsageError(f"--seconds: {error.reason}") from None
        raise click.UsageError(
            f"--to: no morph of these scenes: {option_name(error.field)[2:]}: {error.reason}"
        ) from None


def _scene(text: str) -> "Scene":
    """Read one scene, all of it, as --scene reads it."""
    from weightscape.scene.scene import Scene

    try:
        found: Given = given({"scene": text} | {each.name: None for each in fields(Scene)})
    except click.UsageError as error:
        raise click.UsageError(error.message.replace("--scene:", "--to:", 1)) from None
    for line in found.misfits:
        click.echo(f"weightscape: {line}", err=True)
    return found.scene
