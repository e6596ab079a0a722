"""A still as a file, whatever its kind: decides nothing about the scene, and opens the engine that computes it."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy.typing as npt

from weightscape.deep.accuracy import Method
from weightscape.engine.choice import Choice, opened
from weightscape.engine.question import Question, until
from weightscape.file.npy import write_npy
from weightscape.lens.catalogue import parts
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.banding import Banding, check_size
from weightscape.picture.bands import field_bands
from weightscape.picture.questions import PrecisionName, question
from weightscape.picture.watch import UNWATCHED, Watch
from weightscape.publish.caption import caption
from weightscape.publish.picture_file import PICTURES, PLAIN, Ink, write_picture
from weightscape.publish.poster import is_kept, kept_bands, kept_engine
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.settings import gpu

if TYPE_CHECKING:
    from weightscape.publish.many_machines import Machines

Band = TypeVar("Band", bound=npt.NDArray[Any])
Tell = Callable[[str], object]
Announced = Callable[[Iterable[Any]], Iterator[Any]]
SUFFIXES = (*PICTURES, ".npy")
PIPED = ("png", "npy")  # formats that are written from the first byte to the last


@dataclass(frozen=True)
class Still:
    """Say how a scene is to become a file; `relative`: raw outputs less those at the centre.

    `tells_scene`: the file says of itself which scene it shows. `keeps`: what takes long is kept on its way, and taken
    up again, unless it is to be `fresh`. `ink`: how the numbers of a picture are written. `cluster`: whose workers make
    bands and frames (cluster/connection.py), "" for this process; such a picture is kept, however quick it is.
    """

    size: Size = (1024, 1024)
    samples: int = 1
    engine: str = "auto"
    precision: PrecisionName = "auto"
    relative: bool = False
    tells_scene: bool = True
    keeps: bool = False
    fresh: bool = False
    ink: Ink = PLAIN
    cluster: str = ""


def suffix(path: str, allowed: tuple[str, ...] = SUFFIXES) -> str:
    """Tell the kind of a file by its name. Raises ValueError that lists the allowed ones."""
    found = os.path.splitext(path)[1].lower()
    if found not in allowed:
        raise ValueError(f"{path!r} does not end in {' or '.join(allowed)}")
    return found


def write_still(
    path: str,
    scene: Scene,
    still: Still,
    opening: Callable[[Choice], object] = ignore,
    watch: Watch = UNWATCHED,
    niceness: int = 0,
    tell: Tell = ignore,
    kind: str = "",
) -> tuple[Method, ...]:
    """Write a scene's picture (PICTURES) or its raw outputs (.npy, samples ignored); tell the method that was taken, or
    those of a split view's halves.

    `kind`, or else the suffix, tells the format. `opening` hears of the engine, `tell` of what is kept of a poster
    (publish/poster.py). Derivatives are written as lens/stretch.py measures them: ln |J|, one float64.

    Raises FileError, EngineError, SceneError for a lens without raw outputs, ValueError for another suffix, and
    Cancelled, leaving no file.
    """
    kind = kind or suffix(path)
    if kind != ".npy":
        check_size(scene, still.size)
    keeps = still.keeps and kind != ".npy"
    engine = kept_engine(path, still.size, still.engine) if keeps and not still.fresh else still.engine
    with until(watch.cancelled), opened(engine, niceness=niceness, gpu=gpu()) as choice:
        if engine != still.engine:
            choice = replace(choice, because="it made the bands that are kept")
        asked = [
            question(part.scene, part.size, still.precision, can=choice.engine.methods, relative=still.relative)
            for part in parts(scene, still.size)
        ]
        for ask in asked:
            choice.engine.pick(ask)
        announced = partial(_announced, choice=choice, opening=opening)
        if kind == ".npy":
            _write_numbers(path, scene, still, choice, asked[0], watch, announced)
        else:
            _write_picture(path, kind, scene, still, choice, watch, announced, tell)
        return tuple(ask.method for ask in asked)


def machines(still: Still, tell: Tell) -> "Machines":
    """Give those whose workers compute; only where a cluster is asked for is it worth loading them."""
    from weightscape.publish.many_machines import Machines

    return Machines(still.cluster, still.samples, still.precision, tell)


def _write_numbers(
    path: str, scene: Scene, still: Still, choice: Choice, asked: Question, watch: Watch, announced: Announced
) -> None:
    if asked.answer == "derivatives" and still.relative:
        raise SceneError("lens", f"{scene.lens} is of derivatives, which have nothing to be relative to")
    values = field_bands(choice.engine, scene, still.size, still.precision, watch, still.relative)
    channels, dtype = _kind(asked)
    # Differences without offset and scale stay float32 (engine/question.py, Field).
    numbers = (band.astype(dtype, copy=False) for band in values)
    write_npy(path, (*still.size[::-1], channels), dtype, announced(numbers))


def _write_picture(
    path: str, kind: str, scene: Scene, still: Still, choice: Choice, watch: Watch, announced: Announced, tell: Tell
) -> None:
    ink, asked_of = still.ink, (still.size, still.samples, still.precision)
    banding = Banding(choice.engine, scene, *asked_of, watch, tone=ink.tone(kind))
    text = caption(scene, *asked_of, path, ink.told(kind)) if still.tells_scene else ""
    away = machines(still, tell).bands(banding, scene) if still.cluster else None
    is_poster = away or (still.keeps and is_kept(path, banding))
    making = kept_bands(path, scene, still.samples, banding, still.fresh, tell, away) if is_poster else None
    with making or nullcontext(banding.bands()) as bands:
        write_picture(path, kind, still.size, announced(bands), text, ink)


def _kind(ask: Question) -> tuple[int, str]:
    """Tell how many numbers of which type are written for a point."""
    if ask.answer == "derivatives":
        return 1, "float64"
    return ask.channels, "float32" if ask.precision == "single" else "float64"


def _announced(bands: Iterable[Band], choice: Choice, opening: Callable[[Choice], object]) -> Iterator[Band]:
    """Tell of the engine once the file is open: where that fails nothing else is worth a word."""
    opening(choice)
    yield from bands
