"""Softmax over a picture that stays on the GPU: what goes into it stays, and the window's shader takes it.

It is for all outputs of a network together, up to four, shown as they are, in single precision; all others come back.
"""

from dataclasses import replace

import numpy as np

from weightscape.engine.question import TEXEL, Field, Question
from weightscape.network.network import OUTPUTS
from weightscape.network.softmax import SOFTMAX, softmax
from weightscape.scene.shading import Shading


def is_left_to_shading(question: Question, shading: Shading) -> bool:
    """Tell whether a window's shader may take a question's softmax; `shading` is that of the probabilities."""
    is_softmax = question.network.activations[-1] == SOFTMAX and question.taps == OUTPUTS
    are_few = question.precision == "single" and question.answer == "values" and question.channels <= TEXEL
    as_they_are = shading.curve == "identity" and not shading.is_relative and bool((shading.span == 1.0).all())
    return is_softmax and are_few and as_they_are and not (shading.zero.any() or shading.bias.any())


def left_to_shading(question: Question, shading: Shading) -> tuple[Question, Shading]:
    """Ask for what goes into the softmax, and say that the shader takes it; all else stays as it is."""
    if not is_left_to_shading(question, shading):
        return question, shading
    return replace(question, network=question.network.logits), replace(shading, curve="softmax")


def taken(field: Field) -> Field:
    """Take the softmax of an answer that came back after all."""
    return replace(field, data=softmax(field.data.astype(np.float64)).astype(field.data.dtype))
