"""The scenes of a film of networks: of checkpoints that are there, or of a file that a training writes anew."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from weightscape.file.whole_file import FileError, shown
from weightscape.network.interrupt import ignore, never
from weightscape.network.morph import blend
from weightscape.network.network import Network
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.follower import POLL_S, Follower
from weightscape.picture.lookout import Arrival
from weightscape.picture.network_memory import lend, lent_name, network
from weightscape.picture.successor import fitted, successor
from weightscape.scene.loaded import names_in, renamed_in
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Shot:
    """Hold the scene of a frame; `between`: the networks on the way to the next one, which no file has."""

    scene: Scene
    is_between: bool = False
    between: tuple[Network, ...] = ()  # known as long as somebody holds them


def checkpoints(scene: Scene, files: Sequence[str]) -> Iterator[Scene]:
    """Show one file's network after the other in a scene, all of them checked before the first is shown.

    Raises FileError for one that cannot be read or shown so.
    """
    for file in files:
        try:
            fitted(replace(scene, weights=file), file)
        except ValueError as error:  # SceneError is one, too
            raise FileError(f"cannot use {shown(file)}: {error}") from None
    return (replace(scene, weights=file) for file in files)


def followed(
    scene: Scene, idle_s: float | None = None, is_ended: Callable[[], bool] = never, tell: Tell = ignore
) -> Iterator[Scene]:
    """Show each network that a training writes into the weights files of a scene, the one that is there first.

    It ends once is_ended() is true, or where no network has come for `idle_s` seconds. `tell` hears of what cannot be
    read or shown, each once.
    """
    news, said, is_begun = threading.Event(), set[str](), False
    follower = Follower(news.set)
    follower.follow(scene)
    try:
        while arrival := _next(follower, news, idle_s, is_ended, tell):
            try:
                new, told = _shown(scene, arrival, is_begun)
            except SceneError as error:
                new, told = None, f"{base_name(arrival.file)} has another network, which cannot be seen so: {error}"
            if told and told not in said:
                tell(told)
            said = {told}
            if new:
                yield new
                is_begun = True
                EPOCHS.trim({*names_in(scene), *names_in(new), *follower.waiting})
                scene = new
    finally:
        follower.close()


def _next(
    follower: Follower, news: threading.Event, idle_s: float | None, is_ended: Callable[[], bool], tell: Tell
) -> Arrival | None:
    """Wait for a network; None once nothing is waited for any more."""
    began_s = time.monotonic()
    while not is_ended():
        if arrival := follower.next():
            return arrival
        for told in follower.complaints():
            if isinstance(told, Exception):
                raise told
            tell(f"{told}; waiting for it")
        if idle_s is not None and time.monotonic() - began_s > idle_s:
            return None
        news.wait(POLL_S)
        news.clear()
    return None


def _shown(scene: Scene, arrival: Arrival, is_begun: bool) -> tuple[Scene | None, str]:
    """Show what has arrived, but not once more what was seen from the start. Raises SceneError."""
    if arrival.is_first:
        return (None if is_begun else scene), ""
    return successor(scene, arrival.file, arrival.name)


def shots(scenes: Iterator[Scene], between: int = 0, ease: str = "") -> Iterator[Shot]:
    """Give a frame for each scene, and `between` frames on the way from each network to the next.

    `ease`: linear, or smooth, slow at each network. From a network of other shapes there is no way: the one before
    is seen that much longer.
    """
    parts = [k / (between + 1) for k in range(1, between + 1)]
    if ease == "smooth":
        parts = [part * part * (3.0 - 2.0 * part) for part in parts]
    before: Scene | None = None
    for scene in scenes:
        if before:
            for part in parts:
                yield _on_the_way(before, scene, part)
        yield Shot(scene)
        before = scene


def _on_the_way(a: Scene, b: Scene, part: float) -> Shot:
    try:
        mixed = {
            new: blend(network(Scene(weights=old)), network(Scene(weights=new)), part)
            for old, new in zip(names_in(a), names_in(b), strict=True)
            if old != new
        }
    except ValueError:
        return Shot(a, is_between=True)
    names = {name: lent_name(each) for name, each in mixed.items()}
    lend({names[name]: each for name, each in mixed.items()})
    return Shot(renamed_in(b, lambda name: names.get(name, name)), True, tuple(mixed.values()))
