"""The doors for whoever imports the package, beside those of picture/render.py: explain() and explore()."""

import csv
import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from weightscape.cli.explain import explanation
from weightscape.cli.say import say
from weightscape.file.npz import write_weights
from weightscape.file.table import Table
from weightscape.file.whole_file import shown, whole_file
from weightscape.network.fingerprint import LENGTH, fingerprint
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.picture.network_memory import is_handed_in
from weightscape.picture.network_memory import network as made
from weightscape.picture.points_memory import is_handed_in as are_handed_in
from weightscape.picture.points_memory import points as points_of
from weightscape.picture.render import Points, checked, scene_of
from weightscape.publish.capture import captures
from weightscape.scene.scene import Scene
from weightscape.window.display import display


def explain(scene: Scene | Network | None = None, *, view: Scene | None = None) -> str:
    """Explain a scene's network, or a network, in words, algebra, Python and theory: lines of at most 100 characters.

    `view` as in render(). Raises ValueError for weights that do not fit the scene, FileError for a weights file that
    cannot be read.
    """
    with scene_of(scene, view) as looked_at:
        return explanation(looked_at)


def explore(
    scene: Scene | Network | None = None,
    *,
    view: Scene | None = None,
    size: Size | None = None,
    points: Points | None = None,
) -> None:
    """Open the window with a scene or a network, and come back when it is closed.

    `size` is (width, height) in pixels; `view` and `points` as in render(). A network is kept as
    network-<fingerprint>.npz beside the captures, points as points-<fingerprint>.csv, so that these, and the session,
    name files that are there tomorrow. Raises what render() raises,
    FileError where that file cannot be written, RuntimeError where no window can open.
    """
    whole = () if size is None else checked("auto", "auto", size)[0]
    with scene_of(scene, view, points) as first:  # whether it fits is told before anything is opened or written
        network = made(first)
        if not display():
            raise RuntimeError("cannot open a window: there is no display (neither WAYLAND_DISPLAY nor DISPLAY is set)")
        if is_handed_in(first.weights):
            first = replace(first, weights=str(kept(network)))
            say(f"the network is kept as {shown(first.weights)}")
        if are_handed_in(first.points):
            first = replace(first, points=str(kept_points(points_of(first))))
            say(f"the points are kept as {shown(first.points)}")
    words = ["--scene", first.to_text(), *(["--size", "{}x{}".format(*whole)] if whole else [])]
    if status := _run("explore", *words):
        raise RuntimeError(f"the window ended with status {status}; why stands on stderr")


def kept(network: Network) -> Path:
    """Write a network beside the captures, by a name that tells its contents. Raises FileError."""
    path = captures() / f"network-{fingerprint(network)}.npz"
    write_weights(path, network.weights, network.biases, network.activations)
    return path.absolute()


def kept_points(table: Table) -> Path:
    """Write points, and their classes, beside the captures, by a name that tells them. Raises FileError."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([*(f"x{k}" for k in range(1, table.points.shape[1] + 1)), *(["class"] if table.classes else [])])
    for row, code in zip(table.points.tolist(), table.codes.tolist(), strict=True):
        rows.writerow([*map(repr, row), *([table.classes[code]] if table.classes else [])])
    data = text.getvalue().encode()
    path = captures() / f"points-{hashlib.sha256(data).hexdigest()[:LENGTH]}.csv"
    with whole_file(path) as file:
        file.write(data)
    return path.absolute()


def _run(*words: str) -> int:
    """Run the program by itself, and tell its exit status.

    A window in a process of its own opens from any thread, again and again, and leaves this one no OpenGL.
    """
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen([sys.executable, "-m", "weightscape", *words], env={**os.environ, "PYTHONPATH": paths})
    try:
        return process.wait()
    except BaseException:  # Ctrl+C, which a notebook sends to this process alone
        process.terminate()
        process.wait()
        raise
