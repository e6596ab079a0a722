"""Captures: pictures in the user's own folder, in the window by a thread of their own."""

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from weightscape.engine.choice import Choice
from weightscape.engine.question import Cancelled
from weightscape.file.growing_film import unfinished
from weightscape.file.png import read_text
from weightscape.file.weights import without_suffix
from weightscape.file.whole_file import FileError, shown, sweep
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.watch import UNWATCHED, Watch
from weightscape.publish.caption import KEYWORD, caption, renamed
from weightscape.publish.still import Still, write_still
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene
from weightscape.settings import PREFIX, settings, user_folder

# A poster has so many times the window's pixels on each side, and so many points a pixel.
POSTER_TIMES, POSTER_SAMPLES = 4, 16
POSTER = "-poster"
# Of a weights file's name in that of a capture: what stays out, and how much there is of it at most.
UNFIT, LONGEST_WORD = re.compile(r"[^\w-]+"), 40
# A capture is in no hurry: the window's own pictures go first.
NICENESS = 10
PATIENCE_S = 5.0


def captures() -> Path:
    """Find the folder for captures, and make it on demand.

    WEIGHTSCAPE_OUTPUT_DIR, else the configuration's, else the user's pictures folder, else, where that cannot be
    made, the user's data folder; for a user without a home of their own the current folder. Raises FileError when none
    can be.
    """
    folders = places()
    is_lost = not settings().output_dir and all(map(_is_closed, folders))
    return _made([*folders, Path.cwd()] if is_lost else folders)


def tidy() -> None:
    """Delete what killed programs have left half written in the folders for captures; make none."""
    for folder in places():
        sweep(folder)


