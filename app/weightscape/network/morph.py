"""The way from one network to another, and what lies between several: on the sphere, where the
variance of independent weights stays, or along a line.
"""

import math
from collections.abc import Sequence

from weightscape.network.network import Matrix, Network


def morph(a: Network, b: Network, part: float) -> Network:
    """Mix two networks of the same shape: each weight is w_a cos(phi) + w_b sin(phi), phi = part of a quarter turn.

    `part` 0 gives `a` and 1 gives `b`, themselves; matrices shared in both stay shared. Raises ValueError for
    networks of other shapes or a `part` outside 0..1.
    """
    if not 0.0 <= part <= 1.0:
        raise ValueError(f"part {part!r} is not in 0..1")
    if part in (0.0, 1.0):
        _check_alike(a, b)
        return b if part else a
    return combined((a, b), (math.cos(0.5 * math.pi * part), math.sin(0.5 * math.pi * part)))


def blend(a: Network, b: Network, part: float) -> Network:
    """Mix two networks of the same shape along a line: each weight is w_a (1 - part) + w_b part.

    So two states of one training, which have most in common, lead into each other. Raises ValueError for others.
    """
    return combined((a, b), (1.0 - part, part))


def combined(networks: Sequence[Network], parts: Sequence[float]) -> Network:
    """Sum networks of the same shape, each times its part, in their order; matrices shared in all stay shared.

    Squares of parts that sum to 1 keep the variance. Raises ValueError for networks of other shapes.
    """
    first = networks[0]
    for other in networks:
        _check_alike(first, other)
    made: dict[tuple[int, ...], Matrix] = {}

    def summed(arrays: tuple[Matrix, ...]) -> Matrix:
        key = tuple(map(id, arrays))
        if key not in made:
            total = parts[0] * arrays[0]
            for part, array in zip(parts[1:], arrays[1:], strict=True):
                total = total + part * array
            made[key] = total
        return made[key]

    return Network(
        tuple(map(summed, zip(*(each.weights for each in networks), strict=True))),
        tuple(map(summed, zip(*(each.biases for each in networks), strict=True))),
        first.activations,
    )


def _check_alike(a: Network, b: Network) -> None:
    if a.widths != b.widths or a.activations != b.activations:
        raise ValueError(f"networks of {a.widths} and {b.widths} units, or of other activations, have no way between")
