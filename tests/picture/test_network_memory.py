"""A network is drawn once, whoever asks for it, and a file is known by what it contains."""

import math
import os
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier, Event

import numpy as np
import pytest
from patience import PATIENCE_S

from weightscape.file.npz import write_weights
from weightscape.file.whole_file import FileError
from weightscape.network.network import Network
from weightscape.picture import network_memory
from weightscape.picture.network_memory import KEPT, Memory, network, widths
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

TINY = Network((np.eye(2),), (np.zeros(2),), ("tanh",))


def written(path: Path, value: float) -> Path:
    """Write a network of one layer; every value makes a file of the same size."""
    write_weights(path, [np.full((2, 3), value)], [np.zeros(3)], ["sigmoid"])
    return path


def test_whoever_asks_while_a_network_is_drawn_waits_for_that_one() -> None:
    memory, drawn, began, go_on = Memory(), [], Event(), Event()

    def make() -> Network:
        drawn.append(1)
        began.set()
        assert go_on.wait(PATIENCE_S)
        return Network(TINY.weights, TINY.biases, TINY.activations)

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(memory.get, "a", make)
        assert began.wait(PATIENCE_S)
        others = [threads.submit(memory.get, "a", make) for _ in range(3)]
        # Another network is not held up, and only so the first one goes on.
        assert memory.get("b", lambda: TINY) is TINY
        go_on.set()
        assert {id(each.result()) for each in (first, *others)} == {id(first.result())}
    assert drawn == [1]


def test_what_cannot_be_made_is_tried_again() -> None:
    memory = Memory()

    def fail() -> Network:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            memory.get("a", fail)
    assert memory.get("a", lambda: TINY) is TINY


def test_a_scene_is_drawn_once_by_threads_that_ask_together(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, together = [], Barrier(4)
    monkeypatch.setattr(network_memory, "draw", lambda recipe: drawn.append(recipe) or draw(recipe))

    def ask(k: int) -> Network:
        together.wait(PATIENCE_S)
        return network(Scene(seed=987_654, radius=1.0 + k))

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(ask, range(4)))) == 1
    assert len(drawn) == 1


def test_the_last_networks_are_kept() -> None:
    scenes = [Scene(seed=seed, layers=2) for seed in range(KEPT + 1)]
    made = [network(scene) for scene in scenes]
    assert [network(scene) is old for scene, old in zip(scenes[1:], made[1:], strict=True)] == [True] * KEPT
    forgotten = weakref.ref(made.pop(0))
    assert forgotten() is None


@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        Scene(layers=1, inputs=("x", "y", "r")),
        Scene(layers=5, width=7, outputs=1, tied=False),
        Scene(layers=2, width=3, to_seed=5, part=0.5),
    ],
)
def test_widths_follow_from_the_recipe(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = draw(scene).widths
    monkeypatch.setattr(network_memory, "draw", lambda recipe: pytest.fail("drawn"))
    assert widths(scene) == expected


def test_widths_of_loaded_weights_are_the_files(tmp_path: Path) -> None:
    path = written(tmp_path / "net.npz", 1.0)
    assert widths(Scene(layers=9, weights=str(path))) == (2, 3)
    with pytest.raises(FileError, match="does not exist"):
        widths(Scene(weights=str(tmp_path / "gone.npz")))


def test_a_file_is_known_by_its_contents_however_it_was_replaced(tmp_path: Path) -> None:
    path, other = written(tmp_path / "net.npz", 1.0), written(tmp_path / "other.npz", 2.0)
    scene, times = Scene(weights=str(path)), (10**18, 10**18)
    os.utime(path, ns=times)
    os.utime(other, ns=times)
    first = network(scene)
    shutil.copy2(other, path)  # as cp -p: same size, same place, same time of change
    assert network(scene).weights[0][0, 0] == 2.0
    os.replace(written(tmp_path / "new.npz", 3.0), path)
    os.utime(path, ns=(0, 0))
    assert network(scene).weights[0][0, 0] == 3.0
    for value in (4.0, 5.0, 6.0, 7.0):  # faster than the file system's clock
        data = written(tmp_path / "next.npz", value).read_bytes()
        path.write_bytes(data)
        assert network(scene).weights[0][0, 0] == value
    assert first.weights[0][0, 0] == 1.0


def test_equal_files_are_one_network_and_a_look_does_not_read_again(tmp_path: Path) -> None:
    path, twin = written(tmp_path / "net.npz", 1.0), written(tmp_path / "twin.npz", 1.0)
    made = network(Scene(weights=str(path)))
    assert network(Scene(weights=str(twin), radius=1.0, seed=5)) is made
    os.utime(path, ns=(0, 0))
    assert network(Scene(weights=str(path))) is made


@pytest.mark.parametrize("times", [1, 5])
def test_a_file_that_changes_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    path = written(tmp_path / "net.npz", 8.0)
    first = 1000.0 * times  # contents that no other test has
    left = iter(range(times))

    def read(name: str) -> object:
        found = plain(name)
        written(path, first + next(left, times))
        return found

    plain = network_memory.read
    monkeypatch.setattr(network_memory, "read", read)
    monkeypatch.setattr(network_memory, "CHANGING_S", math.inf)
    assert network(Scene(weights=str(path))).weights[0][0, 0] == first + times


def test_a_file_that_never_stays_as_it_is_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "net.npz", 8.0)
    values = count(100_000)

    def read(name: str) -> object:
        found = plain(name)
        written(path, float(next(values)))
        return found

    plain = network_memory.read
    monkeypatch.setattr(network_memory, "read", read)
    monkeypatch.setattr(network_memory, "CHANGING_S", 0.05)
    with pytest.raises(FileError, match=r"net\.npz: it was changed while it was read"):
        network(Scene(weights=str(path)))
    monkeypatch.undo()
    assert network(Scene(weights=str(path))).weights[0][0, 0] == float(next(values)) - 1.0


def test_of_large_networks_the_last_is_kept_and_what_others_hold_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_memory, "KEPT_WEIGHTS", 10)

    def made(side: int) -> Network:
        return Network((np.eye(side),), (np.zeros(side),), ("tanh",))

    memory = Memory()
    held = memory.get("a", lambda: made(3))
    lost = weakref.ref(memory.get("b", lambda: made(3)))
    assert lost() is not None
    assert memory.get("a", lambda: made(3)) is held
    assert lost() is None
    # Room is made before a network is drawn, not only once it is there.
    small = weakref.ref(memory.get("c", lambda: made(1)))
    assert memory.get("a", lambda: made(3)) is held
    assert small() is not None
    memory.get("d", lambda: made(1), weights=10)
    assert small() is None


def test_an_edited_network_stays_the_same_one_while_somebody_holds_it() -> None:
    scenes = [Scene(layers=4, width=6, edits=f"2:1:3={value}") for value in range(25)]
    held = [network(scene) for scene in scenes]
    assert [network(scene) for scene in scenes] == held  # by their being the same objects
    gone = weakref.ref(held[3])
    held.clear()
    network(scenes[0]), network(scenes[1])
    assert gone() is None
