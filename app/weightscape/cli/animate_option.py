"""How an animation is asked for on the command line: what varies, for how long, how many frames a second."""

import re
from dataclasses import fields
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.morph_option import SECONDS_A_WAY, TO, morphed
from weightscape.cli.pilot_option import AUTOPILOT, flown
from weightscape.cli.pilot_option import SECONDS as FLIGHT_S
from weightscape.cli.scene_option import completion, option_name, option_value
from weightscape.cli.still_option import StillCommand, given_or, parsed
from weightscape.cli.training_option import NETWORKS_PER_S, Course, check_course, course_of, training_options
from weightscape.cli.watch_option import wait_for

if TYPE_CHECKING:
    from weightscape.publish.film import Filmed
    from weightscape.scene.animation import Track
    from weightscape.scene.scene import Scene

SECONDS, FPS = 4.0, 30
MAX_SECONDS, MAX_FPS = 86_400, 240
# What an animation calls a field that is none of the scene's, and its option.
OWN = {"frames": "--seconds", "ease": "--ease"}
# A comma before a time, not the one inside a point: X,Y.
NEXT_KEY = re.compile(r",(?=[^,:]*:)")
# Not the colon of a point that is named, digits:3.
NEXT_VALUE = re.compile(r"(?<!digits):")


class AnimateCommand(StillCommand):
    """A command that renders a SCENE many times; its callback is handed `animation` and `fps`, too.

    Where networks follow each other it is handed a `course` in place of the animation.
    """

    def own_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Put the options of an animation before the others."""
        return [*training_options(), *animation_options(), *super().own_params(ctx)]

    def prepare(self, ctx: click.Context) -> None:
        """Make the animation in place of its options."""
        options = {each.name: ctx.params.pop(each.name) for each in animation_options() if each.name}
        values = {each.name: ctx.params.pop(each.name) for each in training_options() if each.name}
        ctx.params["course"] = course = course_of(values, options)
        if course:
            _weights_first(ctx.params, course)
        super().prepare(ctx)
        usual = NETWORKS_PER_S if course and not course.between else FPS
        fps = Fraction(given_or(usual, "--fps", parse_fps, options["fps"]))
        scene = ctx.params["given"].scene
        if course:
            check_course(course, scene)
        ctx.params["fps"], ctx.params["animation"] = fps, None
        if options["autopilot"]:
            ctx.params["animation"] = flown(scene, ctx.params["still"], options, fps, parse_seconds)
        elif not course:
            ctx.params["animation"] = animated(scene, options, fps)


def _weights_first(params: dict[str, Any], course: Course) -> None:
    """Let the scene show the first network, once it is there. Raises click.UsageError."""
    if course.files and params["weights"] is not None:
        raise click.UsageError(f"--weights: the networks are those of {course.files[0]}")
    if course.watch and len(course.files) > 1:
        raise click.UsageError(f"--watch: follows one file, not {len(course.files)}; without it each is a network")
    params["weights"] = course.files[0] if course.files else params["weights"]
    if course.watch and params["weights"]:
        wait_for(params["weights"], course.idle_s)


@cache
def animation_options() -> tuple[click.Option, ...]:
    """Make the options --vary, --keys, --to, --autopilot, --seconds, --fps, --ease and --loop."""
    from weightscape.scene.animation import EASES, POSITIVE, VARIABLE

    names = " ".join(VARIABLE)
    return (
        click.Option(
            ["--vary"],
            metavar="NAME=A:B[:C...]",
            multiple=True,
            default=(),
            shell_complete=completion([f"{name}=" for name in VARIABLE]),
            help=f"run a number of the scene from A to B (again for more): {names}; of a list all, as X,Y:X,Y,"
            " or one, as origin.3=A:B, counted from 0; of the inputs those that are numbers; one weight as"
            " edits.LAYER:INPUT:UNIT=A:B",
        ),
        click.Option(
            ["--keys"],
            metavar="NAME=T:V,T:V...",
            multiple=True,
            default=(),
            help="the same with values V at T seconds, as a player counts them; frame K, from 0, is at"
            " K/fps, so without --loop the last frame, a step before the end, shows the last value",
        ),
        TO,
        AUTOPILOT,
        click.Option(
            ["--seconds"],
            metavar="S",
            help=f"how long [{SECONDS:g}, or the last of --keys; {SECONDS_A_WAY:g} for each way of --to,"
            f" {FLIGHT_S:g} with --autopilot]",
        ),
        click.Option(
            ["--fps"],
            metavar="F",
            help=f"frames a second, 1..{MAX_FPS} [{FPS}; {NETWORKS_PER_S} where each is a network]",
        ),
        click.Option(
            ["--ease"],
            metavar="NAME",
            shell_complete=completion(EASES),
            help=f"how values run: {' '.join(EASES)} [radius geometric, others linear; with --to"
            " smooth, slow at each scene]; geometric"
            f" is for {' '.join(POSITIVE)}, above 0",
        ),
        click.Option(
            ["--loop/--no-loop"],
            default=None,
            help="stop one step before the end, which leads into the first frame"
            " [where all ends as it begins, as time over whole turns]; with --to back to the first scene",
        ),
    )


def animated(scene: "Scene", options: dict[str, Any], fps: Fraction) -> "Filmed":
    """Make the animation, or the morph, of option values, each text or None. Raises click.UsageError."""
    from weightscape.scene.animation import EASES, Animation
    from weightscape.scene.scene_error import SceneError

    if options["to"]:
        return morphed(scene, options, fps, parse_seconds)
    ease = options["ease"] or ""
    if options["ease"] is not None and ease not in EASES:
        raise click.UsageError(f"--ease: {ease!r} is not one of {', '.join(EASES)}")
    keys = [parsed("--keys", parse_keys, text) for text in options["keys"]]
    seconds = _seconds(options["seconds"], keys)
    try:
        tracks = [ranged(text, ease) for text in options["vary"]]
        tracks += [_timed(name, keyed, seconds, ease) for name, keyed in keys]
        tracks += _morph(scene, [track.name for track in tracks], bool(options["loop"]), ease)
        if not tracks:
            raise click.UsageError(
                "--vary: nothing varies: NAME=A:B runs a number of the scene, --to SCENE morphs, --autopilot flies"
            )
        animation = Animation(scene, tuple(tracks), max(1, round(seconds * fps)), options["loop"])
        for name, keyed in keys:
            animation = animation.timed(name, [Fraction(repr(time)) * fps for time, _ in keyed])
        return animation
    except SceneError as error:
        where = "--keys" if error.field in [name for name, _ in keys] else "--vary"
        where = OWN.get(error.field, f"{where} {option_name(error.field)[2:]}")
        raise click.UsageError(f"{where}: {error.reason}") from None


def parse_fps(text: str) -> Fraction:
    """Read a number of frames a second: 25, 23.976 or 30000/1001. Raises ValueError with value and range."""
    try:
        fps = Fraction(text) if len(text) <= 32 else Fraction(0)
    except (ValueError, ZeroDivisionError):
        fps = Fraction(0)
    if not 1 <= fps <= MAX_FPS:
        raise ValueError(f"{text!r} is not a number in 1..{MAX_FPS}")
    return fps


def parse_seconds(text: str) -> float:
    """Read a time. Raises ValueError with value and range."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= MAX_SECONDS:
        raise ValueError(f"{text!r} is not a number of seconds in 0..{MAX_SECONDS}")
    return seconds


