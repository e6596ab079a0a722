"""Shaders for shadertoy.com: drawn under its prologue in OpenGL ES's dialect, they are our pictures."""

import os
import random
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy import drawn

from weightscape import Scene, render
from weightscape.cli.cli import run
from weightscape.file.npz import write_weights
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.view import pan, zoom
from weightscape.publish.shadertoy import MAX_TABLE, MAX_WORK, is_drawn, shadertoy
from weightscape.scene.palette import PALETTES, READINGS
from weightscape.scene.scene_error import SceneError

SIZE = (96, 54)
DEEP = {"layers": 60, "scale": 0.45, "tied": False, "width": 12}

# Networks whose weights the shader draws.
DRAWN: list[dict[str, Any]] = [
    {"tied": False, **each}
    for each in (
        {"seed": 2**63 + 7, "layers": 4, "width": 9},
        {"layers": 1},
        {"layers": 2, "width": 5, "outputs": 1},
        {"layers": 40, "width": 8, "scale": 1.6},
        {"layers": 5, "width": 24, "rule": "he", "bias_scale": 0.5, "activation": "sin", "center": ("1", "-2")},
        {"layers": 3, "width": 30, "activation": "gelu", "rule": "lecun"},
        {"layers": 3, "width": 6, "activation": "cos", "rule": "glorot", "scale": 1.5},
    )
]


def scenes() -> dict[str, Scene]:
    """Give the default scene, each kind that is told of, and twenty random ones."""
    found = {
        "default": Scene(),
        "independent": Scene(seed=2, tied=False, layers=5),
        "normal": Scene(seed=3, shape="normal", layers=6),
        "relu": Scene(seed=4, activation="relu", rule="he", layers=5, output_activation="identity", levels="auto"),
        "sin": Scene(seed=5, activation="sin", layers=4, rule="lecun"),
        "gelu": Scene(seed=6, activation="gelu", layers=7, rule="lecun", scale=2.0, quantise="floor"),
        "wide": Scene(seed=7, width=64, layers=10, rule="glorot"),
        "deep": Scene(seed=8, **DEEP),
        "orthogonal": Scene(seed=9, rule="orthogonal", layers=8, width=20),
        "morph": Scene(seed=9, to_seed=10, part=0.3, layers=4),
        "inputs": Scene(seed=9, inputs="x,y,r,cos_t,sin_t,0.5", time=-7.3, layers=5, center=("0.3", "-1")),
        "one layer": Scene(layers=1),
        "turned": Scene(seed=11, layers=6, angle=30, center=("0.3", "-1"), radius=0.5),
        "unit": Scene(seed=10, lens="unit", layer=3, unit=4, before=True),
        "rgb": Scene(seed=10, lens="rgb", layer=3, units=(7, 0, 29)),
        "cut": Scene(seed=10, lens="cut", layer=3),
    }
    found |= {f"drawn {n}": Scene(**each) for n, each in enumerate(DRAWN)}
    found |= {name: Scene(seed=5, layers=4, outputs=1, palette=name) for name in PALETTES}
    found |= {name: Scene(seed=5, layers=4, reading=name, gamma=1.5) for name in READINGS}
    found["own"] = Scene(seed=5, layers=4, outputs=1, stops="#201040@0.1 #f0e0a0@0.6 #ff4000@0.6", cycle=2.0, time=0.1)
    found["turned"] = Scene(seed=5, layers=4, invert=True, cycle=0.5, time=0.3, lens="unit", layer=2)
    chance = random.Random(17)
    for n in range(20):
        found[f"random {n}"] = Scene(
            seed=chance.randrange(2**64),
            layers=chance.randint(1, 8),
            width=chance.randint(1, 40),
            tied=chance.random() < 0.5,
            activation=chance.choice([*ACTIVATIONS]),
            output_activation=chance.choice(["sigmoid", "tanh", "sin", "gaussian"]),
            rule=chance.choice(["lecun", "glorot", "he"]),
            shape=chance.choice(["uniform", "normal"]),
            outputs=chance.choice([1, 3]),
            inputs=chance.choice(["x,y", "x,y,r", "r,x", "y,1,x"]),
            center=(Decimal(chance.uniform(-2, 2)), Decimal(chance.uniform(-2, 2))),
            radius=10.0 ** chance.uniform(-3, 1),
            angle=chance.uniform(-180, 180),
        )
    return found


