"""The compute engine alone: shapes of workgroups, buffers of any size, stores of weights, and what a driver says."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from specimen import scene
from suite import ANSWERS, asked, check, check_moved
from test_values import counted_to, counting
from variant import SHAPES

from weightscape.engine.question import Answer, EngineError
from weightscape.engine.shader import compute
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.storage import RowStore, pack
from weightscape.engine.shader.workgroup import GPU, SOFTWARE, fused_for, padded_shapes
from weightscape.gpu.source import ShaderError, compute_program
from weightscape.network.network import distinct_weights
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every third parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(3)

FLOAT = np.dtype(np.float32)


@pytest.fixture(autouse=True)
def able(gl: Any) -> None:
    if gl.version_code < ComputeEngine.needs:
        pytest.skip("no compute shaders")


@pytest.fixture
def fresh(gl: Any) -> Iterator[ComputeEngine]:
    engine = ComputeEngine(gl)
    yield engine
    engine.release()


@pytest.mark.parametrize("wanted", ANSWERS)
@pytest.mark.parametrize("layers", [3, 60])
@pytest.mark.parametrize("shape", SHAPES)
def test_answers_do_not_depend_on_the_workgroups(shape: str, layers: int, wanted: Answer, gl: Any) -> None:
    engine = ComputeEngine(gl, SHAPES[shape])
    for width in (5, 40) if layers == 60 else (30, 64, 130):
        activation = "tanh" if wanted == "values" else "relu"
        made = scene(layers, width, scale=0.9 / width**0.5, activation=activation, inputs="x,y,r")
        check(engine, asked(made, "single", wanted, (33, 5)))
    engine.release()


@pytest.mark.parametrize("shape", SHAPES)
def test_differences_do_not_depend_on_the_workgroups(shape: str, gl: Any) -> None:
    engine = ComputeEngine(gl, SHAPES[shape])
    for width in (30, 130):
        for radius in (0.1, 1e-30):
            made = scene(4, width, radius=radius, center=("0.3", "0.7"), inputs="x,y,r")
            check_moved(engine, asked(made, "perturbed", size=(33, 5)), asked(made, "wide", size=(33, 5)))
    engine.release()


@pytest.mark.parametrize(("width", "outputs"), [(64, 3), (128, 3), (64, 7)])
@pytest.mark.parametrize("shape", SHAPES)
def test_256_layers_are_all_counted_in_every_shape(shape: str, width: int, outputs: int, gl: Any) -> None:
    engine, question = ComputeEngine(gl, SHAPES[shape]), counting(width, outputs)
    assert np.array_equal(engine.field(question).values, counted_to(question))
    engine.release()


@pytest.mark.parametrize("wanted", ANSWERS)
@pytest.mark.parametrize("width", [9, 70, 140])
@pytest.mark.spread(2)
def test_points_beyond_the_buffers_go_in_turns(
    width: int, wanted: Answer, gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asked(scene(3, width, activation="relu"), "single", wanted, (61, 47))
    whole, small = ComputeEngine(gl), ComputeEngine(gl, replace(SOFTWARE, activation_bytes=1 << 17))
    expected = whole.field(question).values
    monkeypatch.setattr(compute, "FUSED_POINTS", 1000)
    assert np.array_equal(expected, small.field(question).values)
    for each in (whole, small):
        each.release()


def test_a_tied_network_is_stored_with_one_hidden_matrix_and_a_new_view_uploads_the_first_layer(
    gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tied = Scene(layers=256, width=30)
    made = draw(tied)
    network = asked(tied, size=(8, 8), made=made).network
    shapes = padded_shapes(GPU, network)
    packed = pack(network, shapes)
    assert len(set(packed.begin[1:-1])) == 1
    assert 4 * len(packed.vectors) < 2 * distinct_weights(made)
    store = RowStore(gl)
    store.write(network, shapes)
    buffers = dict(store._buffers)
    monkeypatch.setattr("weightscape.engine.shader.storage.pack", None)
    moved = asked(replace(tied, radius=0.1), size=(8, 8), made=made).network
    assert store.write(moved, shapes).vectors.tolist() != packed.vectors.tolist()
    assert store._buffers == buffers
    uploaded = np.frombuffer(buffers[0].read(), np.float32).reshape(-1, 4)
    monkeypatch.undo()
    assert np.array_equal(uploaded, pack(moved, shapes).vectors)
    store.release()


def test_what_the_engine_cannot_do_it_refuses(fresh: ComputeEngine) -> None:
    old: Any = SimpleNamespace(version_code=420)
    with pytest.raises(EngineError, match=r"needs OpenGL 4\.3; this is 4\.2"):
        ComputeEngine(old)
    fresh._weights[FLOAT]._limit = 1000
    with pytest.raises(EngineError, match="do not fit"):
        fresh.field(asked(Scene(), size=(8, 8)))
    fresh._weights[FLOAT]._limit = 1 << 24
    assert np.isfinite(fresh.field(asked(Scene(), size=(8, 8))).values).all()


def test_the_drivers_complaint_about_a_compute_shader_names_file_and_line(gl: Any) -> None:
    with pytest.raises(ShaderError, match=r"> output\.comp:\d+: layout\(local_size_x = THREADS\) in;"):
        compute_program(gl, "output.comp", {"INPUTS": 2})


def test_the_gpus_own_shapes_are_narrow_where_they_should_be() -> None:
    assert fused_for(GPU, draw(Scene(layers=8, width=64)))
    assert fused_for(GPU, draw(Scene(layers=8, width=128)))
    assert fused_for(GPU, draw(Scene(layers=8, width=129))) is None
    assert fused_for(GPU, draw(Scene(layers=1)))


def test_weights_that_only_fit_as_floats(fresh: ComputeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for store in fresh._weights.values():
        monkeypatch.setattr(store, "_limit", 25_000)
    made = Scene(layers=4, width=60)
    assert np.isfinite(fresh.field(asked(made, size=(8, 8))).values).all()
    with pytest.raises(EngineError, match="do not fit"):
        fresh.field(asked(made, "double", size=(8, 8)))