def parse_keys(text: str) -> tuple[str, list[tuple[float, str]]]:
    """Read "NAME=T:V,T:V...": the field, and each time in seconds with its value. Raises ValueError."""
    name, rest = _named(text)
    keyed = [part.partition(":") for part in NEXT_KEY.split(rest)]
    if len(keyed) < 2 or not all(colon for _, colon, _ in keyed):
        raise ValueError(f"{text!r} is not NAME=T:V,T:V... with two or more times and values")
    return name, [(parse_seconds(time), value) for time, _, value in keyed]


def _named(text: str) -> tuple[str, str]:
    name, _, rest = text.partition("=")
    return name.strip().removeprefix("--").replace("-", "_"), rest


def _seconds(text: str | None, keys: list[tuple[str, list[tuple[float, str]]]]) -> float:
    last = max((time for _, keyed in keys for time, _ in keyed), default=SECONDS)
    seconds = last if text is None else parsed("--seconds", parse_seconds, text)
    if seconds <= 0.0:
        raise click.UsageError(f"--seconds: {seconds:g} is not above 0")
    if keys and last > seconds:
        raise click.UsageError(f"--keys: the time {last:g} is not in 0..{seconds:g} seconds")
    return seconds


def ranged(text: str, ease: str, option: str = "--vary") -> "Track":
    """Read "NAME=A:B[:C...]". Raises click.UsageError that names the option, SceneError for what does not vary."""
    from weightscape.scene.animation import Track

    name, rest = _named(text)
    values = NEXT_VALUE.split(rest)
    if len(values) < 2:
        raise click.UsageError(f"{option}: {text!r} is not NAME=A:B with two or more values")
    return Track(name, tuple(_value(name, value) for value in values), (), ease)


def _timed(name: str, keyed: list[tuple[float, str]], seconds: float, ease: str) -> "Track":
    from weightscape.scene.animation import Track

    values = tuple(_value(name, value) for _, value in keyed)
    return Track(name, values, tuple(time / seconds for time, _ in keyed), ease)


def _morph(scene: "Scene", names: list[str], loops: bool, ease: str) -> "list[Track]":
    """Go all the way to the other seed, and back in a loop, unless the scene stands somewhere on it."""
    from weightscape.scene.animation import Track

    if scene.to_seed is None or scene.part or "part" in names:
        return []
    return [Track("part", (0.0, 1.0, 0.0) if loops else (0.0, 1.0), (), ease)]


def _value(name: str, text: str) -> Any:
    """Convert a value's text where it can be; what cannot be is for Scene to refuse."""
    from weightscape.scene.scene import Scene

    each = next((each for each in fields(Scene) if each.name == name), None)
    return option_value(each, text) if each else text
