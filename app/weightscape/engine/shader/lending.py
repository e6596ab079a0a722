"""Answers that stay on the GPU: which can, and how a window's context gets them."""

from collections.abc import Callable

import moderngl

from weightscape.engine.question import TEXEL, Engine, Held, Question
from weightscape.engine.shader.shader_answer import check, failing, placed
from weightscape.engine.softmax import is_taken
from weightscape.engine.tile import LARGEST_NUMBERS
from weightscape.gpu.shelf import Shelf, folded
from weightscape.network.pattern import counted

# So many channels may stay on the GPU: one largest tile of them has no more numbers than one of four. Of more as many
# points as are no more numbers, without what a walk through the layers pads them with.
MOST_CHANNELS, MOST_NUMBERS = 16, LARGEST_NUMBERS


def can_stay(question: Question) -> bool:
    """Tell whether an answer fits a texture: floats, as shaders leave them.

    softmax is none of the engines' shaders': what is to go through it comes back.
    """
    if question.is_double or is_taken(question):
        return False
    if question.answer == "pattern":
        return bool(counted(question.network))
    if question.answer != "values":
        return False
    are_few = question.channels * question.grid.points <= MOST_NUMBERS
    if is_walk(question):
        return are_few and question.channels > TEXEL and _is_in_order(question)
    return are_few or question.channels <= MOST_CHANNELS


def is_walk(question: Question) -> bool:
    """Tell whether several layers are tapped: what stays of them lies channel after channel."""
    return len(question.taps) > 1


def _is_in_order(question: Question) -> bool:
    """Tell whether the channels are in the order that a walk through the layers finds them in."""
    layers = [tap.layer % question.network.layers for tap in question.taps]
    runs = (tap.units for tap in question.taps if tap.units is not None)
    is_run = all(units == tuple(range(units[0], units[0] + len(units))) for units in runs if units)
    return layers == sorted(set(layers)) and is_run


def lent(
    engine: Engine,
    question: Question,
    shelf: Shelf | None,
    components: int,
    write: Callable[[moderngl.Texture], object],
    column: int = 0,
) -> Held | None:
    """Have an engine `write` its answer to a texture of the shelf's, and lend that; None where it cannot stay.

    `column`: of a walk's answer, as a Loan has it. Raises what by_shaders() raises.
    """
    if shelf is None or not engine.holds(question):
        return None
    check(question, engine)
    grid, channels = question.grid, question.channels
    is_folded = channels > TEXEL
    size = folded((column or grid.points) * channels) if is_folded else (grid.columns, grid.rows)
    with failing(engine.name):
        texture = shelf.take(size, 1 if is_folded else components)
        if texture is None:
            return None
        try:
            write(texture)
            loan = shelf.lend(texture, (grid.rows, grid.columns, channels), column)
        except BaseException:  # also where nobody wants it any longer
            shelf.put(texture)
            raise
    return Held(loan, *placed(question))
