"""A field that stays on the GPU is, number for number, the one that is read back."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from weightscape.engine.question import TEXEL, Field, Held, Question
from weightscape.engine.shader.compute import MOST_CHANNELS, ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.workgroup import SOFTWARE, Tiles
from weightscape.gpu.shelf import Shelf
from weightscape.network.network import Tap
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

SIZES = ((1, 1), (37, 11), (150, 140))
WIDE = Scene(layers=3, width=150, tied=False)
ASKED = {
    "fused": (Scene(layers=5, width=8), "single"),
    "one output": (Scene(layers=5, width=8, outputs=1), "single"),
    "wide": (WIDE, "single"),
    "deep zoom": (Scene(layers=5, width=8, center=("0.31", "-0.17"), radius=1e-30), "perturbed"),
    "radius": (Scene(layers=4, width=8, inputs="x,y,r"), "single"),
    "units": (Scene(layers=4, width=8, lens="rgb", layer=2, units=(1, 4, 6)), "single"),
    "pieces": (Scene(layers=5, width=8, activation="relu", lens="regions"), "single"),
    "pieces, deep": (Scene(layers=5, width=8, activation="abs", lens="regions", radius=1e-20), "perturbed"),
    "before": (Scene(layers=4, width=8, lens="unit", layer=3, unit=5, before=True), "single"),
}


def made(gl: Any, kind: Any = ComputeEngine, *tiles: Tiles, **options: Any) -> Any:
    """Make an engine; skip where its version is not to be had."""
    if kind is ComputeEngine and gl.version_code < ComputeEngine.needs:
        pytest.skip("the compute engine needs OpenGL 4.3")
    return kind(gl, *tiles, **options)


@pytest.fixture(params=[ComputeEngine, FragmentEngine])
def engine(request: pytest.FixtureRequest, gl: Any) -> Any:
    engine = made(gl, request.param, shelf=Shelf(gl))
    yield engine
    engine.release()


def read(gl: Any, held: Held) -> Any:
    """Read what is held as a window would see it."""
    loan = held.loan
    texture = gl.external_texture(loan.texture, loan.size, loan.components, 0, "f4")
    raw = np.frombuffer(texture.read(alignment=1), np.float32).reshape(loan.size[1], loan.size[0], -1)
    texture.release()
    rows, columns, channels = held.shape
    if channels > TEXEL:
        return raw.ravel()[: rows * columns * channels].reshape(held.shape)
    return raw[:rows, :columns, :channels]


@pytest.mark.parametrize("name", ASKED)
def test_it_is_the_field(name: str, engine: Any, gl: Any) -> None:
    scene, precision = ASKED[name]
    for size in SIZES:
        asked = question(scene, size, precision)  # type: ignore[arg-type]
        assert engine.holds(asked)
        held, field = engine.held(asked), engine.field(asked)
        assert isinstance(held, Held)
        assert held.shape == field.shape
        assert np.array_equal(read(gl, held), field.data)
        assert np.array_equal(held.offset, field.offset)
        assert np.array_equal(held.scale, field.scale)


@pytest.mark.parametrize("scene", [WIDE, replace(WIDE, activation="relu", lens="regions")], ids=["values", "pieces"])
def test_parts_are_put_together(scene: Scene, gl: Any) -> None:
    engine = made(gl, ComputeEngine, replace(SOFTWARE, activation_bytes=1), shelf=Shelf(gl))
    asked = question(scene, (50, 21))
    parts = engine._parts(engine._dispatches(asked))
    assert len(parts) > 10
    held, field = engine.held(asked), engine.field(asked)
    assert np.array_equal(read(gl, held), field.data)
    engine.release()


@pytest.mark.parametrize("bytes_at_once", [SOFTWARE.activation_bytes, 1])
@pytest.mark.parametrize("units", [TEXEL + 1, 10, MOST_CHANNELS])
def test_more_channels_than_a_texel_has_are_folded(units: int, bytes_at_once: int, gl: Any) -> None:
    engine = made(gl, ComputeEngine, replace(SOFTWARE, activation_bytes=bytes_at_once), shelf=Shelf(gl))
    for size in SIZES:
        layer = question(Scene(layers=3, width=20, tied=False), size)
        asked = replace(layer, taps=(Tap(1, tuple(range(units))),))
        assert engine.holds(asked)
        held, field = engine.held(asked), engine.field(asked)
        assert isinstance(held, Held)
        assert held.shape == field.shape == (size[1], size[0], units)
        assert np.array_equal(read(gl, held), field.data)
    engine.release()


def unfit() -> dict[str, Question]:
    plain = question(Scene(layers=4, width=MOST_CHANNELS + 1), (20, 10))
    network = plain.network
    return {
        "doubles": question(Scene(layers=4, width=8), (20, 10), "double"),
        "derivatives": replace(plain, answer="derivatives"),
        "pieces of curves": replace(plain, answer="pattern"),
        "pieces in doubles": question(Scene(layers=4, width=8, activation="relu", lens="regions"), (20, 10), "double"),
        "two taps": replace(plain, taps=(Tap(0), Tap(2))),
        "many channels": replace(plain, taps=(Tap(1),)),
        "softmax": replace(plain, network=replace(network, activations=(*network.activations[:-1], "softmax"))),
    }


@pytest.mark.parametrize("name", unfit())
def test_what_does_not_fit_comes_back(name: str, engine: Any) -> None:
    asked = unfit()[name]
    assert not engine.holds(asked)
    if asked.method in engine.methods:
        assert isinstance(engine.held(asked), Field)


def test_fragments_put_a_wide_networks_patterns_together_layer_by_layer(gl: Any) -> None:
    engine = made(gl, FragmentEngine, shelf=Shelf(gl))
    asked = question(replace(WIDE, activation="relu", lens="regions"), (20, 10))
    assert not engine.holds(asked)
    assert isinstance(engine.held(asked), Field)
    engine.release()


def test_without_a_shelf_everything_comes_back(gl: Any) -> None:
    engine, asked = made(gl), question(Scene(layers=4, width=8), (20, 10))
    assert not engine.holds(asked)
    assert isinstance(engine.held(asked), Field)
    engine.release()


def test_where_all_is_on_loan_an_answer_comes_back(engine: Any) -> None:
    asked = question(Scene(layers=4, width=8), (20, 10))
    held = []
    while isinstance(answer := engine.held(asked), Held):
        held.append(answer)
    assert len(held) > 2
    assert isinstance(answer, Field)
    held.clear()
    assert isinstance(engine.held(asked), Held)
