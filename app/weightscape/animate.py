"""An animation as a file or a folder of frames: one engine, open for all frames, and nothing kept but one frame."""

import json
import os
from collections.abc import Callable, Generator
from contextlib import closing
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.caption import KEYWORD, caption
from weightscape.engine.choice import Choice, opened
from weightscape.export.frame_folder import frame_path, is_there, make_folder
from weightscape.export.png import write_png
from weightscape.export.video import FORMATS, check_library, film_rate, film_size, has_comment, write_video
from weightscape.model.animation import Animation
from weightscape.picture import Progress, Size, picture_bands, question, single_or_double
from weightscape.still import Still, suffix

Frame = npt.NDArray[np.uint8]
Opening = Callable[[Choice], object]


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
    path: str, animation: Animation, still: Still, fps: Fraction, opening: Opening = id, progress: Progress = float
) -> None:
    """Write an animation as a film (.mp4, .webm, .gif, .png), or frame by frame into a folder.

    `still` says how each frame is made, of the size that size_of() allows; `opening` hears of the engine. Whole
    frames of the same scenes that a folder has already are kept. Raises FileError, EngineError, SceneError, and
    ValueError for another suffix, size or rate.
    """
    for k in {0, animation.frames - 1}:  # what cannot be asked for is told before any work
        question(animation.at(k), still.size, single_or_double(still.precision))
    if is_folder(path):
        _write_folder(path, animation, still, opening, progress)
        return
    check_library(path)
    with closing(_frames(animation, still, opening, progress)) as frames:
        write_video(path, still.size, film_rate(path, fps), frames, about(path, animation, still, fps))


def about(path: str, animation: Animation, still: Still, fps: Fraction) -> str:
    """Write JSON of the first scene and how it is rendered, and, inside a film, what varies.

    A film that holds no text has a file beside it, which can be opened as a scene.
    """
    text = caption(animation.at(0), still.size, still.samples, single_or_double(still.precision))
    if not has_comment(path):
        return text
    tracks = {
        track.name: {"values": [_plain(value) for value in track.values], "times": track.times, "ease": track.ease}
        for track in animation.tracks
    }
    course = {"frames": animation.frames, "fps": str(fps), "loop": animation.loop, "vary": tracks}
    return json.dumps(json.loads(text) | {"animation": course}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return [str(part) for part in value] if isinstance(value, tuple) else value


def _frames(animation: Animation, still: Still, opening: Opening, progress: Progress) -> Generator[Frame, None, None]:
    precise = single_or_double(still.precision)
    with opened(still.engine, precise) as choice:
        opening(choice)
        for k in range(animation.frames):
            share = _share(progress, k, animation.frames)
            bands = picture_bands(choice.engine, animation.at(k), still.size, still.samples, precise, share)
            yield np.concatenate(list(bands))


def _write_folder(folder: str, animation: Animation, still: Still, opening: Opening, progress: Progress) -> None:
    make_folder(folder)
    precise = single_or_double(still.precision)
    texts = (caption(animation.at(k), still.size, still.samples, precise) for k in range(animation.frames))
    missing = [k for k, text in enumerate(texts) if not is_there(folder, k, text)]
    if not missing:
        return
    with opened(still.engine, precise) as choice:
        opening(choice)
        for done, k in enumerate(missing):
            scene, share = animation.at(k), _share(progress, done, len(missing))
            bands = picture_bands(choice.engine, scene, still.size, still.samples, precise, share)
            text = caption(scene, still.size, still.samples, precise)
            write_png(frame_path(folder, k), still.size, bands, {KEYWORD: text})


def _share(progress: Progress, done: int, count: int) -> Progress:
    """Make one frame's progress a part of the whole."""
    return lambda fraction: progress((done + fraction) / count)
