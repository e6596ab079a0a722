"""Softmax, p_i = e^z_i / sum of e^z_j: it couples a layer's units, so that it is none of the table's activations.

Only the last layer of a loaded network may have it. Nothing that goes through the layers knows it: engines, orbits
and plans end with the pre-activations (Network.logits), and what is here makes probabilities of those.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

SOFTMAX = "softmax"
BOUND = 1.0
FORMULA = "eᶻ / the sum of eᶻ over the units"
NUMPY = "(e := np.exp(z - z.max(-1, keepdims=True))) / e.sum(-1, keepdims=True)"
# Differences so small are linear to float64's last digit; e to the power of larger ones than LARGE would run over.
TINY, LARGE = 2.0**-60, 500.0


def softmax(z: Array) -> Array:
    """Return the probabilities of pre-activations (..., units), in their own precision."""
    with np.errstate(under="ignore"):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        e /= e.sum(axis=-1, keepdims=True)
    return np.asarray(e)


def jacobian(p: Array) -> Array:
    """Return dp_i / dz_j = p_i (1 if i = j else 0 - p_j): probabilities (..., units) -> (..., units, units)."""
    return np.asarray(p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :]))


def slope(p: Array, dz: Array) -> Array:
    """Return dp = p_i (dz_i - sum of p_j dz_j), (..., units) all.

    The likeliest unit's dz is subtracted first: where it has nearly all, what is left of it would be rounded away.
    """
    with np.errstate(under="ignore"):
        t = dz - np.take_along_axis(dz, np.broadcast_to(p.argmax(axis=-1), dz.shape[:-1])[..., None], axis=-1)
        return np.asarray(p * (t - (p * t).sum(axis=-1, keepdims=True)))


def difference(z: Array, delta: Array, scale: float) -> Array:
    """Return (p(z + scale delta) - p(z)) / scale in float64: z (units,), delta (..., units), scale a power of two.

    Nothing cancels, however small `scale` is, 0 included: with d = scale delta, less the likeliest unit's own, it is
    p_i (expm1(d_i) - s) / (1 + s) with s = sum of p_j expm1(d_j).
    """
    p, delta = softmax(z), delta.astype(np.float64)
    if scale * np.abs(delta).max(initial=0.0) < TINY:
        return slope(p, delta)
    d = scale * delta
    with np.errstate(under="ignore"):
        t = d - d[..., [int(p.argmax())]]
        e = np.expm1(np.minimum(t, LARGE))
        s = (p * e).sum(axis=-1, keepdims=True)
        found = p * (e - s) / (1.0 + s)
        far = t.max(axis=-1) > LARGE
        if far.any():
            found[far] = softmax(z + d[far]) - p
        return np.asarray(found / scale)
