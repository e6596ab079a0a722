"""Lenses: which values they want, and how those become display values; the same in file and engine."""

import numpy as np
import pytest

import weightscape
from weightscape.model.lens import levels, taps
from weightscape.model.network import OUTPUTS, Tap, forward
from weightscape.model.recipe import draw
from weightscape.model.scene import Scene
from weightscape.model.scene_error import SceneError
from weightscape.model.shade import quantise, shade
from weightscape.model.view import pixel_to_plane

NET = draw(Scene(layers=4, width=5))


def test_the_lens_outputs_wants_the_outputs_as_they_are() -> None:
    values = np.array([[0.25, 0.5, 2.0]])

    assert taps("outputs", 3, 4, NET) == OUTPUTS
    assert np.array_equal(levels("outputs", 3, NET)(values), values)


@pytest.mark.parametrize(("layer", "tap"), [(0, Tap(-1, (2,))), (1, Tap(0, (2,))), (4, Tap(3, (2,)))])
def test_the_lens_unit_wants_one_unit_and_layer_0_is_the_output_layer(layer: int, tap: Tap) -> None:
    assert taps("unit", layer, 2, NET) == (tap,)


@pytest.mark.parametrize(("layer", "unit", "field"), [(5, 0, "layer"), (1, 5, "unit"), (0, 3, "unit"), (4, 3, "unit")])
def test_a_layer_or_unit_that_is_not_there_is_named_with_its_range(layer: int, unit: int, field: str) -> None:
    with pytest.raises(SceneError, match=r"is not in 0\.\.") as caught:
        taps("unit", layer, unit, NET)

    assert caught.value.field == field


def test_a_tanh_unit_has_its_zero_in_the_middle_of_the_palette_and_a_sigmoid_unit_its_half() -> None:
    values = np.array([-1.0, 0.0, 1.0], np.float32)

    assert levels("unit", 2, NET)(values).tolist() == [0.0, 0.5, 1.0]
    assert levels("unit", 0, NET)(values).tolist() == [-1.0, 0.0, 1.0]


@pytest.mark.parametrize("engine", ["numpy", "fragment"])
def test_a_picture_of_a_unit_is_that_unit_through_the_palette(engine: str, gl: object) -> None:
    scene = Scene(layers=4, width=5, lens="unit", layer=3, unit=4, palette="magma")
    size = (23, 11)
    points = np.array([[[float(c) for c in pixel_to_plane(scene.view, size, (i + 0.5, j + 0.5))]
                        for i in range(size[0])] for j in range(size[1])])  # fmt: skip
    (unit,) = forward(NET, points, (Tap(2, (4,)),))
    expected = quantise(shade(0.5 + 0.5 * unit, "magma"), "round")
    seen = weightscape.render(scene, size=size, engine=engine)  # type: ignore[arg-type]

    assert np.abs(expected.astype(int) - seen).max() <= 1
    assert np.allclose(unit, weightscape.field(scene, size=size, engine=engine), atol=1e-5)  # type: ignore[arg-type]
