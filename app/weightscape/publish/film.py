"""An animation as a file or a folder of frames: one engine, open for all frames, and nothing kept but one frame."""

import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import Choice, opened
from weightscape.engine.question import Engine
from weightscape.engine.tile import Pace
from weightscape.file.frame_folder import frame_path, is_there, make_folder
from weightscape.file.png import write_png
from weightscape.file.video import FORMATS, files_of, film_rate, film_size, film_writer
from weightscape.file.whole_file import whole_file
from weightscape.lens.catalogue import parts
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.bands import picture_bands
from weightscape.picture.questions import question
from weightscape.picture.watch import Progress, Watch
from weightscape.publish.caption import KEYWORD, caption
from weightscape.publish.flight_film import Flown
from weightscape.publish.keeping import going_on, kept_words
from weightscape.publish.still import Still, machines, suffix
from weightscape.scene.animation import Animation
from weightscape.scene.json_text import MAX_TEXT
from weightscape.scene.morph import Morph
from weightscape.scene.scene import Scene
from weightscape.settings import gpu

Frame = npt.NDArray[np.uint8]
Filmed = Animation | Morph | Flown
Opening = Callable[[Choice], object]
Tell = Callable[[str], object]


def is_folder(path: str) -> bool:
    """Tell whether frames are to go into a folder: it is one, or the name has no suffix."""
    return os.path.isdir(path) or path.endswith(("/", os.sep)) or not os.path.splitext(path)[1]


def checked_output(path: str) -> str:
    """Tell the kind of an output, "" for a folder. Raises ValueError for another suffix."""
    return "" if is_folder(path) else suffix(path, tuple(FORMATS))


def size_of(path: str, size: Size) -> Size:
    """Tell the size that frames for `path` will have: some films need even sides. Raises ValueError."""
    return size if is_folder(path) else film_size(path, size)


def write_animation(
    path: str,
    animation: Filmed,
    still: Still,
    fps: Fraction,
    opening: Opening = ignore,
    progress: Progress = ignore,
    kind: str = "",
    tell: Tell = ignore,
) -> list[str]:
    """Write an animation as a film (.mp4, .webm, .gif, .png), or frame by frame into a folder; tell what is written.

    `still` says how each frame is made, of the size that size_of() allows; `opening` hears of the engine. Whole
    frames of the same scenes that a folder has already are kept. `kind`: a film's suffix, whatever its name. `tell`
    hears of a cluster. Raises FileError, EngineError, SceneError, and ValueError for another suffix, size or rate.
    """
    if kind or not is_folder(path):
        return write_films([path], animation, still, fps, opening, progress, kind, tell)
    _check(animation, still)
    _write_folder(path, animation, still, opening, progress, tell)
    return [path]


def write_films(
    paths: Sequence[str],
    animation: Filmed,
    still: Still,
    fps: Fraction,
    opening: Opening = ignore,
    progress: Progress = ignore,
    kind: str = "",
    tell: Tell = ignore,
) -> list[str]:
    """Write an animation as films of several kinds, each frame rendered once; all else as write_animation()."""
    _check(animation, still)
    comment = about(animation, still, fps, paths[0]) if still.tells_scene else ""
    frames = _frames(animation, range(animation.frames), still, opening, progress, tell)
    with closing(frames), ExitStack() as stack:
        rates = [film_rate(f"film{kind}" if kind else path, fps) for path in paths]
        films = [
            stack.enter_context(film_writer(path, still.size, rate, comment, kind))
            for path, rate in zip(paths, rates, strict=True)
        ]
        for bands in frames:
            frame = np.concatenate(list(bands))
            for film in films:
                film.write(frame)
    return films_of(paths, kind, bool(comment))


def films_of(paths: Sequence[str], kind: str, has_comment: bool) -> list[str]:
    """Name the files that films have been written as."""
    names = [name for path in paths for name in (files_of(path, kind) if has_comment else [path])]
    return [name for name in names if name in paths or os.path.lexists(name)]  # a pipe has nothing beside it


def about(animation: Filmed, still: Still, fps: Fraction, path: str) -> str:
    """Write JSON of the first scene, how it is rendered, and what varies or follows; it can be opened as a scene.

    Weights are named as they are seen from a film at `path`.
    """
    text = _caption(animation.at(0), still, path)
    course = {"frames": animation.frames, "fps": str(fps), "loop": animation.loop} | animation.told()
    whole = json.dumps(json.loads(text) | {"animation": course}, ensure_ascii=False)
    return whole if len(whole) <= MAX_TEXT else text  # what is longer could not be opened again