def is_ours(pixels: Any, scene: Scene) -> None:
    """Fail unless all but a few pixels are within 2 of those of the program."""
    ours = render(scene, size=SIZE, engine="numpy", precision="double")
    apart = np.abs(pixels.astype(int) - ours).max(axis=-1)
    assert (apart <= 2).mean() >= 0.995, np.bincount(apart.ravel())


@pytest.mark.spread(3)
@pytest.mark.parametrize("name", scenes())
def test_a_shader_draws_our_picture(name: str, gl: Any) -> None:
    scene = scenes()[name]
    is_ours(drawn(gl, shadertoy(scene), SIZE), scene)


@pytest.fixture
def weights(tmp_path: Path) -> Scene:
    """Give a scene of loaded weights: of several widths and activations, more outputs than colours, and a softmax."""
    chance = np.random.default_rng(3)
    widths = (2, 7, 12, 12, 5)
    shapes = list(pairwise(widths))
    matrices = [chance.normal(0.0, 0.8, shape) for shape in shapes]
    biases = [chance.normal(0.0, 0.3, n_out) for _, n_out in shapes]
    write_weights(str(tmp_path / "own.npz"), matrices, biases, ["tanh", "sin", "relu", "softmax"])
    return Scene(weights=str(tmp_path / "own.npz"))


def test_loaded_weights_are_drawn(weights: Scene, gl: Any) -> None:
    text = shadertoy(weights, os.path.join(os.path.dirname(weights.weights), "net.glsl"))
    is_ours(drawn(gl, text, SIZE), weights)
    assert '"weights": "own.npz"' in text
    assert str(Path(weights.weights).parent) not in text


def test_a_plane_through_many_inputs_is_drawn(tmp_path: Path, gl: Any) -> None:
    chance = np.random.default_rng(3)
    matrices, biases = [chance.normal(size=(9, 6)), chance.normal(size=(6, 4))], [np.zeros(6), np.ones(4)]
    write_weights(str(tmp_path / "own.npz"), matrices, biases, ["tanh", "sigmoid"])
    origin, u, v = (tuple(chance.normal(size=9)) for _ in range(3))
    scene = Scene(weights=str(tmp_path / "own.npz"), origin=origin, u=u, v=v)
    is_ours(drawn(gl, shadertoy(scene), SIZE), scene)


def test_a_drag_pans_and_zooms(gl: Any) -> None:
    scene = Scene(layers=4, angle=20.0)
    text = shadertoy(scene)
    moved = scene.looking(pan(scene.view, SIZE, 20.0, 0.0))
    is_ours(drawn(gl, text, SIZE, mouse=(50.0, 20.0, 30.0, 20.0)), moved)
    is_ours(drawn(gl, text, SIZE, mouse=(50.0, 20.0, -30.0, -20.0)), moved)  # the button is up
    # 13.5 pixels are half of half the height.
    nearer = zoom(pan(scene.view, SIZE, 0.0, -13.5), SIZE, (30.0, 54.0 - 33.5), 2.0**-2.5)
    is_ours(drawn(gl, text, SIZE, mouse=(30.0, 33.5, 30.0, 20.0)), scene.looking(nearer))


def test_time_passes_where_there_is_time(gl: Any) -> None:
    scene = Scene(layers=4, inputs="x,y,cos_t,sin_t", time=0.1)
    is_ours(drawn(gl, shadertoy(scene), SIZE, time=3.0), Scene(layers=4, inputs="x,y,cos_t,sin_t", time=0.35))
    assert "iTime" not in shadertoy(Scene())


@pytest.mark.parametrize("fields", [{}, {"reading": "oklch"}, {"outputs": 1, "palette": "thermal"}])
def test_colours_cycle_with_time(fields: dict[str, Any], gl: Any) -> None:
    scene = Scene(layers=4, cycle=2.0, time=0.1, **fields)
    is_ours(drawn(gl, shadertoy(scene), SIZE, time=3.0), replace(scene, time=0.35))


