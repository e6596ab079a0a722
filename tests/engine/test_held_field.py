"""A field that stays on the GPU is, number for number, the one that is read back."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from weightscape.engine.question import TEXEL, Field, Held, Question, pixel_grid
from weightscape.engine.shader import fragment_draw
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.lending import MOST_CHANNELS, MOST_NUMBERS
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
    if loan.column:
        by_channel = raw.ravel()[: loan.column * channels].reshape(channels, loan.column)
        return by_channel[:, : rows * columns].T.reshape(held.shape)
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


@pytest.fixture(params=["compute", "compute in parts", "fragment", "fragment in bands"])
def folding(request: pytest.FixtureRequest, gl: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make an engine that answers at once, or one that does so in many parts."""
    if request.param.startswith("fragment"):
        if "bands" in request.param:
            monkeypatch.setattr(fragment_draw, "MAX_SIDE", 160)
        engine = made(gl, FragmentEngine, shelf=Shelf(gl))
    else:
        at_once = 1 if "parts" in request.param else SOFTWARE.activation_bytes
        engine = made(gl, ComputeEngine, replace(SOFTWARE, activation_bytes=at_once), shelf=Shelf(gl))
    yield engine
    engine.release()


@pytest.mark.parametrize(
    ("units", "folding"),
    [
        (TEXEL + 1, "compute"),
        (MOST_CHANNELS, "compute in parts"),
        (10, "compute in parts"),
        (MOST_CHANNELS, "fragment"),
        (TEXEL + 1, "fragment in bands"),
        (20, "fragment in bands"),
    ],
    indirect=["folding"],
)
def test_more_channels_than_a_texel_has_are_folded(units: int, folding: Any, gl: Any) -> None:
    for size in SIZES:
        layer = question(Scene(layers=3, width=20, tied=False), size)
        asked = replace(layer, taps=(Tap(1, tuple(range(units))),))
        assert folding.holds(asked)
        held, field = folding.held(asked), folding.field(asked)
        assert isinstance(held, Held)
        assert held.shape == field.shape == (size[1], size[0], units)
        assert np.array_equal(read(gl, held), field.data)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "precision"),
    [
        (Scene(layers=5, width=9), "single"),
        (Scene(layers=3, width=70, tied=False, before=True), "single"),
        (Scene(layers=5, width=9, radius=1e-30), "perturbed"),
    ],
    ids=["after", "before", "differences"],
)
def test_what_is_tapped_on_the_way_stays_channel_after_channel(
    scene: Scene, precision: Any, folding: Any, gl: Any
) -> None:
    for size in SIZES:
        asked = question(scene, size, precision)
        units = None, (2, 3, 4), *[None] * (scene.layers - 2)
        asked = replace(asked, taps=tuple(Tap(layer, some, scene.before) for layer, some in enumerate(units)))
        assert folding.holds(asked)
        held, field = folding.held(asked), folding.field(asked)
        assert isinstance(held, Held)
        assert held.loan.column >= size[0] * size[1]
        assert np.array_equal(read(gl, held), field.data)
        assert np.array_equal(held.offset, field.offset)
        assert np.array_equal(held.scale, field.scale)


@pytest.mark.parametrize("tap", [Tap(1), Tap(-1, None, True), Tap(-1, (2, 1), True), Tap(2, (0,), True)], ids=str)
def test_what_goes_through_no_softmax_stays(tap: Tap, engine: Any, gl: Any) -> None:
    asked = replace(question(Scene(layers=4, width=8), (37, 11)), taps=(tap,))
    names = (*asked.network.activations[:-1], "softmax")
    asked = replace(asked, network=replace(asked.network, activations=names))
    assert engine.holds(asked)
    held = engine.held(asked)
    assert isinstance(held, Held)
    assert np.array_equal(read(gl, held), engine.field(asked).data)


def unfit() -> dict[str, Question]:
    plain = question(Scene(layers=4, width=MOST_CHANNELS + 1), (20, 10))
    network = plain.network
    return {
        "doubles": question(Scene(layers=4, width=8), (20, 10), "double"),
        "derivatives": replace(plain, answer="derivatives"),
        "pieces of curves": replace(plain, answer="pattern"),
        "pieces in doubles": question(Scene(layers=4, width=8, activation="relu", lens="regions"), (20, 10), "double"),
        "another order": replace(plain, taps=(Tap(2), Tap(0))),
        "a layer twice": replace(plain, taps=(Tap(2), Tap(2, None, True))),
        "gaps": replace(plain, taps=(Tap(0), Tap(2, (1, 3, 5)))),
        "few of two layers": replace(plain, taps=(Tap(0, (1,)), Tap(2, (1, 2, 3)))),
        "many channels": replace(plain, taps=(Tap(1),), grid=pixel_grid(MOST_NUMBERS // (MOST_CHANNELS + 1) + 1, 1)),
        "softmax": replace(plain, network=replace(network, activations=(*network.activations[:-1], "softmax"))),
    }


@pytest.mark.parametrize("name", unfit())
def test_what_does_not_fit_comes_back(name: str, engine: Any) -> None:
    asked = unfit()[name]
    assert not engine.holds(asked)
    if name == "many channels":  # of fewer points they stay
        assert engine.holds(replace(asked, grid=pixel_grid(20, 10)))
    elif asked.method in engine.methods:
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
