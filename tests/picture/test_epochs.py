"""A followed file's name stands for one network; the later ones have names of their own, and the oldest are let go."""

import gc
from pathlib import Path

import numpy as np
import pytest
from training import data, replaced

from weightscape.file.whole_file import FileError
from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network, distinct_weights
from weightscape.picture.epochs import EPOCHS, Epochs
from weightscape.picture.network_memory import latest, network, renewed
from weightscape.publish.caption import misfits, told
from weightscape.scene.epoch import epoch_name
from weightscape.scene.scene import FINGERPRINTS, Scene


def small(value: float = 0.0) -> Network:
    return Network((np.full((2, 3), value),), (np.zeros(3),), ("tanh",))


def filled(count: int, **limits: int) -> Epochs:
    """Hold so many networks of one file."""
    epochs = Epochs(**limits)
    epochs.follow(["net"])
    for n in range(count):
        epochs.add("net", str(n), small(n))
    return epochs


def alive(epochs: Epochs, count: int) -> list[int]:
    gc.collect()
    return [n for n in range(1, count + 1) if epochs.network(epoch_name("net", n))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.npz"
    path.write_bytes(data(1))
    return path


def test_a_file_that_nobody_follows_is_what_it_holds(file: Path) -> None:
    first = network(Scene(weights=str(file)))
    replaced(file, data(2))
    assert network(Scene(weights=str(file))) is not first
    assert latest(str(file)) == str(file)


def test_a_followed_name_stands_for_what_was_read_first_whatever_becomes_of_the_file(file: Path) -> None:
    name = str(file)
    EPOCHS.follow([name])
    first = network(Scene(weights=name))
    assert renewed(name) == name
    replaced(file, data(2))
    second = renewed(name)
    assert second == epoch_name(name, 2) == latest(name) == renewed(name)
    file.unlink()
    assert network(Scene(weights=name)) is first
    assert np.any(network(Scene(weights=second)).weights[0] != first.weights[0])
    with pytest.raises(FileError, match="does not exist"):
        latest(name)


def test_a_picture_of_an_earlier_network_carries_that_ones_fingerprint(file: Path) -> None:
    name = str(file)
    EPOCHS.follow([name])
    prints = [fingerprint(network(Scene(weights=name)))]
    replaced(file, data(2))
    second = renewed(name)
    prints.append(fingerprint(network(Scene(weights=second))))
    place = file.with_name("picture.png")
    for scene, expected in zip((Scene(weights=name), Scene(weights=second)), prints, strict=True):
        values = told(scene, place)
        assert (values["weights"], values[FINGERPRINTS]) == ("net.npz", {"net.npz": expected})
    carried = [{"scene": {"weights": name}, FINGERPRINTS: {name: each}} for each in prints]
    assert "another network" in misfits(carried[0])[0]
    assert misfits(carried[1]) == []


def test_the_oldest_are_let_go_but_not_those_in_use() -> None:
    epochs = filled(6, kept=3)
    assert epochs.trim({"net", epoch_name("net", 6)}) == {epoch_name("net", n) for n in (2, 3, 4)}
    assert alive(epochs, 6) == [1, 5, 6]
    assert epochs.trim(set()) == set()  # nothing has come since


def test_large_ones_are_let_go_earlier() -> None:
    epochs = filled(5, weights=3 * distinct_weights(small()))
    assert epochs.trim({epoch_name("net", 5)}) == {"net", epoch_name("net", 2)}
    assert alive(epochs, 5) == [3, 4, 5]


def test_of_the_largest_the_one_before_is_kept_too() -> None:
    epochs = filled(5, weights=0)
    assert epochs.trim(set()) == {"net", *(epoch_name("net", n) for n in (2, 3))}
    assert alive(epochs, 5) == [4, 5]


def test_one_that_the_file_still_holds_is_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = str(file)
    EPOCHS.follow([name])
    network(Scene(weights=name))
    replaced(file, data(2))
    second = renewed(name)
    values = network(Scene(weights=second)).weights[0].copy()
    for number in (1, 2):
        EPOCHS.add("another file", str(number), small(number))
    monkeypatch.setattr(EPOCHS, "_count", 0)
    gone = EPOCHS.trim(set())
    assert name in gone
    assert second not in gone
    assert np.array_equal(network(Scene(weights=second)).weights[0], values)
    replaced(file, data(3))
    assert renewed(name) == epoch_name(name, 3)


def test_one_that_is_not_kept_any_more_is_told(file: Path) -> None:
    with pytest.raises(FileError, match=r"an earlier network of .*net\.npz is not kept any more"):
        network(Scene(weights=epoch_name(str(file), 7)))