def test_weights_are_the_bits_of_float32() -> None:
    from weightscape.scene.recipe import draw

    scene = Scene(seed=3, layers=4, width=9, tied=False, shape="normal")
    bits = {int(each, 16) for each in re.findall(r"0x[0-9a-f]{1,8}(?=u[,)])", shadertoy(scene))}
    wanted = {int(n) for W in draw(scene).weights for n in np.float32(W).view(np.uint32).ravel()}
    assert len(wanted) > 200
    assert wanted <= bits


def test_the_text_does_not_grow_with_a_tied_networks_depth() -> None:
    sizes = [len(shadertoy(Scene(layers=layers, scale=0.4))) for layers in (5, 105)]
    assert sizes[1] - sizes[0] < 100 * 20


@pytest.mark.parametrize("fields", DRAWN)
def test_drawn_weights_take_less_than_six_kilobytes(fields: dict[str, Any]) -> None:
    text = shadertoy(Scene(**fields))
    assert "vec4 drawn(uvec4 c)" in text
    assert "NUMBERS" not in text
    colours = sum(len(line) for line in text.splitlines() if line.startswith("0x"))
    assert len(text) - colours < 6000


@pytest.mark.parametrize(
    "fields",
    [
        {"tied": True},
        {"shape": "normal"},
        {"rule": "orthogonal"},
        {"inputs": "y,x"},
        {"to_seed": 3},
        {"center": ("1000", "0")},
        {"lens": "unit"},
        {"layers": 60},
    ],
)
def test_what_is_not_drawn_is_written(fields: dict[str, Any]) -> None:
    scene = Scene(**{"tied": False, "layers": 4, "width": 8} | fields)
    assert is_drawn(Scene(tied=False, layers=4, width=8))
    assert not is_drawn(scene)
    assert "uvec4 NUMBERS[" in shadertoy(scene)


def test_the_text_has_only_what_is_needed_and_says_how_it_was_made() -> None:
    assert "weightscape export --scene 'weightscape:#" in shadertoy(Scene())
    assert "-o - --format glsl\n" in shadertoy(Scene())
    text = shadertoy(Scene(seed=71, layers=4), "some folder/seven's.glsl")
    assert text.isascii()
    assert all(line.startswith("//") for line in text.splitlines()[:4])
    assert "seed 71" in text.splitlines()[0]
    assert "weightscape export --scene 'weightscape:#" in text
    assert "some folder" not in text
    assert not re.search(r"^#|\bgelu|\bEXACT|\breal", text, re.M)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lens": "atlas"}, "lens: a shader cannot show atlas; it shows outputs, cut, rgb, unit"),
        ({"lens": "stretch"}, "lens: a shader cannot show stretch"),
        ({"lens": "role", "layer": 2}, "lens: a shader cannot show role"),
        ({"beside": '{"seed": 4}'}, "beside: a shader shows one scene, not a split view"),
        ({"axes": True}, "axes: a shader lays no axes over its picture: render does"),
        ({"width": 260}, f"width: 68,900 distinct weights are too many for a shader, the limit is {MAX_TABLE:,}"),
        (
            {"width": 100, "layers": 60},
            f"layers: 580,500 weights a point are too many for a shader, the limit is {MAX_WORK:,}",
        ),
        ({"seed": 8, "layers": 60}, "layers: a shader has single precision, which holds about 2 digits"),
        ({"radius": 1e-12, "levels": "auto"}, "radius: a shader has single precision, which holds about 0 digits"),
    ],
)
def test_what_no_shader_can_show_is_told_in_a_line(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(SceneError) as error:
        shadertoy(Scene(**fields))
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.glsl"
    assert run(["export", "--seed", "5", "--layers", "3", "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    assert file.read_text() == shadertoy(Scene(seed=5, layers=3), "net.glsl")
    assert run(["export", "--lens", "atlas", "-o", str(tmp_path / "other.glsl")]) == 2
    assert capsys.readouterr().err.startswith("weightscape: --lens: a shader cannot show atlas")
    assert not (tmp_path / "other.glsl").exists()
