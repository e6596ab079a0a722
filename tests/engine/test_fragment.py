"""The fragment engine alone: where its weights stand, layers at once or one by one, and the state that others left."""

from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest
from specimen import scene
from suite import ANSWERS, asked, check, check_moved

from weightscape.deep.accuracy import Method
from weightscape.engine.question import Answer
from weightscape.engine.shader import fragment
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.fragment_shape import is_narrow
from weightscape.engine.shader.weight_store import WeightStore, pack
from weightscape.network.network import distinct_weights
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every fifth parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(5)


@pytest.fixture
def engine(gl: Any) -> Iterator[FragmentEngine]:
    engine = FragmentEngine(gl)
    yield engine
    engine.release()


def in_texture(engine: FragmentEngine, limit: int) -> FragmentEngine:
    """Let the engine believe that buffer textures of this driver hold so few vec4s."""
    engine._weights.release()
    engine._weights = WeightStore(engine.ctx, smallest_buffer_texture=limit)
    return engine


@pytest.mark.parametrize("method", ["single", "perturbed"])
@pytest.mark.parametrize("wanted", ANSWERS)
@pytest.mark.parametrize(("layers", "width"), [(27, 30), (9, 17), (4, 130), (1, 8)])
@pytest.mark.spread(3)
def test_weights_in_a_texture_give_the_picture_of_weights_in_a_buffer(
    layers: int, width: int, wanted: Answer, method: Method, engine: FragmentEngine, gl: Any
) -> None:
    other = in_texture(FragmentEngine(gl), 1)
    for seed in (1, 5):
        made = scene(layers, width, inputs="x,y,r", activation="relu", radius=1e-3, seed=seed)
        question = asked(made, method, wanted)
        expected = engine.field(question)
        assert np.array_equal(expected.data, other.field(question).data)
        if wanted == "values" and method == "perturbed":
            check_moved(other, question, asked(made, "wide"))
    assert all("WEIGHTS_IN_TEXTURE" in dict(key) for key in other._programs if dict(key)[""] != "sum.frag")
    other.release()


def test_the_place_of_the_weights_may_change_from_network_to_network(engine: FragmentEngine, gl: Any) -> None:
    scenes = [Scene(layers=5, width=width, tied=False) for width in (8, 30, 12, 31, 8)]
    questions = [asked(each, size=(13, 7)) for each in scenes]
    sizes = [len(pack(each.network).vectors) for each in questions]
    # The limit lies exactly at one of them: that one still fits.
    other = in_texture(FragmentEngine(gl), sizes[2])
    for each in questions:
        assert np.array_equal(engine.field(each).values, other.field(each).values)
    kinds = {"WEIGHTS_IN_TEXTURE" in dict(key) for key in other._programs}
    assert kinds == {True, False}
    other.release()


def test_weights_just_below_the_limit_stay_in_the_buffer(gl: Any) -> None:
    question = asked(Scene(layers=5, width=10, tied=False), size=(13, 7))
    size = len(pack(question.network).vectors)
    for limit, textured in ((size, False), (size - 1, True)):
        engine = in_texture(FragmentEngine(gl), limit)
        assert np.isfinite(engine.field(question).values).all()
        assert [textured] == ["WEIGHTS_IN_TEXTURE" in dict(key) for key in engine._programs]
        engine.release()


def test_a_packed_network_holds_each_weight_once_in_groups_of_four_units() -> None:
    network = draw(Scene(tied=False, layers=3, width=5))
    packed = pack(network)
    # Two groups x (bias + 2 inputs), two groups x (bias + 8 inputs), one group x (bias + 8 inputs).
    assert packed.begin == (0, 6, 24)
    assert packed.vectors.shape == (33, 4)
    W, b = network.weights[1], network.biases[1]
    assert packed.vectors[6].tolist() == b[:4].astype(np.float32).tolist()
    assert packed.vectors[6 + 1 + 3].tolist() == W[3, :4].astype(np.float32).tolist()
    assert packed.vectors[15].tolist() == [np.float32(b[4]), 0, 0, 0]
    assert packed.vectors[15 + 1 + 2].tolist() == [np.float32(W[2, 4]), 0, 0, 0]
    assert not packed.vectors[6 + 1 + 5 : 15].any()


def test_a_tied_network_is_packed_with_one_hidden_matrix() -> None:
    packed = pack(draw(Scene(layers=256, width=30)))
    assert len(set(packed.begin[1:-1])) == 1
    assert 4 * len(packed.vectors) < 2 * distinct_weights(draw(Scene(layers=256, width=30)))


@pytest.mark.parametrize("wanted", ANSWERS)
@pytest.mark.parametrize("activation", ["tanh", "cos", "relu"])
@pytest.mark.parametrize(("layers", "width"), [(1, 8), (2, 5), (3, 30), (9, 31), (27, 64)])
def test_a_layer_at_a_time_equals_all_layers_at_once(
    layers: int, width: int, activation: str, wanted: Answer, engine: FragmentEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asked(scene(layers, width, activation=activation, inputs="x,y,r"), "single", wanted)
    assert is_narrow(question.network)
    check(engine, question)
    monkeypatch.setattr(fragment, "is_narrow", lambda network: False)
    check(engine, question)
    files = {dict(key)[""] for key in engine._programs}
    assert files >= {"fused.frag", "layer.frag"} or (wanted == "pattern" and activation != "relu")


def test_a_draw_does_not_depend_on_the_state_that_others_left(engine: FragmentEngine, gl: Any) -> None:
    question = asked(Scene(layers=6), size=(33, 17))
    expected = engine.field(question).values.copy()
    gl.enable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
    gl.blend_func = moderngl.ONE, moderngl.ONE
    target = gl.simple_framebuffer((8, 8))
    target.use()
    gl.clear(1.0, 0.5, 0.25, 1.0)
    other = gl.texture((4, 4), 4, dtype="f1")
    for unit in range(9):
        other.use(unit)
    assert np.array_equal(expected, engine.field(question).values)
    gl.cull_face = "front_and_back"
    assert np.array_equal(expected, engine.field(question).values)
    for each in (target, other):
        each.release()
    gl.enable_only(moderngl.NOTHING)
    gl.blend_func, gl.cull_face = moderngl.DEFAULT_BLENDING, "back"
