"""The one source of randomness: Philox4x32-10, a counter-based generator.

Four counter words and two key words go in, four random words come out, so a weight is a pure function of
where it stands. J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]
Draws = npt.NDArray[np.float64]

MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10
LOW_32 = np.uint64(0xFFFFFFFF)
SHIFT_32 = np.uint64(32)
# TensorFlow's default graph seed: with only an operation's seed given, it is the first key word.
ARTICLE_KEY = 87654321


def philox(counter: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike], key: tuple[int, int]) -> Words:
    """Encrypt counters: four broadcastable arrays of 32-bit words -> uint32 array of shape (..., 4)."""
    c0, c1, c2, c3 = np.broadcast_arrays(*(np.asarray(word, np.uint64) for word in counter))
    k0, k1 = key
    for _ in range(ROUNDS):
        p0, p1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (p1 >> SHIFT_32) ^ c1 ^ np.uint64(k0),
            p1 & LOW_32,
            (p0 >> SHIFT_32) ^ c3 ^ np.uint64(k1),
            p0 & LOW_32,
        )
        k0, k1 = (k0 + WEYL_0) & 0xFFFFFFFF, (k1 + WEYL_1) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], axis=-1).astype(np.uint32)


def tied_stream(seed: int, count: int) -> Draws:
    """Draw the article's stream for `seed`: `count` numbers in [0, 1), multiples of 2^-23.

    Every matrix of a tied network is filled from the start of this stream (TensorFlow's random_uniform;
    docs/theory.md).
    """
    blocks = np.arange(-(-count // 4))
    words = philox((blocks, 0, seed & 0xFFFFFFFF, seed >> 32), (ARTICLE_KEY, 0))
    return (words.ravel()[:count] & np.uint32(0x7FFFFF)).astype(np.float64) / 2.0**23


def _independent(seed: int, block: npt.ArrayLike, row: npt.ArrayLike, layer: int, kind: int) -> Draws:
    words = philox((block, row, layer, kind), (seed & 0xFFFFFFFF, seed >> 32))
    return ((words >> np.uint32(9)).astype(np.float64) + 0.5) / 2.0**23


def independent_weights(seed: int, layer: int, n_in: int, n_out: int) -> Draws:
    """Draw the weights of one layer: (n_in, n_out) numbers in (0, 1).

    Hidden layers count from 1, the output layer is 0. The number from input `column` to unit `row` is word
    column % 4 of block (column // 4, row, layer, 0): it does not depend on depth or width.
    """
    blocks = np.arange(-(-n_in // 4))
    # A few rows at a time: the ten rounds then run in cache, 2 x faster for wide layers.
    draws = np.empty((n_out, n_in))
    step = max(1, 8192 // len(blocks))
    for first in range(0, n_out, step):
        rows = np.arange(first, min(first + step, n_out))[:, None]
        draws[first : first + step] = _independent(seed, blocks, rows, layer, 0).reshape(len(rows), -1)[:, :n_in]
    return draws.T  # not copied: a transpose in memory takes as long as the draws


def independent_biases(seed: int, layer: int, n_out: int) -> Draws:
    """Draw the biases of one layer: (n_out,) numbers in (0, 1).

    The number of unit `row` is word row % 4 of block (row // 4, 0, layer, 1).
    """
    return _independent(seed, np.arange(-(-n_out // 4)), 0, layer, 1).ravel()[:n_out]
