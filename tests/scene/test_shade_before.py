"""Pictures without colours of their own are what they were before there were any: the formula of then, bit for bit.

Whole pictures have no hash here: sums of layers differ between processors' BLAS kernels.
"""

import itertools

import numpy as np
import numpy.typing as npt
import pytest

import weightscape
from weightscape.scene.colour import Colour, colour
from weightscape.scene.palette import PALETTES, table
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise, shade

Values = npt.NDArray[np.floating]
FIRST = ("viridis", "cividis", "magma", "twilight", "grey")  # the palettes of then
SIZE = (40, 24)
NETWORK = Scene(layers=4, width=12)
SCENES = {
    "default": Scene(),
    "independent": Scene(seed=2, layers=5, width=9, tied=False),
    "floor": Scene(layers=4, width=12, quantise="floor"),
    "beyond": Scene(layers=4, width=12, output_activation="identity"),
    **{name: Scene(layers=4, width=12, outputs=1, palette=name) for name in FIRST},
    "one, floor": Scene(layers=4, width=12, outputs=1, output_activation="identity", quantise="floor"),
}


def before(values: Values, palette: str) -> Values:
    """Shade as it was done: outputs are red, green and blue, one goes through the palette, of two blue is 0."""
    clamped = np.clip(values, 0.0, 1.0)
    channels = values.shape[-1]
    if channels == 1:
        colours = table(palette).astype(values.dtype) / values.dtype.type(255)
        place = clamped[..., 0] * 255
        low = np.minimum(place.astype(np.intp), 254)
        part = (place - low)[..., None]
        return np.asarray(colours[low] * (1 - part) + colours[low + 1] * part, values.dtype)
    if channels == 2:
        return np.concatenate([clamped, np.zeros_like(clamped[..., :1])], axis=-1)
    return clamped[..., :3]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_plain_colours_are_those_of_before_bit_for_bit(dtype: type[np.floating], channels: int) -> None:
    values = np.random.default_rng(11).uniform(-0.3, 1.3, (37, 61, channels)).astype(dtype)
    values[0, :4] = [[0.0], [1.0], [-0.0], [0.5]]
    for name, moment in itertools.product(PALETTES, (0.0, 0.37)):
        plain = colour(Scene(palette=name, time=moment))
        assert plain == Colour(name)
        found, expected = shade(values, plain), before(values, name)
        assert found.dtype == expected.dtype
        assert found.tobytes() == expected.tobytes(), name


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("engine", ["numpy", "jit"])
def test_plain_pictures_are_those_of_before_byte_for_byte(scene: Scene, engine: str) -> None:
    values = weightscape.field(scene, size=SIZE, engine=engine)
    expected = quantise(before(values, scene.palette), scene.quantise)
    assert weightscape.render(scene, size=SIZE, engine=engine).tobytes() == expected.tobytes()


def test_the_first_palettes_keep_their_tables() -> None:
    sums = {name: int(table(name).astype(np.int64).ravel() @ np.arange(1, 769)) for name in FIRST}
    assert sums == dict(zip(FIRST, (37129336, 42056606, 44836888, 37203504, 50232960), strict=True))
