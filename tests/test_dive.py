"""Diving: to the steepest point, not beside it, however deep."""

from dataclasses import replace

import numpy as np
import pytest

from weightscape.dive import CLOSER, POINTS, dived, steepest
from weightscape.model.scene import Scene
from weightscape.model.view import plane_to_pixel
from weightscape.picture import field

SIZE = (320, 200)


def test_the_steepest_point_is_found_whatever_the_scale() -> None:
    y, x = np.mgrid[0:POINTS, 0:POINTS]
    for scale in (1.0, 1e-300):
        values = scale * np.stack([np.tanh(x - 20.3 + 0 * y), 0 * x], axis=-1)
        values[11] *= 1.5
        row, column = steepest(values)
        assert column == 20
        assert abs(row - 11) <= 1


@pytest.mark.parametrize("radius", [2.6, 1e-8, 1e-60])
def test_a_dive_ends_near_the_cursor_where_the_picture_is_steep(radius: float) -> None:
    scene = Scene(layers=10, radius=radius, center=("0.12345678901234567890123456789", "-0.2"))
    new = dived(scene, SIZE, (200.0, 90.0))
    x, y = plane_to_pixel(scene.view, SIZE, new.center)
    assert new.radius == radius * CLOSER
    assert replace(new, center=scene.center, radius=radius) == scene
    assert abs(x - 200) <= 0.25 * 200 / 2 + 1
    assert abs(y - 90) <= 0.25 * 200 / 2 + 1
    if radius == 2.6:
        values = np.asarray(field(scene, size=SIZE, engine="numpy"), np.float64)
        slope = np.hypot(*np.gradient(values, axis=(0, 1))).sum(axis=-1)
        near = slope[65:115, 175:225]
        assert slope[int(y), int(x)] > np.percentile(near, 90)