def _check(animation: Filmed, still: Still) -> None:
    """Tell what cannot be asked for before any work."""
    for k in animation.marks:
        for part in parts(animation.at(k), still.size):
            question(part.scene, part.size, still.precision)


def _caption(scene: Scene, still: Still, path: str) -> str:
    return caption(scene, still.size, still.samples, still.precision, path)


def _frames(
    animation: Filmed, wanted: Sequence[int], still: Still, opening: Opening, progress: Progress, tell: Tell
) -> Generator[Iterator[Frame], None, None]:
    """Open an engine and render the frames of these numbers, each as bands; what one teaches of its pace all use."""
    pace = Pace()
    with opened_for(animation.at(wanted[0]), still, opening) as engine:
        if still.cluster:
            scenes = [animation.at(k) for k in wanted]
            with closing(machines(still, tell).frames(engine, still.size, scenes)) as made:
                for done, frame in made:
                    yield iter([frame])
                    progress((done + 1) / len(wanted))
            return
        for done, k in enumerate(wanted):
            share = Watch(progress=progress).share(done, len(wanted))
            yield picture_bands(engine, animation.at(k), still.size, still.samples, still.precision, share, pace=pace)


@contextmanager
def opened_for(scene: Scene, still: Still, opening: Opening) -> Iterator[Engine]:
    """Open the engine of all frames, and have it picked for the first; `opening` hears of it."""
    with opened(still.engine, gpu=gpu()) as choice:
        for part in parts(scene, still.size):
            choice.engine.pick(question(part.scene, part.size, still.precision, can=choice.engine.methods))
        opening(choice)
        yield choice.engine


def _write_folder(
    folder: str, animation: Filmed, still: Still, opening: Opening, progress: Progress, tell: Tell
) -> None:
    make_folder(folder)
    count = animation.frames
    missing = [k for k in range(count) if still.fresh or not _has_frame(folder, k, animation, still)]
    if not missing:
        return
    done = 0

    def kept() -> str:
        return kept_words(count - len(missing) + done, count, "frames", folder)

    write = _write_from_afar if still.cluster else _write_frames
    with going_on(kept), closing(write(folder, missing, animation, still, opening, progress, tell)) as written:
        for _ in written:
            done += 1


def _write_frames(
    folder: str,
    missing: Sequence[int],
    animation: Filmed,
    still: Still,
    opening: Opening,
    progress: Progress,
    tell: Tell,
) -> Generator[int, None, None]:
    """Write frames into a folder; give the number of each."""
    with closing(_frames(animation, missing, still, opening, progress, tell)) as frames:
        for k, bands in zip(missing, frames, strict=True):
            write_png(frame_path(folder, k), still.size, bands, _texts(folder, k, animation, still))
            yield k


def _write_from_afar(
    folder: str,
    missing: Sequence[int],
    animation: Filmed,
    still: Still,
    opening: Opening,
    progress: Progress,
    tell: Tell,
) -> Generator[int, None, None]:
    """Do the same with files that a cluster's workers make, which come in any order."""
    scenes = [animation.at(k) for k in missing]
    texts = [_texts(folder, k, animation, still) for k in missing]
    with (
        opened_for(scenes[0], still, opening) as engine,
        closing(machines(still, tell).frames(engine, still.size, scenes, texts)) as made,
    ):
        for done, (number, data) in enumerate(made, 1):
            with whole_file(frame_path(folder, missing[number])) as file:
                file.write(data)
            progress(done / len(missing))
            yield missing[number]


def _has_frame(folder: str, k: int, animation: Filmed, still: Still) -> bool:
    """Tell whether frame `k` is there; what does not tell its scene might be another's."""
    if not os.path.lexists(frame_path(folder, k)):
        return False  # without its caption, which takes a millisecond: a film may have 18,000 frames
    texts = _texts(folder, k, animation, still)
    return KEYWORD in texts and is_there(folder, k, KEYWORD, texts[KEYWORD])


def _texts(folder: str, k: int, animation: Filmed, still: Still) -> dict[str, str]:
    if not still.tells_scene:
        return {}
    return {KEYWORD: _caption(animation.at(k), still, frame_path(folder, k))}
