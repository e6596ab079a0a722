"""Which linear piece a point is in: the on/off pattern of a network's piecewise linear units, as four sums.

Every unit with z > 0 adds its own four pseudo-random words of 16 bits; sums are modulo 2^16, so their order does not
matter, and as numbers they are exact in float32. Two pieces share all four by chance once in 2^64.
"""

import numpy as np
import numpy.typing as npt

from weightscape.network.activation import PREACTIVATION_LIMIT
from weightscape.network.network import Matrix, Network, Tap, forward

# Activations of two straight pieces that meet at 0.
PIECEWISE = ("relu", "leaky_relu", "abs")
WORDS = 4
MODULUS = 1 << 16


def counted(network: Network) -> list[int]:
    """List the layers (from 0) whose units have two pieces."""
    return [k for k, name in enumerate(network.activations) if name in PIECEWISE]


def unit_words(layer: int, units: int) -> npt.NDArray[np.uint32]:
    """Make the words of a layer's units, (units, WORDS), each below 2^16.

    The number 1 + 512 layer + unit, times an odd constant (2^32 over the golden ratio), goes through two rounds of
    multiply and shift (the finaliser of MurmurHash3, Appleby 2008), for the second pair of words with all bits turned.
    """
    number = (np.uint32(1) + np.uint32(512 * layer) + np.arange(units, dtype=np.uint32)) * np.uint32(0x9E3779B9)
    pairs = []
    for salt in (np.uint32(0), np.uint32(0xFFFFFFFF)):
        mixed = number ^ salt
        mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        mixed = mixed ^ (mixed >> np.uint32(16))
        pairs += [mixed & np.uint32(0xFFFF), mixed >> np.uint32(16)]
    return np.stack(pairs, -1)


def pattern(network: Network, points: Matrix) -> npt.NDArray[np.int64]:
    """Evaluate the pattern of each point in float64: (..., n) -> (..., WORDS), whole numbers below 2^16."""
    found = np.zeros((*points.shape[:-1], WORDS), np.int64)
    layers = counted(network)
    for k, z in zip(layers, forward(network, points, [Tap(k, before=True) for k in layers]), strict=True):
        bits = np.clip(z, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT) > 0
        found += bits @ unit_words(k, z.shape[-1]).astype(np.int64)
    return found % MODULUS
