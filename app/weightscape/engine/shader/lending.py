"""Answers that stay on the GPU: which can, and how a window's context gets them."""

from collections.abc import Callable

import moderngl

from weightscape.engine.question import TEXEL, Engine, Held, Question
from weightscape.engine.shader.shader_answer import check, failing, placed
from weightscape.gpu.shelf import Shelf, folded


def can_stay(question: Question, most: int = TEXEL) -> bool:
    """Tell whether an answer fits a texture: up to `most` floats a point, of one layer, as shaders leave them.

    softmax is no shader's: what is to go through it comes back.
    """
    is_plain = question.answer == "values" and not question.is_double and len(question.taps) == 1
    return is_plain and question.channels <= most and "softmax" not in question.network.activations


def lent(
    engine: Engine,
    question: Question,
    shelf: Shelf | None,
    components: int,
    write: Callable[[moderngl.Texture], object],
) -> Held | None:
    """Have an engine `write` its answer to a texture of the shelf's, and lend that; None where it cannot stay.

    Raises what by_shaders() raises.
    """
    if shelf is None or not engine.holds(question):
        return None
    check(question, engine)
    grid, channels = question.grid, question.channels
    is_folded = channels > TEXEL
    size = folded(grid.points * channels) if is_folded else (grid.columns, grid.rows)
    with failing(engine.name):
        texture = shelf.take(size, 1 if is_folded else components)
        if texture is None:
            return None
        try:
            write(texture)
            loan = shelf.lend(texture, (grid.rows, grid.columns, channels))
        except BaseException:  # also where nobody wants it any longer
            shelf.put(texture)
            raise
    return Held(loan, *placed(question))
