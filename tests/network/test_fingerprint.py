"""A fingerprint tells networks apart by what they contain, and by nothing else."""

import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.file.npz import write_weights
from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network
from weightscape.picture.questions import network
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene


def two() -> Network:
    rng = np.random.default_rng(1)
    return Network((rng.normal(size=(2, 4)), rng.normal(size=(4, 3))), (np.zeros(4), np.ones(3)), ("tanh", "sigmoid"))


def test_the_fingerprint_of_a_network_stays_what_it_is() -> None:
    one = Network((np.array([[1.0, 2.0], [3.0, 4.0]]),), (np.array([0.5, -0.5]),), ("tanh",))
    contents = b"2 2 tanh\n" + struct.pack("<6d", 1, 2, 3, 4, 0.5, -0.5)
    assert fingerprint(one) == hashlib.sha256(contents).hexdigest()[:16] == "9d465028e3755213"


def test_every_part_of_a_network_counts() -> None:
    made = two()
    changed = made.weights[1].copy()
    changed[3, 2] = np.nextafter(changed[3, 2], 9.0)
    others = [
        replace(made, weights=(made.weights[0], changed)),
        replace(made, biases=(made.biases[0], -made.biases[1])),
        replace(made, activations=("tanh", "relu")),
        replace(made, activations=("sigmoid", "tanh")),
        Network(made.weights[:1], made.biases[:1], made.activations[:1]),
        Network((made.weights[0].reshape(1, 8),), (np.zeros(8),), ("tanh",)),
    ]
    prints = [fingerprint(each) for each in (made, *others)]
    assert len(set(prints)) == len(prints)
    assert all(len(seen) == 16 and int(seen, 16) >= 0 for seen in prints)


def test_the_order_and_the_type_of_the_bytes_do_not_count() -> None:
    made = two()
    assert fingerprint(two()) == fingerprint(made)
    turned = replace(made, weights=tuple(np.asfortranarray(W) for W in made.weights))
    swapped = replace(made, weights=tuple(W.astype(">f8") for W in made.weights))
    assert fingerprint(turned) == fingerprint(swapped) == fingerprint(made)


@pytest.mark.parametrize("tied", [True, False])
def test_a_network_and_its_file_have_one_fingerprint(tmp_path: Path, tied: bool) -> None:
    made = draw(Scene(layers=5, width=4, tied=tied))
    write_weights(tmp_path / "a.npz", made.weights, made.biases, made.activations)
    assert fingerprint(network(Scene(weights=str(tmp_path / "a.npz")))) == fingerprint(made)
