"""Derivatives of a network by forward mode: the truth for the engines' answer "derivatives".

A tangent goes through a layer as a point does, without the bias: dz = dh W, and dh = f'(z) dz. In deep networks its
size leaves float32, so engines multiply by `shrink` once a layer and the field's scale takes that back.
"""

import math
from collections.abc import Sequence

import numpy as np

from weightscape.model.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.model.input import Radial, radial_input
from weightscape.model.network import OUTPUTS, Matrix, Network, Tap, Values

# Points of the picture, a side, that tell how fast tangents grow.
PROBES = 4


def fed(radial: Radial | None, px: Matrix, py: Matrix) -> tuple[Matrix, Matrix]:
    """Make the inputs of a network of pixel coordinates: points (..., n) and their tangents (..., n, 2)."""
    zero, one = np.zeros_like(px), np.ones_like(px)
    if radial is None:
        return np.stack([px, py], -1), np.stack([np.stack([one, zero], -1), np.stack([zero, one], -1)], -2)
    gx, gy = radial_slope(radial, px, py)
    points = np.stack([px, py, radial_input(radial, px, py)], -1)
    rows = np.stack([one, zero], -1), np.stack([zero, one], -1), np.stack([gx, gy], -1)
    return points, np.stack(rows, -2)


def radial_slope(radial: Radial, px: Matrix, py: Matrix) -> tuple[Matrix, Matrix]:
    """Evaluate the radial input's derivatives by px and py: the unit vector from the plane's origin; 0 there."""
    dtype = px.dtype.type
    ax = dtype(radial.origin[0]) + px / dtype(radial.length)
    ay = dtype(radial.origin[1]) + py / dtype(radial.length)
    distance = np.maximum(np.hypot(ax, ay), np.finfo(dtype).tiny)
    return ax / distance, ay / distance


def tangents(
    network: Network, points: Matrix, directions: Matrix, taps: Sequence[Tap] = OUTPUTS
) -> list[tuple[Values, Values]]:
    """Evaluate tapped values and their derivatives in float64.

    points: (..., n), directions: (..., n, d) -> for each tap values (..., units) and derivatives (..., units, d).
    Beyond the clamp of pre-activations derivatives are 0.
    """
    h: Values = points
    dh: Values = directions
    kept: dict[tuple[int, bool], tuple[Values, Values]] = {}
    for k, (W, b, name) in enumerate(zip(network.weights, network.biases, network.activations, strict=True)):
        z, dz = h @ W + b, np.einsum("...id,io->...od", dh, W)
        dz = np.where(np.abs(z)[..., None] < PREACTIVATION_LIMIT, dz, 0.0)
        z = np.clip(z, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT)
        h, dh = ACTIVATIONS[name].function(z), ACTIVATIONS[name].derivative(z)[..., None] * dz
        kept[k, True], kept[k, False] = (z, dz), (h, dh)
    found = []
    for tap in taps:
        values, slopes = kept[tap.layer % network.layers, tap.before]
        units = slice(None) if tap.units is None else list(tap.units)
        found.append((values[..., units], slopes[..., units, :]))
    return found


def shrink(network: Network, radial: Radial | None, columns: int, rows: int) -> float:
    """Find by what to multiply the tangents of a picture once a layer, so that their size stays in float32's range.

    It is a power of two, found by float64 tangents at a few points of the picture of `columns` x `rows` pixels.
    """
    x, y = (np.linspace(-0.5, 0.5, PROBES) * side for side in (columns, rows))
    h: Values
    dh: Values
    h, dh = fed(radial, *map(np.ravel, np.meshgrid(x, y)))
    sizes = []
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        z = np.clip(h @ W + b, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT)
        h = ACTIVATIONS[name].function(z)
        dh = ACTIVATIONS[name].derivative(z)[..., None] * np.einsum("...id,io->...od", dh, W)
        size = float(np.median(np.abs(dh).max((-2, -1))))
        if not size > 0.0:
            break  # flat: nothing is left to be kept in range
        sizes.append(math.log2(size))
        dh = dh / size
    mean = sum(sizes) / len(sizes) if sizes else 0.0
    return math.ldexp(1.0, -round(min(max(mean, -60.0), 60.0)))
