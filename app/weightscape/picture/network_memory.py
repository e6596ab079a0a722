"""The networks in use: each is drawn or read once, whoever asks for it at the same time, and the last ones are kept.

A network from a file is known by the file's contents, whatever its name and however quickly it was rewritten.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import lru_cache, partial
from importlib import resources
from itertools import count
from typing import BinaryIO
from weakref import WeakKeyDictionary, WeakValueDictionary

from weightscape.file.layer_form import MAX_FILE
from weightscape.file.weights import read
from weightscape.file.weights import remarks as remarks_on
from weightscape.file.whole_file import FileError, plain_file, shown
from weightscape.network.edit import edited, edits_of, silenced_of
from weightscape.network.fingerprint import fingerprint
from weightscape.network.lock import Lock
from weightscape.network.network import Network
from weightscape.network.network import distinct_weights as stored
from weightscape.picture.activations import as_told, leave_open, untold_of
from weightscape.picture.epochs import EPOCHS
from weightscape.scene.epoch import MARK, file_of
from weightscape.scene.recipe import draw
from weightscape.scene.scene import NETWORK, Scene, distinct_weights
from weightscape.scene.scene_error import SceneError

SHIPPED_WEIGHTS = resources.files("weightscape.assets.weights")
# What may change without another network.
LOOKS = {each.name: getattr(Scene(), each.name) for each in fields(Scene) if each.name not in NETWORK}
# Networks: the two halves of a split view, as long as they have so many weights together (32 MB); of larger ones the
# last. What is drawn holds its own.
KEPT, KEPT_WEIGHTS = 2, 1 << 22
# Files that are remembered by their contents, and for how long after a change another may bear the same time.
KEPT_FILES, TICK_S = 16, 2.0

# A training may write a file anew every few milliseconds: so long it is tried to read one that stays meanwhile.
CHANGING_S = 2.0

HANDED = "\0network "

Key = Scene | str
Stamp = tuple[int, ...]


class Memory:
    """Hold the last networks; whoever asks for one that is being made waits for it, and others do not.

    One that somebody else still holds is found, too.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Key, Network] = {}
        self._alive: WeakValueDictionary[Key, Network] = WeakValueDictionary()
        self._making: dict[Key, Lock] = {}

    def get(self, key: Key, make: Callable[[], Network], weights: int = 0) -> Network:
        """Give the network of a key, made where it is not known: room for so many weights is made before.

        What `make` raises passes through.
        """
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:
                found = self._alive.get(key)
                if found is None:
                    with self._lock:
                        self._trim(KEPT - 1, weights)
                    found = make()
                self._keep(key, found)
                return found
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _keep(self, key: Key, network: Network) -> None:
        """Keep a network as the last that was asked for."""
        with self._lock:
            self._kept.pop(key, None)
            self._trim(KEPT - 1, stored(network))
            self._kept[key] = self._alive[key] = network

    def _trim(self, count: int, weights: int) -> None:
        """Let go of the oldest until there are `count`, and room for so many weights beside them."""
        room = KEPT_WEIGHTS - weights
        while self._kept and (len(self._kept) > count or sum(map(stored, self._kept.values())) > room):
            del self._kept[next(iter(self._kept))]


_memory = Memory()
# Networks that a program has handed in, by names that no file has.
_handed: dict[str, Network] = {}
# Those of another process, as long as somebody holds them.
_lent: WeakValueDictionary[str, Network] = WeakValueDictionary()
_numbers = count(1)
_digests: dict[str, tuple[Stamp, str]] = {}
# Red, green and blue are so many outputs.
CHANNELS = 3
# Of the networks that were read last, by the names they were asked for by: how many layers they had, which activations
# their files do not tell, and how many outputs they had.
_known: dict[str, tuple[int, tuple[str, ...], int]] = {}


