"""Train the two shipped digit networks, 784-16-16-10, and pick the example images: `python tools/digits.py`.

The shape is that of 3Blue1Brown's "But what is a neural network?": 13,002 weights and biases; the hidden layers are
sigmoid in one network and relu in the other, the ten outputs sigmoid in both. Writes weights/digits-sigmoid.npz,
weights/digits-relu.npz and digits.npz beside this file, the same on every run; needs NumPy and, for the data alone,
scikit-learn. The package never imports it.

Data: "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998), UCI Machine Learning
Repository, https://doi.org/10.24432/C50P49, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/): the
1797 images of its test set, 8 x 8 pixels, as scikit-learn's load_digits holds them. Changed here: each is enlarged to
20 x 20 pixels in the middle of 28 x 28, with more contrast.

360 images, drawn at random, are held out of the training; of these the sigmoid network names 356 right (98.9 %), the
relu network 355 (98.6 %). The same people wrote both parts: digits by others are harder.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

CREDIT = (
    "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, "
    "https://doi.org/10.24432/C50P49, CC BY 4.0; enlarged to 28 x 28 pixels"
)
FOLDER = Path(__file__).parents[1] / "assets"
SIDE, BOX, CONTRAST = 28, 20, 1.6
WIDTHS = (SIDE * SIDE, 16, 16, 10)
HELD_OUT = 360
SEED = 1
EPOCHS, BATCH = 400, 32
RATES = {"sigmoid": 0.005, "relu": 0.0015}  # at the start, by the hidden layers' activation
MEMORY, SQUARES = 0.9, 0.999  # Adam's two means
DECAY, SMOOTHNESS = 1e-4, 5e-3  # the pull on weights towards 0, and on a pixel's weight towards its neighbours'
SHIFT = 1  # pixels each way that an image is moved by in training
EACH, SURE = 3, 0.9  # example images of a digit, and how sure both networks are of them


def enlarged(images: Floats) -> Bytes:
    """Enlarge images (n, 8, 8) in 0..1 to (n, 28, 28) in 0..255, a box of 20 x 20 in the middle (Catmull-Rom)."""
    size = images.shape[1]
    place = (np.arange(SIDE) + 0.5 - (SIDE - BOX) / 2) * size / BOX - 0.5
    d = np.abs(place[:, None] - np.arange(size))
    near, far = (1.5 * d - 2.5) * d**2 + 1, ((-0.5 * d + 2.5) * d - 4) * d + 2
    kernel = np.where(d < 1, near, np.where(d < 2, far, 0))
    grey = np.clip((kernel @ images @ kernel.T - 0.5) * CONTRAST + 0.5, 0, 1)
    return np.rint(255 * grey).astype(np.uint8)


def roughness(W: Floats) -> Floats:
    """Differentiate half the squared differences between neighbouring pixels' weights; outside, weights are 0."""
    masks = W.reshape(SIDE, SIDE, -1)
    wide = np.pad(masks, ((1, 1), (1, 1), (0, 0)))
    around = wide[2:, 1:-1] + wide[:-2, 1:-1] + wide[1:-1, 2:] + wide[1:-1, :-2]
    return (4 * masks - around).reshape(W.shape)


def started(x: Floats, activation: str, random: np.random.Generator) -> list[Floats]:
    """Draw W1, b1, W2, b2, W3, b3 so that every pre-activation has mean 0 and deviation 1 over x; W1 is smooth."""
    layers: list[Floats] = []
    for fan_in, fan_out in pairwise(WIDTHS):
        W = random.normal(size=(fan_in, fan_out))
        for _ in range(0 if layers else 20):
            W -= 0.1 * roughness(W)
        z = x @ W
        layers += [W / z.std(axis=0), -z.mean(axis=0) / z.std(axis=0)]
        x = activated(x @ layers[-2] + layers[-1], activation)
    return layers


def activated(z: Floats, activation: str) -> Floats:
    """Apply the activation; sigmoid by tanh, which cannot overflow."""
    return np.maximum(z, 0) if activation == "relu" else 0.5 + 0.5 * np.tanh(0.5 * z)


def values(layers: list[Floats], activation: str, x: Floats) -> list[Floats]:
    """Evaluate every layer: x (n, 784) itself, then (n, 16), (n, 16) and the outputs (n, 10)."""
    h = [x]
    for k in (0, 2, 4):
        z = h[-1] @ layers[k] + layers[k + 1]
        h.append(activated(z, activation if k < 4 else "sigmoid"))
    return h


