"""Scenes and networks show themselves: small, quick, and never an error."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from weightscape import Network, Scene
from weightscape.file.png import KEYWORD
from weightscape.notebook.still import SIZE, quick_size


def test_a_scene_shows_its_picture_with_the_scene_inside() -> None:
    shown = Scene(seed=3, layers=4, width=6)._repr_png_()
    assert shown
    image = Image.open(BytesIO(shown[0]))
    assert (image.size, shown[1]) == (SIZE, {"width": SIZE[0], "height": SIZE[1]})
    assert '"seed": 3' in image.info[KEYWORD]


def test_a_network_shows_its_picture() -> None:
    shown = Network([np.eye(2)], [np.zeros(2)], ["sigmoid"])._repr_png_()
    assert shown
    assert Image.open(BytesIO(shown[0])).getpixel((0, 0)) != (0, 0, 0)


@pytest.mark.parametrize(
    "value",
    [
        Scene(weights="/nowhere/net.npz"),
        Scene(lens="unit", unit=99),
        Network([np.ones((5, 1))], [np.zeros(1)], ["tanh"]),
        Network([np.full((2, 1), np.nan)], [np.zeros(1)], ["tanh"]),
        Scene(layers=256, width=512),
    ],
    ids=["no file", "no unit", "five inputs", "not finite", "too much work"],
)
def test_what_cannot_be_shown_is_text(value: Scene | Network) -> None:
    assert value._repr_png_() is None
    assert repr(value)


def test_large_networks_have_fewer_pixels() -> None:
    assert quick_size(Scene()) == SIZE
    fewer = quick_size(Scene(layers=60, width=100))
    assert fewer
    assert fewer[0] < SIZE[0]
    assert quick_size(Scene(layers=256, width=512)) is None
