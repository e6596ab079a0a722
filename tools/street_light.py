"""Train the street-light network of "Grokking Deep Learning" (chapters 6 and 7) and write its weights.

Three lights tell whether people walk (1) or stop (0): no light alone says so, only what the first two are together.
Run with an interpreter that has weightscape installed: python tools/street_light.py
"""

from pathlib import Path

import numpy as np

from weightscape.file.npz import write_weights

LIGHTS = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1]], float)
WALK = np.array([[1], [1], [0], [0]], float)
HIDDEN, RATE, ROUNDS, SEED = 4, 0.2, 31, 0
DIGITS = 2  # weights so short can be followed by hand


def train() -> list[np.ndarray]:
    """Descend the squared error, light after light, as the book does: two matrices, (3, 4) and (4, 1)."""
    rng = np.random.RandomState(SEED)
    first, last = 2 * rng.random((3, HIDDEN)) - 1, 2 * rng.random((HIDDEN, 1)) - 1
    for _ in range(ROUNDS):
        for lights, walk in zip(LIGHTS, WALK, strict=True):
            hidden = np.maximum(lights @ first, 0.0)
            wrong = hidden @ last - walk
            back = (last @ wrong) * (hidden > 0.0)
            last -= RATE * np.outer(hidden, wrong)
            first -= RATE * np.outer(lights, back)
    return [first.round(DIGITS), last.round(DIGITS)]


if __name__ == "__main__":
    weights = train()
    biases = [np.zeros(matrix.shape[1]) for matrix in weights]
    write_weights(
        Path(__file__).parents[1] / "assets" / "weights" / "street-light.npz", weights, biases, ("relu", "identity")
    )
