"""What is known of a network dies with it."""

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.file.npz import write_weights
from weightscape.network.network import Network
from weightscape.network.remembered import remembered
from weightscape.picture.network_memory import KEPT
from weightscape.picture.questions import foretold, network, question
from weightscape.scene.scene import Scene


def tiny() -> Network:
    return Network((np.eye(2),), (np.zeros(2),), ("tanh",))


def test_the_last_results_of_each_network_are_remembered() -> None:
    asked: list[tuple[int, int]] = []
    networks = [tiny(), tiny()]

    @remembered(2)
    def fact(network: Network, number: int) -> list[int]:
        asked.append((networks.index(network), number))
        return [number]

    first = fact(networks[0], 1)
    assert fact(networks[0], 1) is first
    assert fact(networks[1], 1) == [1]
    assert [fact(networks[0], number) for number in (2, 3, 2)] == [[2], [3], [2]]
    assert fact(networks[0], 1) is not first
    assert asked == [(0, 1), (1, 1), (0, 2), (0, 3), (0, 1)]


def test_a_network_that_is_its_own_result_is_not_held() -> None:
    same = remembered(2)(lambda network: network)
    made = tiny()
    assert same(made) is made
    alive = weakref.ref(made)
    del made
    assert alive() is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"levels": "auto", "radius": 1e-12},
        {"lens": "unit", "layer": 2},
        {"lens": "cut", "layer": 2},
        {"lens": "stretch"},
        {"lens": "atlas"},
    ],
    ids=["outputs", "deep", "unit", "cut", "stretch", "atlas"],
)
def test_after_rerolls_the_last_networks_live_and_no_other(fields: dict[str, object]) -> None:
    alive = []
    for seed in range(6):
        scene = replace(Scene(layers=5, width=8, tied=False), seed=seed, **fields)  # type: ignore[arg-type]
        for precision in ("auto", "wide"):
            question(scene, (32, 20), precision)  # type: ignore[arg-type]
        foretold(scene, (32, 20))
        alive.append(weakref.ref(network(scene)))
    gc.collect()
    assert [each() is not None for each in alive] == [False] * (6 - KEPT) + [True] * KEPT


def test_networks_of_many_inputs_are_freed_with_their_planes(tmp_path: Path) -> None:
    alive, plane = [], dict(origin=(0.0,) * 4, u=(1.0, 0.0, 0.0, 0.0), v=(0.0, 1.0, 0.0, 0.0))
    for seed in range(4):
        path = tmp_path / f"{seed}.npz"
        write_weights(path, [np.random.default_rng(seed).normal(size=(4, 3))], [np.zeros(3)], ["tanh"])
        scene = Scene(weights=str(path), **plane)  # type: ignore[arg-type]
        question(scene, (32, 20), "auto")
        alive += [weakref.ref(network(scene)), weakref.ref(question(scene, (32, 20), "single").network)]
    gc.collect()
    assert [each() is not None for each in alive[::2]] == [False] * (4 - KEPT) + [True] * KEPT
    assert not any(each() for each in alive[1 : -2 * KEPT : 2])
