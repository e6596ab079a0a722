"""A film of networks that follow each other, as a file or a folder of frames, whenever they come."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

import numpy as np

from weightscape.engine.question import Cancelled, Engine, until
from weightscape.engine.tile import Pace
from weightscape.file.frame_folder import frame_path, make_folder
from weightscape.file.growing_film import growing_film, rest_words
from weightscape.file.png import write_png
from weightscape.file.video import film_rate, film_writer
from weightscape.file.whole_file import FileError, shown
from weightscape.network.interrupt import ignore, never
from weightscape.picture.bands import picture_bands
from weightscape.picture.watch import Watch
from weightscape.publish.caption import KEYWORD, caption
from weightscape.publish.film import Frame, Opening, films_of, is_folder, opened_for
from weightscape.publish.keeping import going_on
from weightscape.publish.networks import Shot
from weightscape.publish.still import Still
from weightscape.scene.scene import Scene

Write = Callable[[Frame, Shot], object]


@dataclass
class Taken:
    """Count the networks of a film, and its frames; `names`: the files that it is."""

    networks: int = 0
    frames: int = 0
    names: tuple[str, ...] = ()


def write_training(
    path: str,
    shots: Iterator[Shot],
    still: Still,
    fps: Fraction,
    opening: Opening = ignore,
    kind: str = "",
    grows: bool = False,
    is_ended: Callable[[], bool] = never,
    progress: Callable[[Taken], object] = ignore,
) -> Taken:
    """Write a frame for each shot, as a film (.mp4, .webm, .gif, .png) or into a folder; tell how many there are.

    Once is_ended() is true the film ends with the frame before, and at least with the first. `grows`: an .mp4 can be
    played before it ends, and is left where something fails (file/growing_film.py). All else as write_animation().
    """
    taken, pace = Taken(), Pace()
    with ExitStack() as stack:
        first = next(shots, None)
        if first is None:
            if is_ended():
                raise KeyboardInterrupt
            raise FileError(f"cannot write {shown(path)}: no network came")
        engine = stack.enter_context(opened_for(first.scene, still, opening))
        write = stack.enter_context(_writer(path, first.scene, still, fps, kind, grows))
        for shot in chain([first], shots):
            try:
                frame = _frame(engine, shot.scene, still, pace, is_ended if taken.frames else never)
            except Cancelled:
                break
            write(frame, shot)
            taken.frames += 1
            taken.networks += not shot.is_between
            progress(taken)
    taken.names = (path,) if not kind and is_folder(path) else (*films_of([path], kind, still.tells_scene),)
    return taken


def _frame(engine: Engine, scene: Scene, still: Still, pace: Pace, is_ended: Callable[[], bool]) -> Frame:
    with until(is_ended):
        bands = picture_bands(engine, scene, still.size, still.samples, still.precision, Watch(is_ended), pace=pace)
        return np.concatenate(list(bands))


@contextmanager
def _writer(path: str, scene: Scene, still: Still, fps: Fraction, kind: str, grows: bool) -> Iterator[Write]:
    """Open what takes the frames; it says of itself which scene is the first."""
    if not kind and is_folder(path):
        yield _folder_writer(path, still)
        return
    text = _text(path, scene, still) if still.tells_scene else ""
    rate = film_rate(f"film{kind}" if kind else path, fps)
    if grows and not kind and os.path.splitext(path)[1].lower() == ".mp4" and _is_file(path):
        is_open = False
        with going_on(lambda: rest_words(path) if is_open else ""), growing_film(path, still.size, rate, text) as film:
            is_open = True
            yield lambda frame, _: film.write(frame)
        return
    with film_writer(path, still.size, rate, text, kind) as film:
        yield lambda frame, _: film.write(frame)


def _folder_writer(folder: str, still: Still) -> Write:
    """Write numbered PNG pictures, which tell their scene where the network is a file's."""
    make_folder(folder)
    number = 0

    def write(frame: Frame, shot: Shot) -> None:
        nonlocal number
        place = frame_path(folder, number)
        tells = still.tells_scene and not shot.is_between
        write_png(place, still.size, iter([frame]), {KEYWORD: _text(place, shot.scene, still)} if tells else {})
        number += 1

    return write


def _text(place: str, scene: Scene, still: Still) -> str:
    return caption(scene, still.size, still.samples, still.precision, place)


def _is_file(path: str) -> bool:
    """Tell whether a path is, or will be, a file that one can go back in."""
    return not os.path.lexists(path) or os.path.isfile(path)
