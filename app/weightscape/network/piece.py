"""The linear pieces of a piecewise linear network, counted exactly: along a line, and in a convex polygon.

Every unit of relu, leaky_relu or abs is linear on either side of z = 0. Inside of a piece all units are affine in the
point, so each of them cuts a convex piece by at most one straight line, layer after layer.
"""

from dataclasses import dataclass

import numpy as np

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.interrupt import check
from weightscape.network.network import Matrix, Network
from weightscape.network.pattern import PIECEWISE

# Relative to a unit's size on the piece: what is closer to 0 is on the line. Float64 leaves about 1e-15 a layer.
TOUCHING = 1e-11
STRAIGHT = (*PIECEWISE, "identity")


@dataclass(frozen=True, eq=False)
class Piece:
    """Hold a convex piece: its corners (k, 2), and the values h = corner A + c of the last layer's units on it."""

    corners: Matrix
    A: Matrix
    c: Matrix


def is_straight(network: Network) -> bool:
    """Tell whether all layers before the last are piecewise linear, and the last may be anything."""
    return all(name in STRAIGHT for name in network.activations[:-1])


def pieces(network: Network, corners: Matrix, most: int) -> list[Piece] | None:
    """Cut a convex polygon, corners (k, 2), into the network's linear pieces; None for more than `most`.

    The network has two inputs. Layers are cut as far as they are piecewise linear, as network.pattern counts them.
    Raises ValueError for a network that is curved before its last layer.
    """
    if not is_straight(network):
        raise ValueError("the linear pieces are those of relu, leaky_relu and abs")
    found = [Piece(np.asarray(corners, np.float64), np.eye(2), np.zeros(2))]
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        found = [Piece(piece.corners, piece.A @ W, piece.c @ W + b) for piece in found]
        if name not in PIECEWISE:
            continue
        for unit in range(W.shape[1]):
            check()
            found = [part for piece in found for part in _cut(piece, unit)]
            if len(found) > most:
                return None
        found = [_activated(piece, name) for piece in found]
    return found


def breakpoints(network: Network, start: Matrix, end: Matrix, most: int) -> Matrix | None:
    """Find where the network bends between two points (2,): sorted parts of the way, each in 0..1 without its ends.

    None for more than `most`. Raises ValueError for a network that is curved before its last layer.
    """
    if not is_straight(network):
        raise ValueError("the linear pieces are those of relu, leaky_relu and abs")
    # Of each interval: its ends, and the units' values at both, so that nothing is extrapolated.
    ends = np.array([0.0, 1.0])
    values = np.stack([start, end]).astype(np.float64)[:, None, :]  # (2, intervals, units)
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        z = values @ W + b
        if name not in PIECEWISE:
            values = z
            continue
        ends, z = _bent(ends, z)
        if len(ends) - 2 > most:
            return None
        middle = z.mean(0)
        values = z * ACTIVATIONS[name].derivative(middle)[None]
    return ends[1:-1]


def _bent(ends: Matrix, z: Matrix) -> tuple[Matrix, Matrix]:
    """Cut the intervals between `ends` wherever one of their units, linear from z[0] to z[1], is 0 inside."""
    low, high = z
    size = np.maximum(np.abs(low), np.abs(high)) * TOUCHING
    crossing = (np.minimum(low, high) < -size) & (np.maximum(low, high) > size)
    which, unit = np.nonzero(crossing)
    part = low[which, unit] / (low[which, unit] - high[which, unit])
    new = ends[which] + part * (ends[which + 1] - ends[which])
    cut = np.unique(np.concatenate([ends, new]))
    cut = cut[np.concatenate([[True], np.diff(cut) > TOUCHING])]
    cut[-1] = ends[-1]
    inside = np.clip(np.searchsorted(ends, 0.5 * (cut[:-1] + cut[1:])) - 1, 0, len(ends) - 2)
    length = (ends[inside + 1] - ends[inside])[:, None]
    sides = [
        low[inside] + (at[:, None] - ends[inside][:, None]) / length * (high[inside] - low[inside])
        for at in (cut[:-1], cut[1:])
    ]
    return cut, np.stack(sides)


def _cut(piece: Piece, unit: int) -> list[Piece]:
    """Cut a piece along z = 0 of one unit, if that goes through it."""
    z = piece.corners @ piece.A[:, unit] + piece.c[unit]
    size = np.abs(z).max() * TOUCHING
    if not (z.min() < -size and z.max() > size):
        return [piece]
    after = np.roll(z, -1)
    next_corner = np.roll(piece.corners, -1, axis=0)
    sides: tuple[list[Matrix], list[Matrix]] = [], []
    for corner, other, here, there in zip(piece.corners, next_corner, z, after, strict=True):
        for side, sign in zip(sides, (1.0, -1.0), strict=True):
            if sign * here >= 0.0:
                side.append(corner)
            if here < 0.0 < there or there < 0.0 < here:
                side.append(corner + here / (here - there) * (other - corner))
    return [Piece(np.array(side), piece.A, piece.c) for side in sides]


def _activated(piece: Piece, name: str) -> Piece:
    """Go through the activation, whose slope is the same all over the piece."""
    middle = piece.corners.mean(0) @ piece.A + piece.c
    slope = ACTIVATIONS[name].derivative(middle)
    return Piece(piece.corners, piece.A * slope, piece.c * slope)
