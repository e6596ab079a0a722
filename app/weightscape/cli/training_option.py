"""A film of networks on the command line: which files they are in, and when the film ends."""

import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from weightscape.cli.still_option import given_or

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene

NETWORKS_PER_S, MOST_BETWEEN, MOST_EPOCHS, MOST_IDLE_S = 10, 1000, 1_000_000, 1e6
EASES = ("linear", "smooth")
# Options of a film in which numbers vary.
VARYING = ("autopilot", "vary", "keys", "to", "seconds", "loop")


@dataclass(frozen=True)
class Course:
    """Say which networks follow each other: those of `files`, or with `watch` those that are written into one."""

    files: tuple[str, ...]
    watch: bool
    between: int
    ease: str
    epochs: int | None
    idle_s: float | None


@cache
def training_options() -> tuple[click.Parameter, ...]:
    """Make FILE... and the options --watch, --epochs, --idle and --between."""
    return (
        click.Argument(["files"], metavar="[FILE]...", nargs=-1),
        click.Option(
            ["--watch"],
            is_flag=True,
            help="film what a training writes into a weights FILE, a frame for each network, until Ctrl+C",
        ),
        click.Option(["--epochs"], metavar="N", help="with --watch: end after so many networks"),
        click.Option(["--idle"], metavar="S", help="with --watch: end when no network has come for so many seconds"),
        click.Option(["--between"], metavar="K", help="frames on the way from each network to the next [0]"),
    )


def course_of(values: dict[str, Any], varying: dict[str, Any]) -> Course | None:
    """Read how networks follow each other; None where none do. Raises click.UsageError."""
    files, watch = tuple(values["files"]), bool(values["watch"])
    between = given_or(0, "--between", _whole(0, MOST_BETWEEN), values["between"])
    epochs = given_or(None, "--epochs", _whole(1, MOST_EPOCHS), values["epochs"])
    idle_s = given_or(None, "--idle", _seconds, values["idle"])
    for name in () if watch else ("epochs", "idle"):
        if values[name] is not None:
            raise click.UsageError(f"--{name}: tells when --watch ends, which is not given")
    if not files and not watch:
        if values["between"] is not None:
            raise click.UsageError("--between: there are no networks that follow each other: FILE... names them")
        return None
    for name in VARYING:
        if varying[name] not in (None, (), []):
            raise click.UsageError(f"--{name}: nothing else varies in a film of networks")
    ease = varying["ease"] or EASES[0]
    if ease not in EASES:
        raise click.UsageError(f"--ease: {ease!r} is not one of {', '.join(EASES)}, the ways between networks")
    return Course(files if watch else found(files), watch, between, ease, epochs, idle_s)


def found(names: Sequence[str]) -> tuple[str, ...]:
    """List the files that names stand for, in natural order: files, folders of weights files, and patterns.

    Raises FileError for a name that stands for none.
    """
    return tuple(sorted({file for name in names for file in _files(name)}, key=_natural))


def _files(name: str) -> list[str]:
    from weightscape.file.weights import SUFFIXES
    from weightscape.file.whole_file import FileError, shown

    if os.path.isdir(name):
        listed = [each for each in os.listdir(name) if each.lower().endswith(SUFFIXES)]
        if not listed:
            raise FileError(f"cannot use {shown(name)}: no file in this folder ends in {', '.join(SUFFIXES)}")
        return [os.path.join(name, each) for each in listed]
    if not os.path.lexists(name) and glob.has_magic(name):
        if not (matching := glob.glob(name)):
            raise FileError(f"cannot use {shown(name)}: no file has such a name")
        return matching
    return [name]


def _natural(name: str) -> list[int | str]:
    """Order epoch_2 before epoch_10: text and whole numbers take turns."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def check_course(course: Course, scene: "Scene") -> None:
    """Refuse to film one network alone, and nothing. Raises click.UsageError."""
    from weightscape.scene.loaded import names_in

    if course.watch and not [*names_in(scene)]:
        raise click.UsageError("--watch: there is no weights file to follow: FILE names one")
    if not course.watch and len(course.files) < 2:
        raise click.UsageError(f"FILE: a film needs two networks, and there is {course.files[0]}; --watch follows one")


def scenes_of(
    course: Course, scene: "Scene", is_ended: Callable[[], bool], tell: Callable[[str], object]
) -> "Iterator[Scene]":
    """Show the networks of a course in a scene. Raises FileError."""
    from itertools import islice

    from weightscape.publish.networks import checkpoints, followed

    if not course.watch:
        return checkpoints(scene, course.files)
    return islice(followed(scene, course.idle_s, is_ended, tell), course.epochs)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if text.isdecimal() and len(text) <= 9 and low <= int(text) <= high:
            return int(text)
        raise ValueError(f"{text!r} is not a whole number in {low}..{high}")

    return parse


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 < seconds <= MOST_IDLE_S:
        raise ValueError(f"{text!r} is not a number of seconds above 0, up to {MOST_IDLE_S:g}")
    return seconds
