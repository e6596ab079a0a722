"""Batch normalisation in inference: a number that each unit is multiplied by, and one that is added.

Formula: Ioffe & Szegedy (2015), algorithm 2.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# What scales each point by its own numbers: no sum of products, whatever the weights. PyTorch's names, and ONNX'.
BY_POINT = frozenset(
    f"{kind}{end}"
    for kind in ("Layer", "SimplifiedLayer", "RMS", "Group", "Instance")
    for end in ("Norm", "Normalization")
)
WHY = "it scales each point by a number of that point's own, which is not linear and folds into no dense layer"


def normalising(
    mean: Array, variance: Array, weight: Array | None, bias: Array | None, eps: float
) -> tuple[Array, Array]:
    """Return a, c of x a + c = (x - mean) / sqrt(variance + eps) weight + bias.

    All are (units,); `weight` None is 1 and `bias` None 0. Raises ValueError for other shapes, and for numbers of which
    there is no such a.
    """
    parts = {"mean": mean, "variance": variance, "scale": weight, "shift": bias}
    for name, each in parts.items():
        if each is not None and (each.ndim != 1 or each.shape != mean.shape):
            raise ValueError(f"its {name} has shape {each.shape}, its mean {mean.shape}")
        if each is not None and not np.isfinite(each).all():
            raise ValueError(f"its {name} holds a number that is not finite")
    if not (np.isfinite(eps) and eps >= 0.0):
        raise ValueError(f"its epsilon is {eps:.7g}, no number from 0")
    if (variance < 0.0).any():
        raise ValueError(f"its variance holds {variance.min():.7g}, and none is below 0")
    if (variance + eps == 0.0).any():
        raise ValueError("its variance holds a 0, and so is its epsilon: it divides by 0")
    a = 1.0 / np.sqrt(variance + eps)
    if weight is not None:
        a = a * weight
    c = -mean * a
    return a, c if bias is None else c + bias
