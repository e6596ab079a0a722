"""Every uniform that a shader declares is set by that very name, in whatever variant it is used."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from weightscape.engine.question import Engine, Question
from weightscape.engine.shader import compute, fragment
from weightscape.engine.shader import shader_answer as perturbed
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.gpu.shelf import Shelf
from weightscape.gpu.source import uniforms
from weightscape.network.network import Tap
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

FRAGMENT = tuple(name for name in perturbed.SHADERS if name.endswith(".frag"))
COMPUTE = tuple(name for name in perturbed.SHADERS if name.endswith(".comp"))


def questions() -> Iterator[Question]:
    """Ask for every answer by both ways through the layers, plain and perturbed, of points with a radius and without.

    Doubles are left out: they are other types in the same declarations.
    """
    for width, precision in ((9, "single"), (9, "perturbed"), (130, "single")):
        scene = Scene(layers=3, width=width, scale=0.1, activation="relu", inputs="x,y,r" if width == 9 else "x,y")
        asked = question(scene, (4, 4), precision)
        yield asked
        yield replace(asked, answer="derivatives")
        if precision == "single":
            yield replace(asked, answer="pattern")
    yield replace(asked, taps=(Tap(0), Tap(1, before=True)))


@pytest.mark.parametrize(("make", "files"), [(FragmentEngine, FRAGMENT), (ComputeEngine, COMPUTE)])
def test_what_is_set_is_what_is_declared(
    make: Any, files: tuple[str, ...], gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: set[str] = set()
    used: set[str] = set()

    def noted(shader: Any, question: Question, places: Any) -> None:
        given.update(places, ("u_first", "u_stride", "u_shrink", *(["u_radial"] if question.radial else [])))
        used.update(shader)
        perturbed.set_uniforms(shader, question, places)

    for module in (fragment, compute):
        monkeypatch.setattr(module, "set_uniforms", noted)
    engine: Engine = make(gl, shelf=Shelf(gl))
    for asked in questions():
        if asked.method in engine.methods:
            engine.field(asked)
            engine.held(asked)
    engine.release()
    declared = set().union(*map(uniforms, files))
    # Nothing is given under a name that no shader has, and nothing declared is left alone in all variants.
    assert given <= set().union(*map(uniforms, perturbed.SHADERS))
    assert declared - given <= perturbed.ELSEWHERE | (ONE_ROW if files is FRAGMENT else set())
    assert declared >= {name for name in used if name.startswith("u_")}


# Textures have their steps in rows of their own; only buffers are told a row's length.
ONE_ROW = {"u_step_row"}


def test_a_misspelt_uniform_is_an_error(gl: Any) -> None:
    engine, asked = FragmentEngine(gl), question(Scene(layers=3, width=8), (4, 4))
    engine.field(asked)
    shader = next(iter(engine._programs.values()))[0]
    right = {"u_layers": 3, "u_hidden": 0, "u_hidden_stride": 0, "u_output": 0}
    perturbed.set_uniforms(shader, asked, right)
    with pytest.raises(KeyError, match="no shader declares u_layerz"):
        perturbed.set_uniforms(shader, asked, right | {"u_layerz": 3})
    with pytest.raises(KeyError, match="nothing sets u_layers"):
        perturbed.set_uniforms(shader, asked, {name: right[name] for name in right if name != "u_layers"})
    engine.release()


def test_uniforms_of_a_shader_are_read_with_those_of_its_includes() -> None:
    assert {"u_layers", "u_first", "u_shrink", "u_steps"} <= uniforms("fused.frag")
    assert "u_tile" in uniforms("layer.comp")
    assert all("u_" in name for file in perturbed.SHADERS for name in uniforms(file))
