"""Answers that stay on the GPU: which can, and how a window's context gets them."""

from collections.abc import Callable

import moderngl

from weightscape.engine.question import TEXEL, Engine, Held, Question
from weightscape.engine.shader.shader_answer import check, failing, placed
from weightscape.gpu.shelf import Shelf, folded
from weightscape.network.pattern import counted


def can_stay(question: Question, most: int = TEXEL) -> bool:
    """Tell whether an answer fits a texture: up to `most` floats a point, a layer's or a pattern's, of shaders'.

    softmax is no shader's: what is to go through it comes back.
    """
    if question.answer == "pattern":
        is_left = bool(counted(question.network))
    else:
        is_left = question.answer == "values" and len(question.taps) == 1
    is_single = not question.is_double and "softmax" not in question.network.activations
    return is_left and is_single and question.channels <= most


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