def network(scene: Scene) -> Network:
    """Draw a scene's network, or read it from its weights file; the last two are remembered, of large ones the last.

    Of a file that is followed it is the one that bears this name, whatever the file holds by now. Where a file does not
    tell its activations, the scene's fields activation and output_activation do.
    Raises file.whole_file.FileError for a file that cannot be read, ValueError for one that does not fit, SceneError
    for weights to be edited and units to be silenced that it has not.
    """
    base = _unedited(scene)
    return _edited(base, scene.edits, scene.silenced) if scene.edits or scene.silenced else base


# Edited networks that somebody holds, by what they were made of: of a sheet there are 25.
_edits: WeakKeyDictionary[Network, WeakValueDictionary[tuple[str, str], Network]] = WeakKeyDictionary()
_editing = Lock()


@lru_cache(maxsize=2)
def _edited(base: Network, edits: str, silenced: str) -> Network:
    """Remember edited networks, the last and those in use: engines know one again by its being the same object."""
    with _editing:
        held = _edits.setdefault(base, WeakValueDictionary())
        found = held.get((edits, silenced))
        if found is None:
            found = held[edits, silenced] = _made(base, edits, silenced)
        return found


def _made(base: Network, edits: str, silenced: str) -> Network:
    for name, changes in (("edits", (edits_of(edits), ())), ("silenced", ({}, silenced_of(silenced)))):
        try:
            base = edited(base, *changes)
        except ValueError as error:
            raise SceneError(name, str(error)) from None
    return base


def _unedited(scene: Scene) -> Network:
    if is_handed_in(scene.weights):
        found = _handed.get(scene.weights) or _lent.get(scene.weights)
        if found is None:
            raise SceneError("weights", "it is a network that somebody held in Python, and holds no more")
        return found
    if not scene.weights:
        recipe = replace(scene, **LOOKS, edits="", silenced="")
        return _memory.get(recipe, lambda: draw(recipe), distinct_weights(recipe))
    found = EPOCHS.network(scene.weights) or _from_file(scene.weights)
    _known.pop(scene.weights, None)
    _known[scene.weights] = found.layers, untold_of(found), found.widths[-1]
    for old in list(_known)[:-KEPT_FILES]:
        _known.pop(old, None)
    return as_told(found, scene)


def _from_file(name: str) -> Network:
    """Read a file; where it is followed, what is read first bears its name from then on."""
    with weights_file(file_of(name)) as path:
        if MARK in name and not EPOCHS.holds(name, digest_of(path)):
            raise FileError(f"an earlier network of {shown(file_of(name))} is not kept any more")
        return EPOCHS.first(name, *_settled(path, digest_of))


def renewed(file: str) -> str:
    """Read a weights file anew if it holds another network by now, and tell the name of the one that it holds.

    A time that the file bears proves nothing: contents are compared. Raises FileError, ValueError.
    """
    with weights_file(file) as path:
        if EPOCHS.digest(file) == _contents(path):
            return EPOCHS.newest(file)
        return EPOCHS.add(file, *_settled(path, _contents))


def latest(name: str) -> str:
    """Name what a file holds by now: itself where it has not been followed. Raises FileError, ValueError."""
    file = file_of(name)
    return renewed(file) if EPOCHS.newest(file) else name


def widths(scene: Scene) -> tuple[int, ...]:
    """Tell a network's inputs, the units of each layer, and its outputs last; nothing is drawn for it.

    A weights file is read. Raises what network() raises.
    """
    if scene.weights:
        return network(scene).widths
    return len(scene.inputs), *[scene.width] * (scene.layers - 1), scene.outputs


def known_layers(weights: str) -> int | None:
    """Tell how many layers the network last read by this name had; None where none was. It waits for nothing."""
    return _known.get(weights, (None, (), 0))[0]


def untold(weights: str) -> tuple[str, ...]:
    """Tell which fields of a scene tell the activations of the network last read by this name; it waits for nothing.

    () where its file tells them, and where none was read.
    """
    return _known.get(weights, (0, (), 0))[1]


def outputs_shown(scene: Scene) -> str:
    """Say which outputs of a loaded network a picture has that has not all; "" where it has, or nothing is known.

    It waits for nothing.
    """
    outputs = _known.get(scene.weights, (0, (), 0))[2]
    if outputs <= CHANNELS or scene.lens not in ("outputs", "cut"):
        return ""
    return f"outputs {', '.join(map(str, range(CHANNELS)))} of {outputs}"


