"""The points in use: a file is read once, laid into the plane once, and judged once by each network.

A file is known by its contents, whatever its name and however quickly it was rewritten.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import ref

import numpy as np
import numpy.typing as npt

from weightscape.file.table import Table, read_table
from weightscape.file.whole_file import FileError, shown
from weightscape.network.decision import decisions
from weightscape.network.fingerprint import LENGTH
from weightscape.network.interrupt import ignore
from weightscape.network.lock import Lock
from weightscape.network.network import Network
from weightscape.picture.network_memory import digest_of, network
from weightscape.picture.standing import Standing, standing
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# A point of a network without a plane of its own is in the plane.
FLAT = 2
# Files that are remembered, and judgements: those of two halves.
KEPT = 2
# So many numbers of a layer are worked on at once: whoever is no longer wanted soon stops.
BLOCK = 1 << 19


@dataclass(eq=False)
class Judgement:
    """Hold what a network decides, of the points that it has been asked about so far."""

    decided: npt.NDArray[np.int64]
    done: int = 0


# Points that a program has handed in, by names that no file has.
HANDED = "\0points "
_handed: dict[str, Table] = {}
_numbers = count(1)
_lock, _reading, _judging = Lock(), Lock(), Lock()
_tables: dict[Any, Table] = {}
_places: dict[Any, Floats] = {}
_judged: dict[Any, tuple[Callable[[], Network | None], Judgement]] = {}


def fingerprint_of(name: str) -> str:
    """Hash a file of points: 16 hexadecimal digits. Raises FileError."""
    return digest_of(name)[:LENGTH]


def points(scene: Scene) -> Table:
    """Read a scene's points. Raises FileError for a file that cannot be read, or that has other columns than inputs."""
    if is_handed_in(scene.points):
        return _handed_in(scene)
    key = _key(scene)
    with _reading:
        found = _tables.get(key)
        if found is None:
            found = read_table(scene.points, len(scene.origin) or FLAT)
            if _key(scene) != key:
                raise FileError(f"cannot read {shown(scene.points)}: it was changed while it was read")
        _keep(_tables, key, found)
        return found


def is_read(scene: Scene) -> bool:
    """Tell whether a scene's points are in memory. Raises FileError for a file that is not there."""
    return is_handed_in(scene.points) or _key(scene) in _tables


@contextmanager
def handed_in(table: Table) -> Iterator[str]:
    """Give points a name for Scene.points for a while."""
    name = f"{HANDED}{next(_numbers)}"
    _handed[name] = table
    try:
        yield name
    finally:
        del _handed[name]


def is_handed_in(name: str) -> bool:
    """Tell whether a name for Scene.points is that of points which a program has handed in."""
    return name.startswith(HANDED)


def _handed_in(scene: Scene) -> Table:
    found, inputs = _handed.get(scene.points), len(scene.origin) or FLAT
    if found is None:
        raise SceneError("points", "these are points that somebody held in Python, and holds no more")
    if found.points.shape[1] != inputs:
        raise SceneError("points", f"they have {found.points.shape[1]} numbers a row, the plane is of {inputs} inputs")
    return found


def _key(scene: Scene) -> tuple[str, int]:
    name = scene.points
    return name if is_handed_in(name) else digest_of(name), len(scene.origin) or FLAT


def places(scene: Scene) -> Floats:
    """Tell where in the plane a scene's points are, (rows, 2): of many inputs the nearest point of the plane."""
    table = points(scene)
    if not scene.origin:
        return table.points
    key = _key(scene), scene.origin, scene.u, scene.v
    found = _places.get(key)
    if found is None:
        basis = np.array([scene.u, scene.v]).T
        found = (table.points - np.array(scene.origin)) @ np.linalg.pinv(basis).T
        _keep(_places, key, found)
    return found


def standing_of(scene: Scene) -> Standing:
    """Tell which outputs of a scene's network stand for its points' classes. Raises FileError."""
    made = network(scene)
    return standing(points(scene).classes, made.widths[-1], made.activations[-1])


def misjudged(scene: Scene, check: Callable[[], object] = ignore, is_patient: bool = True) -> Mask | None:
    """Tell which points have another class than the network decides, evaluated in float64 at the point itself.

    None where nothing can be told, and, unless `is_patient`, where it is not known yet. What `check` raises passes
    through; the next one goes on from there.
    """
    table, made = points(scene), network(scene)
    stand_for = standing_of(scene).outputs
    if stand_for is None:
        return None
    found = _judgement(scene, table, made)
    if found.done < len(table.points):
        if not is_patient:
            return None
        with _judging:
            _judge(found, scene, table, made, check)
    return np.asarray(np.array(stand_for)[table.codes] != found.decided)


def fed(scene: Scene, found: Floats) -> Floats:
    """Tell what a network is fed at points: at those of the plane, the scene's inputs."""
    if scene.origin:
        return found
    x, y = found.T
    turn = 2.0 * np.pi * scene.time
    named = {"x": x, "y": y, "r": np.hypot(x, y), "cos_t": np.cos(turn), "sin_t": np.sin(turn)}
    columns = [named[name] if name in named else float(name) for name in scene.inputs]
    return np.stack(np.broadcast_arrays(*columns, x)[:-1], -1)


def _judgement(scene: Scene, table: Table, made: Network) -> Judgement:
    """Find what is known of a network's decisions, or begin anew."""
    key = _key(scene), id(made), scene.inputs, scene.time
    holder, found = _judged.get(key, (ref(made), Judgement(np.empty(len(table.points), np.int64))))
    if holder() is not made:  # another network stands where that one stood in memory
        found = Judgement(np.empty(len(table.points), np.int64))
    _keep(_judged, key, (ref(made), found))
    return found


def _judge(found: Judgement, scene: Scene, table: Table, made: Network, check: Callable[[], object]) -> None:
    step = max(BLOCK // max(made.widths), 1)
    while found.done < len(table.points):
        check()
        block = slice(found.done, found.done + step)
        found.decided[block] = decisions(made(fed(scene, table.points[block])), made.activations[-1])
        found.done = min(block.stop, len(table.points))


def _keep(memory: dict[Any, Any], key: Any, value: Any) -> None:
    """Remember what was asked for last."""
    with _lock:
        memory.pop(key, None)
        memory[key] = value
        for old in list(memory)[:-KEPT]:
            del memory[old]
