"""The way from one network to another: on the sphere, where the variance of weights stays, or along a line."""

import math

from weightscape.network.network import Matrix, Network


def morph(a: Network, b: Network, part: float) -> Network:
    """Mix two networks of the same shape: each weight is w_a cos(phi) + w_b sin(phi), phi = part of a quarter turn.

    Independent weights keep their variance all the way. `part` 0 gives `a` and 1 gives `b`, themselves; matrices
    shared in both stay shared. Raises ValueError for networks of other shapes or a `part` outside 0..1.
    """
    return _mixed(a, b, part, math.cos(0.5 * math.pi * part), math.sin(0.5 * math.pi * part))


def blend(a: Network, b: Network, part: float) -> Network:
    """Mix two networks of the same shape along a line: each weight is w_a (1 - part) + w_b part.

    So two states of one training, which have most in common, lead into each other. All else as morph().
    """
    return _mixed(a, b, part, 1.0 - part, part)


def _mixed(a: Network, b: Network, part: float, of_a: float, of_b: float) -> Network:
    if a.widths != b.widths or a.activations != b.activations:
        raise ValueError(f"networks of {a.widths} and {b.widths} units, or of other activations, have no way between")
    if not 0.0 <= part <= 1.0:
        raise ValueError(f"part {part!r} is not in 0..1")
    if part in (0.0, 1.0):
        return b if part else a
    made: dict[tuple[int, int], Matrix] = {}

    def mixed(v: Matrix, w: Matrix) -> Matrix:
        if (id(v), id(w)) not in made:
            made[id(v), id(w)] = of_a * v + of_b * w
        return made[id(v), id(w)]

    return Network(
        tuple(mixed(v, w) for v, w in zip(a.weights, b.weights, strict=True)),
        tuple(mixed(v, w) for v, w in zip(a.biases, b.biases, strict=True)),
        a.activations,
    )