def remarks(scene: Scene) -> tuple[str, ...]:
    """Say, in a line each, what a scene's weights file leaves open and how that is taken. Raises FileError."""
    if not scene.weights:
        return ()
    with weights_file(scene.weights) as path:
        return remarks_on(path)


@contextmanager
def handed_in(network: Network) -> Iterator[str]:
    """Give a network, as it is now, a name for Scene.weights for a while: its owner may change its numbers later."""
    name = f"{HANDED}{next(_numbers)}"
    _handed[name] = copied(network)
    try:
        yield name
    finally:
        del _handed[name]


def copied(network: Network) -> Network:
    """Copy a network as it is now; layers that share an array share it there, too."""
    copies = {id(array): array.copy() for array in (*network.weights, *network.biases)}
    return replace(
        network,
        weights=tuple(copies[id(W)] for W in network.weights),
        biases=tuple(copies[id(b)] for b in network.biases),
    )


def is_handed_in(name: str) -> bool:
    """Tell whether a name for Scene.weights is that of a network which a program has handed in."""
    return name.startswith(HANDED)


def lent_name(network: Network) -> str:
    """Give a network a name for Scene.weights in another process, to which it is lent."""
    return f"{HANDED}{fingerprint(network)}"


def lend(networks: Mapping[str, Network]) -> None:
    """Take networks of another process by their lent_name(); they are known as long as somebody holds them."""
    _lent.update(networks)


@contextmanager
def weights_file(name: str) -> Iterator[str]:
    """Find a weights file: a path, or the name of a shipped one."""
    if is_shipped(name) and not os.path.isfile(name):
        with resources.as_file(SHIPPED_WEIGHTS / f"{name}.npz") as file:
            yield str(file)
    else:
        yield name


def is_shipped(name: str) -> bool:
    """Tell whether shipped weights bear this name."""
    return f"{name}.npz" in {each.name for each in SHIPPED_WEIGHTS.iterdir()}


class _ChangedError(FileError):
    """A file was changed while it was read."""


def _settled(path: str, digest_of: Callable[[str], str]) -> tuple[str, Network]:
    """Read a file while it stays as it is, and tell its contents by their digest. Raises FileError, ValueError."""
    end_s = time.monotonic() + CHANGING_S
    while True:
        digest = digest_of(path)
        try:
            return digest, _memory.get(digest, partial(_read, path, digest))
        except _ChangedError:
            if time.monotonic() > end_s:
                raise


def _read(path: str, digest: str) -> Network:
    (weights, biases, activations), missing = read(path)
    if _contents(path) != digest:
        raise _ChangedError(f"cannot read {shown(path)}: it was changed while it was read")
    network = Network(tuple(weights), tuple(biases), tuple(activations))
    leave_open(network, missing)
    return network


def digest_of(path: str) -> str:
    """Tell a file's contents from all others, read again only where the file may have changed."""
    with plain_file(path) as file:
        status = os.fstat(file.fileno())
        stamp = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        known, digest = _digests.get(path, ((), ""))
        if known == stamp:
            return digest
        digest = _hash(file, status.st_size)
    # A file that has only just changed may change again and bear the same time.
    if time.time() - status.st_ctime > TICK_S:
        _digests[path] = stamp, digest
        for old in list(_digests)[:-KEPT_FILES]:
            _digests.pop(old, None)
    return digest


def _contents(path: str) -> str:
    """Tell a file's contents from all others, by reading them."""
    with plain_file(path) as file:
        return _hash(file, os.fstat(file.fileno()).st_size)


def _hash(file: BinaryIO, size: int) -> str:
    if size > MAX_FILE:
        return f"{size} bytes"  # it will be refused; nothing is to be read for that
    contents = hashlib.sha256()
    while piece := file.read(1 << 20):
        contents.update(piece)
    return contents.hexdigest()
