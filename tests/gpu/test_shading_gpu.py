"""A field's data, shaded on the GPU: the colours that arrays of display values have, for each lens with a Shading."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Field, Question, Values
from weightscape.gpu.canvas import Canvas
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import PlaneLens
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.interrupt import never
from weightscape.network.softmax import softmax
from weightscape.picture.levels import Displayed, displayed
from weightscape.picture.questions import PrecisionName, question
from weightscape.scene.colour import Colour, colour
from weightscape.scene.contrast import contrast
from weightscape.scene.palette import PALETTES
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade
from weightscape.scene.shading import Uniforms, bounded, centred, level, plain, stretched

SIZE = (61, 43)
SCENE = Scene(layers=5, width=9, seed=3)
UNIT = {"lens": "unit", "layer": 3, "unit": 4}
# Plane lenses whose fields are shown by arrays alone: of stretch, logarithms are taken.
WITHOUT = {"stretch"}
# In float32, through the palette's steepest part; where the range is stretched, twice.
NEAR = 2e-6
RANDOM = np.random.default_rng(8)


@pytest.fixture
def canvas(gl: Any) -> Iterator[Canvas]:
    canvas = Canvas(gl, SIZE)
    yield canvas
    canvas.release()


def answered(scene: Scene, precision: PrecisionName, engine: NumpyEngine) -> tuple[Displayed, Field]:
    asked = question(scene, SIZE, precision)
    shown = CATALOGUE[scene.lens]
    assert isinstance(shown, PlaneLens)
    return displayed(shown, scene, asked, engine), engine.field(asked)


def painted(canvas: Canvas, field: Field, shading: Uniforms, own: Colour) -> Values:
    assert field.data.dtype == np.float32
    canvas.paint(field.data, (0.0, 0.0), 1.0, own.table, shading=shading, reading=own.read(field.data.shape[-1]))
    return canvas.read()


def test_each_plane_lens_has_a_shading_or_is_named_as_one_without() -> None:
    planes = {name: lens for name, lens in CATALOGUE.items() if isinstance(lens, PlaneLens)}
    assert len(planes) >= 5
    assert {name for name, lens in planes.items() if lens.shading is None} == WITHOUT


@pytest.mark.parametrize("precision", ["single", "perturbed"])
@pytest.mark.parametrize("levels", ["plain", "auto"])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        *({"outputs": 1, "palette": name} for name in PALETTES),
        UNIT,
        {**UNIT, "palette": "magma"},
        {**UNIT, "before": True},
        {**UNIT, "activation": "relu"},
        {**UNIT, "layer": 0, "unit": 1},
        {"lens": "rgb", "layer": 2, "units": (4, 0, 1)},
        {"lens": "rgb", "layer": 2, "units": (4, 0, 1), "before": True},
        {"lens": "cut", "layer": 2},
        {"lens": "cut", "layer": 2, "before": True},
    ],
    ids=str,
)
def test_a_field_gets_the_colours_of_its_levels(
    canvas: Canvas, numpy_engine: NumpyEngine, fields: dict[str, Any], levels: str, precision: PrecisionName
) -> None:
    scene = replace(SCENE, levels=levels, **fields)
    shown, field = answered(scene, precision, numpy_engine)
    assert shown.shading
    seen = painted(canvas, field, shown.shading.of(field.offset, field.scale), colour(scene))
    expected = shade(shown.level(field), colour(scene))

    assert expected.std() > 0.02
    assert np.abs(expected - seen).max() <= NEAR


@pytest.mark.parametrize("radius", [1e-6, 1e-40, 1e-290])
@pytest.mark.parametrize("levels", ["plain", "auto"])
@pytest.mark.parametrize("fields", [{"outputs": 1}, UNIT, {**UNIT, "before": True}, {"lens": "cut", "layer": 3}])
def test_a_deep_zoom_loses_nothing(
    canvas: Canvas, numpy_engine: NumpyEngine, fields: dict[str, Any], levels: str, radius: float
) -> None:
    scene = replace(SCENE, levels=levels, radius=radius, **fields)
    shown, field = answered(scene, "perturbed", numpy_engine)
    assert shown.shading
    seen = painted(canvas, field, shown.shading.of(field.offset, field.scale), colour(scene))

    assert np.abs(shade(shown.level(field), colour(scene)) - seen).max() <= NEAR
    assert (seen.std((0, 1)).max() > 0.1) == (levels == "auto")


@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e-290])
@pytest.mark.parametrize("how", ["plain", "centred", "bounded", "stretched"])
@pytest.mark.parametrize("outputs", [1, 2, 3, 5])
def test_any_data_are_shaded_as_by_the_twin_and_as_in_float64(
    canvas: Canvas, how: str, scale: float, outputs: int
) -> None:
    data = RANDOM.normal(0.2, 1.5, (SIZE[1], SIZE[0], outputs)).astype(np.float32)
    data[..., -1] = 0.25  # a flat channel
    field = Field(data, np.full(outputs, 0.5), np.full(outputs, scale))
    values, measured = field.offset + field.scale * data, contrast(field.relative)
    shading, expected = {
        "plain": (plain(outputs), values),
        "centred": (centred(outputs), values / 2.0 + 0.5),
        "bounded": (bounded(outputs), ACTIVATIONS["sigmoid"].function(values)),
        "stretched": (stretched(measured), measured(field.relative)),
    }[how]
    uniforms = shading.of(field.offset, field.scale)
    seen = painted(canvas, field, uniforms, Colour())

    assert np.abs(shade(level(data, uniforms), Colour()) - seen).max() <= NEAR
    assert np.abs(shade(expected, Colour()) - seen).max() <= NEAR


@pytest.mark.parametrize("spread", [0.1, 3.0, 200.0])
@pytest.mark.parametrize("outputs", [1, 2, 3, 4])
def test_a_softmax_is_that_of_the_twin_and_of_float64(canvas: Canvas, outputs: int, spread: float) -> None:
    data = RANDOM.normal(0.2, spread, (SIZE[1], SIZE[0], outputs)).astype(np.float32)
    data[0], data[1], data[2] = 1e24, -1e24, 0.0
    data[3, :, 0] = -1e24
    field = Field(data, np.zeros(outputs), np.ones(outputs))
    uniforms = replace(plain(outputs), curve="softmax").of(field.offset, field.scale)
    seen = painted(canvas, field, uniforms, Colour())

    expected = shade(softmax(data.astype(np.float64)), Colour())
    assert outputs == 1 or expected.std() > 0.02
    assert np.abs(shade(level(data, uniforms), Colour()) - expected).max() <= NEAR
    assert np.abs(expected - seen).max() <= NEAR


def test_a_sigmoid_ends_at_0_and_1_however_large_the_value(canvas: Canvas) -> None:
    ends = np.array([-1e24, -200.0, 0.0, 200.0, 1e24], np.float32)
    data = np.resize(ends, (SIZE[1], SIZE[0], 3))
    field = Field(data, np.zeros(3), np.ones(3))
    seen = painted(canvas, field, bounded(3).of(field.offset, field.scale), Colour("grey"))
    assert np.array_equal(np.resize(np.array([0.0, 0.0, 0.5, 1.0, 1.0]), data.shape), seen)


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_plain_data_and_arrays_of_display_values_are_painted_to_the_same_bit(canvas: Canvas, channels: int) -> None:
    values = RANDOM.uniform(-0.1, 1.1, (SIZE[1], SIZE[0], channels)).astype(np.float32)
    canvas.paint(values, (0.0, 0.0), 1.0, Colour("magma").table)
    expected = canvas.read()
    field = Field(values, np.zeros(channels), np.ones(channels))

    assert np.array_equal(
        expected, painted(canvas, field, plain(channels).of(field.offset, field.scale), Colour("magma"))
    )
    if channels > 1:
        assert np.array_equal(np.clip(values, 0, 1), expected[..., :channels])


@pytest.mark.parametrize(("levels", "count"), [("plain", 0), ("auto", 1)])
def test_levels_and_shading_are_measured_by_one_and_the_same_overview(levels: str, count: int) -> None:
    class Counted(NumpyEngine):
        asked = 0

        def field(self, question: Question, cancelled: Any = never) -> Field:
            self.asked += 1
            return super().field(question, cancelled)

    engine, scene = Counted(), replace(SCENE, levels=levels)
    shown = displayed(CATALOGUE["outputs"], scene, question(scene, SIZE), engine)  # type: ignore[arg-type]
    assert shown.shading
    assert engine.asked == count
    engine.release()
