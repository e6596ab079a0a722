"""Two spirals, and a small network that has learnt to tell them apart, both made by NumPy."""

import sys
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt

from weightscape.file.npz import write_weights
from weightscape.network.network import Network

Floats = npt.NDArray[np.float64]
# Points of each arm, units of each hidden layer, steps of Adam.
ARM, UNITS, STEPS = 100, 16, 600


@cache
def spirals() -> tuple[Floats, npt.NDArray[np.int64]]:
    """Make points (2 ARM, 2) and their classes."""
    chance = np.random.default_rng(18)
    turn = np.linspace(0.6, 2.2 * np.pi, ARM)
    arm = (turn / 3.2)[:, None] * np.stack([np.cos(turn), np.sin(turn)], -1)
    points = np.concatenate([arm, -arm]) + chance.normal(0.0, 0.03, (2 * ARM, 2))
    return points, np.repeat([0, 1], ARM)


def trained(each: int) -> Iterator[Network]:
    """Train a network of two hidden layers, with softmax, on all of them; give it after `each` steps, for ever."""
    points, classes = spirals()
    chance, wanted = np.random.default_rng(3), np.eye(2)[classes]
    sides = ((2, UNITS), (UNITS, UNITS), (UNITS, 2))
    W = [chance.normal(0.0, 1.2 / np.sqrt(n_in), (n_in, n_out)) for n_in, n_out in sides]
    b = [chance.normal(0.0, 0.5, n_out) for _, n_out in sides]
    numbers = [*W, *b]
    means, squares = ([np.zeros_like(each) for each in numbers] for _ in range(2))
    for step in count(1):
        h = [points]
        for k in (0, 1):
            h.append(np.tanh(h[k] @ W[k] + b[k]))
        raised = np.exp(h[2] @ W[2] + b[2])
        slope = (raised / raised.sum(1, keepdims=True) - wanted) / len(points)
        slopes: list[Floats] = [np.empty(0)] * 6
        for k in (2, 1, 0):
            slopes[k], slopes[3 + k] = h[k].T @ slope, slope.sum(0)
            slope = (slope @ W[k].T) * (1.0 - h[k] ** 2) if k else slope
        for values, g, mean, square in zip(numbers, slopes, means, squares, strict=True):
            mean += 0.1 * (g - mean)
            square += 0.001 * (g * g - square)
            values -= 0.02 * mean / (1.0 - 0.9**step) / (np.sqrt(square / (1.0 - 0.999**step)) + 1e-8)
        if step % each == 0:
            yield Network(tuple(w.copy() for w in W), tuple(each.copy() for each in b), ("tanh", "tanh", "softmax"))


@cache
def network() -> Network:
    """Train a network until it tells them apart."""
    return next(trained(STEPS))


def written(folder: Path, suffix: str = ".csv", mislabelled: int = 3) -> tuple[str, str]:
    """Write network and points, the first so many of them of the wrong class; tell their names."""
    made, (points, classes) = network(), spirals()
    classes = np.where(np.arange(len(classes)) < mislabelled, 1 - classes, classes)
    net, data = folder / "spirals.npz", folder / f"spirals{suffix}"
    write_weights(net, made.weights, made.biases, made.activations)
    if suffix == ".npy":
        np.save(data, np.column_stack([points, classes]))
    else:
        rows = (f"{x!r},{y!r},{each}" for (x, y), each in zip(points.tolist(), classes.tolist(), strict=True))
        data.write_text("\n".join(["x,y,class", *rows]) + "\n")
    return str(net), str(data)


if __name__ == "__main__":  # a training, which writes its network into a file until it is killed
    for now in trained(5):
        write_weights(Path(sys.argv[1]), now.weights, now.biases, now.activations)
