"""A flight of the autopilot on the command line: --autopilot, which finds its own way."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.still_option import given_or

if TYPE_CHECKING:
    from weightscape.publish.flight_film import Flown
    from weightscape.publish.still import Still
    from weightscape.scene.scene import Scene

SECONDS = 60.0
AUTOPILOT = click.Option(
    ["--autopilot"],
    is_flag=True,
    default=None,
    help="fly by itself, towards what there is to see and back; --vary time, --vary weights: these vary gently",
)
# Options of films whose way is told.
TOLD = ("keys", "to", "ease", "loop")


def flown(scene: "Scene", still: "Still", options: dict[str, Any], fps: Fraction, parse_seconds: Any) -> "Flown":
    """Make the flight of a scene and of option values, each text or None. Raises click.UsageError."""
    from weightscape.publish.flight_film import Flown
    from weightscape.scene.scene_error import SceneError
    from weightscape.scene.varying import VARIED

    for name in TOLD:
        if options[name]:
            raise click.UsageError(f"--{name}: --autopilot finds its own way")
    for name in options["vary"]:
        if name not in VARIED:
            raise click.UsageError(f"--vary: {name!r} is not one of {', '.join(VARIED)}, what an autopilot varies")
    seconds = given_or(SECONDS, "--seconds", parse_seconds, options["seconds"])
    if seconds <= 0.0:
        raise click.UsageError(f"--seconds: {seconds:g} is not above 0")
    try:
        vary = tuple(name for name in VARIED if name in options["vary"])
        return Flown(scene, max(1, round(seconds * fps)), fps, still.size, vary, still.precision)
    except SceneError as error:
        where = {"frames": "--seconds", "time": "--vary time", "weights": "--vary weights"}
        name = where.get(error.field, f"--autopilot: {error.field}")
        raise click.UsageError(f"{name}: {error.reason}") from None