def capture_path(scene: Scene, text: str = "", suffix: str = ".png", kind: str = "") -> Path:
    """Name the file of a capture: weightscape-<seed>-<hash of the scene>.png, with -2, -3 ... where that is taken.

    In place of the seed a weights file's name stands. With `text`, a picture that carries this very text may be
    written anew. `kind` comes after the hash: files that are written at the same time have other names.
    """
    folder, stem, number = captures(), f"weightscape-{_word(scene)}-{scene_hash(scene)}{kind}", 1
    path = folder / f"{stem}{suffix}"
    while _is_taken(path, text):
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def scene_hash(scene: Scene) -> str:
    """Tell a scene from others by eight hexadecimal digits: the first of its text's SHA-256.

    Weights files count by their names without folders, so that a folder that was moved changes nothing.
    """
    text = scene.to_text()
    if scene.weights or scene.points or scene.beside:
        text = json.dumps(renamed(json.loads(text), base_name), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def write_capture(
    scene: Scene,
    size: Size,
    samples: int = 1,
    opening: Callable[[Choice], object] = ignore,
    watch: Watch = UNWATCHED,
    niceness: int = 0,
    kind: str = "",
) -> Path:
    """Write a scene's picture, `samples` points a pixel, into the captures' folder; return its path.

    Engine and precision are the user's settings; `opening` hears of the engine.
    """
    user = settings()
    still = Still(size, samples, user.engine or "auto", user.precision or "auto")
    text = caption(scene, size, still.samples, still.precision, captures() / KEYWORD)
    path = capture_path(scene, text, kind=kind)
    write_still(str(path), scene, still, opening, watch, niceness)
    return path


def saved(path: Path) -> str:
    """Say that a picture or a film is there, by what name and in which folder."""
    kind = "film" if path.suffix == ".mp4" else "poster" if POSTER in path.stem else "picture"
    return f"{kind} saved: {shown(path.name)} in {shown(path.parent)}"


@dataclass
class Job:
    """Hold a picture that is to be written: whether it is still wanted, and how much of it is done."""

    wake: Callable[[], None]
    future: Future[Path] = field(default_factory=Future)
    given_up: threading.Event = field(default_factory=threading.Event)
    percent: int = 0

    def hear(self, done: float) -> None:
        """Take in how much is done, and tell of each hundredth."""
        before, self.percent = self.percent, int(100.0 * done)
        if self.percent != before:
            self.wake()


class Capture:
    """Write pictures one after the other; `wake` is called when one is there, or a hundredth of one.

    `kind` is a part of their files' names.
    """

    def __init__(self, wake: Callable[[], None], kind: str = "") -> None:
        self._wake, self._kind = wake, kind
        self._writer: ThreadPoolExecutor | None = None  # while there is something to write
        self._jobs: list[Job] = []

    def take(self, scene: Scene, size: Size, samples: int) -> None:
        """Begin to write a scene's picture, `samples` points a pixel, into the captures' folder."""
        self.begin(lambda watch: write_capture(scene, size, samples, watch=watch, niceness=NICENESS, kind=self._kind))

    def begin(self, write: Callable[[Watch], Path]) -> None:
        """Begin to write something, after what is being written; `write` returns its path."""
        self._writer = self._writer or ThreadPoolExecutor(1, "capture")
        job = Job(self._wake)
        job.future = self._writer.submit(write, Watch(job.given_up.is_set, job.hear))
        self._jobs.append(job)
        job.future.add_done_callback(lambda _: self._wake())

    def give_up(self) -> bool:
        """Write the picture that is under way no further, and those that wait neither; tell whether there was one."""
        was_busy = self.is_busy
        for job in self._jobs:
            job.given_up.set()
            job.future.cancel()
        return was_busy

    @property
    def progress(self) -> str:
        """Tell how far the picture is that is under way, as "37 %", and how many wait; "" where none is."""
        jobs = self._wanted
        waiting = f", {len(jobs) - 1} more" if len(jobs) > 1 else ""
        return f"{jobs[0].percent} %{waiting}" if jobs else ""

    def fetch(self) -> list[Path | Exception]:
        """Take the pictures written since the last time, or what went wrong."""
        done = [job.future for job in self._jobs if job.future.done()]
        self._jobs = [job for job in self._jobs if job.future not in done]
        if self._writer and not self._jobs:
            self._writer.shutdown(wait=False)
            self._writer = None
        faults = ((future.exception(), future) for future in done if not future.cancelled())
        results = [fault if isinstance(fault, Exception) else future.result() for fault, future in faults]
        return [result for result in results if not isinstance(result, Cancelled)]

    @property
    def is_busy(self) -> bool:
        """Tell whether a picture is being written."""
        return bool(self._wanted)

    @property
    def _wanted(self) -> list[Job]:
        return [job for job in self._jobs if not (job.given_up.is_set() or job.future.done())]

    def close(self, is_hurried: bool = False) -> None:
        """Wait for the last picture, but not for long, and not at all for one that was given up (`is_hurried`)."""
        wait([job.future for job in self._jobs], 0.0 if is_hurried else PATIENCE_S)
        self.give_up()
        if self._writer:
            self._writer.shutdown(cancel_futures=True)


def places() -> list[Path]:
    """List the folders that captures may go to, the one to try first first; make none."""
    chosen = settings().output_dir
    if chosen:
        return [chosen]
    pictures = user_folder(platformdirs.user_pictures_dir)
    data = user_folder(lambda: platformdirs.user_data_dir("weightscape", appauthor=False))
    return [*([pictures / "weightscape"] if pictures else []), *([data / "captures"] if data else [])]


def _word(scene: Scene) -> str:
    """Tell the networks of captures apart: by the seed, or by a weights file's name, with _ for signs and spaces."""
    name = without_suffix(base_name(scene.weights))
    return (UNFIT.sub("_", name)[:LONGEST_WORD].strip("_") or "network") if scene.weights else str(scene.seed)


def _is_taken(path: Path, text: str) -> bool:
    is_other = os.path.lexists(path) and not (text and _carries(path, text))
    return is_other or os.path.lexists(unfinished(path))


def _carries(path: Path, text: str) -> bool:
    try:
        return read_text(path, KEYWORD) == text
    except FileError:
        return False


def _is_closed(folder: Path) -> bool:
    """Tell whether the user may not write where a folder is or would be made."""
    there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), folder)
    return os.path.isdir(there) and not _is_open(there)


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def _made(folders: list[Path]) -> Path:
    reasons = []
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reasons.append(f"{shown(folder)}: {error.strerror}")
            continue
        if _is_open(folder):
            return folder
        reasons.append(f"{shown(folder)}: no permission")
    raise FileError(f"no folder for captures ({'; '.join(reasons)}); {PREFIX}OUTPUT_DIR names another")
