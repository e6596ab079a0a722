"""Fourier features: a point as sines and cosines of given frequencies, which is a layer of sin units.

With cos z = sin(z + pi / 2) the mapping sin(2 pi B x), cos(2 pi B x) of Tancik et al. (2020) is sin(x W + b): every
engine and the deep zoom already do it, and no scene needs a word for it.
"""

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
ORDERS = ("sin cos", "cos sin")


def fourier(frequencies: npt.ArrayLike, order: str = "sin cos") -> tuple[Array, Array]:
    """Return W (inputs, 2 features) and b (2 features,) of the layer sin(x W + b) that is the mapping.

    `frequencies`: B, (features, inputs), in turns for each unit of an input. `order`: whether all sines come first, or
    all cosines. Raises ValueError.
    """
    B = np.asarray(frequencies)
    if B.ndim != 2 or B.dtype.kind not in "iuf" or not B.size:
        raise ValueError(f"frequencies: {B.dtype} of shape {B.shape}; they are real numbers (features, inputs)")
    if order not in ORDERS:
        raise ValueError(f"order: {order!r} is not one of {', '.join(map(repr, ORDERS))}")
    W, quarter = 2.0 * math.pi * B.T.astype(np.float64), np.full(len(B), math.pi / 2.0)
    shifts = {"sin": np.zeros(len(B)), "cos": quarter}
    return np.concatenate([W, W], axis=1), np.concatenate([shifts[name] for name in order.split()])
