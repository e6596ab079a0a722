"""Captures: pictures in the user's own folder, in the window by a thread of their own."""

import hashlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import platformdirs

from weightscape.caption import KEYWORD, caption
from weightscape.engine.choice import Choice
from weightscape.engine.question import Cancelled
from weightscape.export.png import read_text
from weightscape.export.whole_file import FileError, shown
from weightscape.model.scene import Scene
from weightscape.picture import Progress, Size
from weightscape.settings import PREFIX, settings
from weightscape.still import Still, write_still

# A capture is in no hurry: the window's own pictures go first.
NICENESS = 10
PATIENCE_S = 5.0


def captures() -> Path:
    """Find the folder for captures, and make it on demand.

    WEIGHTSCAPE_OUTPUT_DIR, else the configuration's, else the user's pictures folder, else, where that cannot be
    made, the user's data folder. Raises FileError when none can be.
    """
    chosen = settings().output_dir
    if chosen:
        return _made([chosen])
    return _made([
        Path(platformdirs.user_pictures_dir()) / "weightscape",
        Path(platformdirs.user_data_dir("weightscape", appauthor=False)) / "captures",
    ])  # fmt: skip


def capture_path(scene: Scene, text: str = "", suffix: str = ".png") -> Path:
    """Name the file of a capture: weightscape-<seed>-<hash of the scene>.png, with -2, -3 ... where that is taken.

    With `text`, a picture that carries this very text may be written anew.
    """
    mark = hashlib.sha256(scene.to_text().encode("utf-8", "surrogatepass")).hexdigest()[:8]
    folder, stem, number = captures(), f"weightscape-{scene.seed}-{mark}", 1
    path = folder / f"{stem}{suffix}"
    while os.path.lexists(path) and not (text and _carries(path, text)):
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def write_capture(
    scene: Scene, size: Size, opening: Callable[[Choice], object] = id, progress: Progress = float,
    cancelled: Callable[[], bool] = bool, niceness: int = 0,
) -> Path:  # fmt: skip
    """Write a scene's picture into the captures' folder, as the user's settings want it; return its path.

    `opening` hears of the engine.
    """
    user = settings()
    still = Still(size, 1, user.engine or "auto", user.precision or "auto")
    path = capture_path(scene, caption(scene, size, still.samples, still.precision, captures() / KEYWORD))
    write_still(str(path), scene, still, opening, progress, cancelled, niceness)
    return path


class Capture:
    """Write pictures one after the other; `wake` is called when one is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._writer = ThreadPoolExecutor(1, "capture")
        self._writing: list[Future[Path]] = []
        self._given_up = threading.Event()

    def take(self, scene: Scene, size: Size) -> None:
        """Begin to write a scene's picture into the captures' folder."""
        future = self._writer.submit(
            write_capture, scene, size, cancelled=self._given_up.is_set, niceness=NICENESS
        )
        self._writing.append(future)
        future.add_done_callback(lambda _: self._wake())

    def fetch(self) -> list[Path | Exception]:
        """Take the pictures written since the last time, or what went wrong."""
        done = [future for future in self._writing if future.done()]
        self._writing = [future for future in self._writing if future not in done]
        faults = ((future.exception(), future) for future in done if not future.cancelled())
        results = [fault if isinstance(fault, Exception) else future.result() for fault, future in faults]
        return [result for result in results if not isinstance(result, Cancelled)]

    def close(self) -> None:
        """Wait for the last picture, but not for long: who closes the window wants to go."""
        wait(self._writing, PATIENCE_S)
        self._given_up.set()
        self._writer.shutdown(cancel_futures=True)


def _carries(path: Path, text: str) -> bool:
    try:
        return read_text(path, KEYWORD) == text
    except FileError:
        return False


def _made(folders: list[Path]) -> Path:
    reasons = []
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reasons.append(f"{shown(folder)}: {error.strerror}")
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
        reasons.append(f"{shown(folder)}: no permission")
    raise FileError(f"no folder for captures ({'; '.join(reasons)}); {PREFIX}OUTPUT_DIR names another")
