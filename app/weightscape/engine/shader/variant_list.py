"""Which shaders, with which defines, answer a question: what a driver would be handed. No OpenGL in here."""

from collections.abc import Mapping

from weightscape.engine.question import Question
from weightscape.engine.shader.compute_dispatch import FUSED, LAYERED, WALK, Dispatches, tiles_for
from weightscape.engine.shader.fragment_draw import Draws
from weightscape.engine.shader.fragment_shape import is_narrow
from weightscape.engine.shader.shader_answer import cut
from weightscape.engine.shader.workgroup import GPU, SOFTWARE, fused_for, padded_shapes, walk_shapes
from weightscape.engine.softmax import of_logits
from weightscape.network.pattern import counted

# A shader's file, and its defines.
Variant = tuple[str, Mapping[str, str | int]]


def variants(question: Question, is_software: bool = False) -> list[Variant]:
    """List what both engines compile for a question, each once, in the order of the first use.

    `is_software`: for a software driver. On a GPU the shapes of workgroups are those that are tried first, and weights
    are thought to fit a buffer texture.
    """
    if question.answer == "pattern" and not counted(question.network):
        return []  # all of the plane is one piece
    question = of_logits(question)
    floats = [] if question.is_double else _drawn(question, is_software)
    found: list[Variant] = []
    for each in [*floats, *_dispatched(question, is_software)]:
        if each not in found:
            found.append(each)
    return found


def _drawn(question: Question, is_software: bool) -> list[Variant]:
    asked, _, is_fused = cut(question, is_narrow)
    draws = Draws(asked, (0,) * asked.network.layers, {}, is_fused, is_software)
    return [(each.shader, each.defines) for each in draws.listed()]


def _dispatched(question: Question, is_software: bool) -> list[Variant]:
    tiles = tiles_for(SOFTWARE if is_software else GPU, question)
    asked, _, is_fused = cut(question, lambda network: fused_for(tiles, network))
    way = FUSED if is_fused else LAYERED if asked.answer == "values" and len(question.taps) == 1 else WALK
    shapes = (walk_shapes if way == WALK else padded_shapes)(tiles, asked.network)
    dispatches = Dispatches(tiles, asked, (0,) * asked.network.layers, shapes, way)
    return [(each.shader, each.defines) for each in dispatches.listed(1)]