def gradients(layers: list[Floats], activation: str, x: Floats, wanted: Floats) -> list[Floats]:
    """Differentiate the mean cross-entropy of the outputs, plus both pulls on the weights."""
    h = values(layers, activation, x)
    found = [np.empty(0)] * 6
    error = (h[3] - wanted) / len(x)
    for k in (2, 1, 0):
        W = layers[2 * k]
        found[2 * k], found[2 * k + 1] = h[k].T @ error + DECAY * W, error.sum(axis=0)
        if k:
            error = error @ W.T * ((h[k] > 0) if activation == "relu" else h[k] * (1 - h[k]))
    found[0] += SMOOTHNESS * roughness(layers[0])
    return found


def trained(images: Bytes, labels: Integers, activation: str) -> list[Floats]:
    """Train by Adam with a rate that falls to 0 along a cosine; the parameters are rounded to float32 at the end."""
    random = np.random.default_rng(SEED)
    wide = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (SIDE, SIDE), axis=(1, 2))
    shifts = windows.reshape(len(images), -1, WIDTHS[0])
    wanted = np.eye(WIDTHS[-1])[labels]
    layers = started(images.reshape(-1, WIDTHS[0]) / 255, activation, random)
    means, squares = [np.zeros_like(p) for p in layers], [np.zeros_like(p) for p in layers]
    batches = len(images) // BATCH
    for step in range(EPOCHS * batches):
        if step % batches == 0:
            order, shift = random.permutation(len(images)), random.integers(shifts.shape[1], size=len(images))
        some = order[step % batches * BATCH :][:BATCH]
        rate = RATES[activation] * (0.5 + 0.5 * np.cos(np.pi * step / (EPOCHS * batches)))
        slopes = gradients(layers, activation, shifts[some, shift[some]] / 255, wanted[some])
        for p, slope, mean, square in zip(layers, slopes, means, squares, strict=True):
            mean += (1 - MEMORY) * (slope - mean)
            square += (1 - SQUARES) * (slope**2 - square)
            spread = np.sqrt(square / (1 - SQUARES ** (step + 1))) + 1e-8
            p -= rate * mean / (1 - MEMORY ** (step + 1)) / spread
    return [p.astype(np.float32).astype(np.float64) for p in layers]


def write_network(path: Path, layers: list[Floats], activation: str) -> None:
    """Write the network as float32, in the form that weightscape.file.npz reads."""
    members: dict[str, Any] = {f"{'Wb'[k % 2]}{k // 2 + 1}": p.astype("<f4") for k, p in enumerate(layers)}
    members["activations"] = np.array([activation, activation, "sigmoid"])
    np.savez_compressed(path, **members)


def chosen(outputs: list[Floats], labels: Integers) -> Integers:
    """Choose the first three images of each digit that every network is sure of: 0 to 9, again, and again."""
    right = np.eye(WIDTHS[-1], dtype=bool)[labels]
    sure = np.logical_and.reduce([np.where(right, y, 1 - y).min(axis=1) > SURE for y in outputs])
    return np.stack([np.flatnonzero(sure & (labels == digit))[:EACH] for digit in range(10)], axis=1).ravel()


def main() -> None:
    """Train both networks, print how many held-out images they tell right, and write the three files."""
    from sklearn.datasets import load_digits

    data = load_digits()
    images, labels = enlarged(data.images / 16), np.asarray(data.target, np.int64)
    order = np.random.default_rng(0).permutation(len(images))
    held, rest = order[:HELD_OUT], order[HELD_OUT:]
    outputs = []
    for activation in RATES:
        layers = trained(images[rest], labels[rest], activation)
        y = values(layers, activation, images.reshape(-1, WIDTHS[0]) / 255)[-1]
        right = y.argmax(axis=1) == labels
        print(f"{activation}: {right[held].mean():.1%} of {len(held)} held out, {right[rest].mean():.1%} of the rest")
        write_network(FOLDER / "weights" / f"digits-{activation}.npz", layers, activation)
        outputs.append(y[held])
    source = held[chosen(outputs, labels[held])]
    np.savez_compressed(
        FOLDER / "digits.npz",
        images=images[source].reshape(-1, WIDTHS[0]),
        labels=labels[source].astype(np.uint8),
        source=source.astype("<i4"),  # the image's number in load_digits
        credit=np.array(CREDIT),
    )


if __name__ == "__main__":
    main()
