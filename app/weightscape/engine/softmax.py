"""Softmax as a last layer, for all engines alike: they answer with pre-activations, and here it is applied to those.

A unit's probability needs all of the layer's pre-activations, so that all are asked for, whichever are tapped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from weightscape.engine.question import Field, Question, Values
from weightscape.network.network import Matrix, Network, Tap
from weightscape.network.softmax import SOFTMAX, difference, slope, softmax


def through_softmax(question: Question, answer: Callable[[Question], Field]) -> Field:
    """Answer a question with `answer`, which knows no softmax."""
    if question.network.activations[-1] != SOFTMAX:
        return answer(question)
    asked = of_logits(question)
    field = answer(asked)
    return field if question.answer == "pattern" else _applied(question, asked, field)


def reference(question: Question) -> Matrix:
    """Tell the tapped values at the centre of a question with a plan: float64, one a channel."""
    plan = question.perturbation
    assert plan
    if question.network.activations[-1] != SOFTMAX:
        return plan.offset(question.taps)
    return _offset(question, plan.offset(of_logits(question).taps))


def _is_softmax(network: Network, tap: Tap) -> bool:
    return tap.layer in (-1, network.layers - 1) and not tap.before


def is_taken(question: Question) -> bool:
    """Tell whether some of a question's values go through a softmax."""
    is_there = question.network.activations[-1] == SOFTMAX and question.answer != "pattern"
    return is_there and any(_is_softmax(question.network, tap) for tap in question.taps)


def without_softmax(question: Question) -> Question:
    """Leave out a softmax that no value goes through; one that is taken stays."""
    return question if is_taken(question) else replace(question, network=question.network.logits)


def of_logits(question: Question) -> Question:
    """Ask for all pre-activations of a last layer whose softmax is tapped, and for the other taps as they are."""
    network = question.network
    if network.activations[-1] != SOFTMAX:
        return question
    taps = tuple(replace(tap, units=None) if _is_softmax(network, tap) else tap for tap in question.taps)
    return replace(question, network=network.logits, taps=taps)


@dataclass(frozen=True)
class _Part:
    """Place one tap's channels: `source` among the pre-activations' values, `target` in the field.

    `units`: which of them are wanted where they go through softmax; None where they stay as they are.
    """

    source: slice
    target: slice
    units: list[int] | None


def _parts(question: Question) -> Iterator[_Part]:
    network, source, target = question.network, 0, 0
    for tap in question.taps:
        width = network.widths[1:][tap.layer]
        wanted = list(range(width)) if tap.units is None else list(tap.units)
        is_softmax = _is_softmax(network, tap)
        read = width if is_softmax else len(wanted)
        yield _Part(slice(source, source + read), slice(target, target + len(wanted)), wanted if is_softmax else None)
        source, target = source + read, target + len(wanted)


def _offset(question: Question, logits: Matrix) -> Matrix:
    parts = list(_parts(question))
    return np.concatenate(
        [logits[part.source] if part.units is None else softmax(logits[part.source])[part.units] for part in parts]
    )


def _applied(question: Question, asked: Question, field: Field) -> Field:
    """Make the field of a question from that of its pre-activations, in the same units, a row after the other."""
    parts, lanes = list(_parts(question)), 3 if question.answer == "derivatives" else 1
    read, made = asked.channels // lanes, question.channels // lanes
    data = np.empty((*field.data.shape[:2], question.channels), field.data.dtype)
    scale = np.empty(question.channels)
    for part in parts:
        for row, logits in zip(data, field.data, strict=True):
            for lane, values in enumerate(_lanes(question, field, part, logits, read)):
                row[:, part.target.start + lane * made : part.target.stop + lane * made] = values
        for lane in range(lanes):
            of_part = field.scale[part.source.start + lane * read : part.source.stop + lane * read]
            wanted = of_part if part.units is None else of_part[part.units]
            scale[part.target.start + lane * made : part.target.stop + lane * made] = wanted
    offset = np.zeros(question.channels)
    if question.perturbation:
        offset[:made] = _offset(question, field.offset[:read])
    return Field(data, offset, scale)


def _lanes(question: Question, field: Field, part: _Part, logits: Values, read: int) -> Iterator[Values]:
    """Yield a tap's values along a row, then, where they are wanted, their derivatives: (points, units) each."""
    firsts = range(0, logits.shape[1], read)
    lanes = [logits[:, part.source.start + first : part.source.stop + first] for first in firsts]
    if part.units is None:
        yield from lanes
        return
    values = lanes[0].astype(np.float64)
    if question.perturbation:
        z, scale = field.offset[part.source], float(field.scale[part.source.start])
        yield difference(z, values, scale)[:, part.units]
        p = softmax(z + scale * values) if lanes[1:] else values
    else:
        p = softmax(values)
        yield p[:, part.units]
    for tangents in lanes[1:]:
        yield slope(p, tangents.astype(np.float64))[:, part.units]
