"""Fourier features: the mapping as it is written, as a layer that every engine and the deep zoom know."""

import math
from dataclasses import replace

import numpy as np
import pytest

from weightscape.network.network import Network
from weightscape.picture.render import field
from weightscape.scene.scene import Scene

B = np.array([[3.0, 0.0], [0.0, 5.0], [1.5, -2.5]])
RNG = np.random.default_rng(7)
TOP = Network([RNG.normal(size=(6, 3)) / 3], [RNG.normal(size=3)], ["sigmoid"])


@pytest.mark.parametrize("order", ["sin cos", "cos sin"])
def test_it_is_the_mapping(order: str) -> None:
    points = RNG.normal(size=(50, 2))
    z = 2 * math.pi * points @ B.T
    features = np.concatenate([getattr(np, name)(z) for name in order.split()], -1)
    made = TOP.after_fourier(B, order)
    assert (made.widths, made.activations) == ((2, 6, 3), ("sin", "sigmoid"))
    assert np.abs(made(points) - TOP(features)).max() < 1e-13


def test_a_deep_view_of_it_is_exact() -> None:
    made = TOP.after_fourier(B)
    scene = Scene(center=("0.3", "-0.2"), radius=1e-30)
    near = field(made, view=scene, size=(9, 6), engine="numpy", precision="perturbed")
    assert np.abs(near - made([0.3, -0.2])).max() < 1e-14
    shown = field(made, view=replace(scene, levels="auto"), size=(9, 6), engine="numpy", precision="auto")
    assert np.isfinite(shown).all()


@pytest.mark.parametrize(
    ("frequencies", "order", "reason"),
    [
        (B, "cos", "order: 'cos' is not one of 'sin cos', 'cos sin'"),
        ([1.0, 2.0], "sin cos", r"frequencies: float64 of shape \(2,\); they are real numbers \(features, inputs\)"),
        ([["a"]], "sin cos", "frequencies: <U1 of shape"),
        (B[:2], "sin cos", "layer 2: shapes"),
    ],
)
def test_what_is_none_is_named(frequencies: object, order: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        TOP.after_fourier(frequencies, order)  # type: ignore[arg-type]  # as somebody may write it
