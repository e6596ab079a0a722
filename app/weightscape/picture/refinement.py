"""From a scene to pixels, better and better: coarse, then fine, then by a better method, then smooth.

One generator for every picture: the window asks for all of this, a file for its fine pass and its samples alone.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from weightscape.deep.accuracy import Accuracy, Method
from weightscape.picture.exposure import Exposure, Laid, Order
from weightscape.picture.stride import SteadyStride, strides_from

# Foretelling a network that takes more operations a point would keep the next picture waiting: it is done at rest, or,
# where it takes seconds, not at all.
FORETOLD_WORK, FORETOLD_AT_REST = 1e7, 1e8
# Averages of so many samples are shown on the way: whole pictures are dear where OpenGL is software.
TOLD_SAMPLES = 4, 16, 64
# A picture that flows at this step looks fine: the display's rate is worth more than the next finer one.
FINE = 2


@dataclass(frozen=True)
class Truth:
    """Tell how far a picture is from the truth, computed by `method`."""

    method: Method
    accuracy: Accuracy


@dataclass(frozen=True)
class Pass:
    """Say that the whole picture has been gone over: every pixel has so many samples."""

    stride: int
    samples: int = 1


@dataclass(frozen=True)
class Again:
    """Say that so many points are gone over anew, by a better method."""

    points: int


Step = Laid | Pass | Again | Truth | None


def refined(exposures: Sequence[Exposure], order: Order, strides: Sequence[int] = (1,)) -> Iterator[Step]:
    """Refine pictures side by side; a Truth is told once it is known, None where it is unknown.

    `strides`: those of the passes, from coarse to fine. Raises engine.question.Cancelled soon after the evaluators'
    `cancelled()` turns true.
    """
    for exposure in exposures:
        yield from exposure.carry()
    for stride in strides:
        yield from _passed(exposures, stride, order)
    if not order.is_watched:
        yield from _smoothed(exposures, order)
        return
    rested = False
    for low, high in ((0.0, FORETOLD_WORK), (FORETOLD_WORK, FORETOLD_AT_REST)):
        asked = [exposure for exposure in exposures if low < exposure.cost <= high]
        better = [exposure for exposure in asked if exposure.foretell()]
        if asked:
            yield _worst(exposures)
        if better:
            yield Again(sum(exposure.points(1) for exposure in better))
            yield from _passed(better, 1, order)
        if better or not rested:
            yield from _told(better if rested else exposures)
            yield from _smoothed(exposures, order)
        rested = True


def strides_of(exposures: Sequence[Exposure], first_s: float) -> list[int]:
    """Tell the steps of all passes, the last of one pixel: the first takes about `first_s` seconds for all pictures."""
    return strides_from(_stride_within(exposures, first_s))


def flowing_stride(exposures: Sequence[Exposure], steady: SteadyStride, frame_s: float, first_s: float) -> int:
    """Choose the step of the one pass of a picture that flows: it takes `frame_s` seconds, as long as it looks fine.

    A slower processor has `first_s` seconds, as for any first picture: no picture gets coarser than in that time.
    """

    def fits(share: float) -> int:
        at_most = max(FINE, _stride_within(exposures, share * first_s))
        return min(_stride_within(exposures, share * frame_s), at_most)

    return steady.choose(fits, tuple((exposure.part.size, exposure.cost) for exposure in exposures))


def _stride_within(exposures: Sequence[Exposure], seconds: float) -> int:
    return max(exposure.first_stride(seconds / len(exposures)) for exposure in exposures)


def _passed(exposures: Sequence[Exposure], stride: int, order: Order) -> Iterator[Step]:
    for exposure in _nearest(exposures, order):
        yield from exposure.expose(stride, order)
    yield Pass(stride)


def _nearest(exposures: Sequence[Exposure], order: Order) -> list[Exposure]:
    """Sort pictures, those nearest to where somebody looks first."""

    def distance(exposure: Exposure) -> float:
        part = exposure.part
        if order.focus is None:
            return 0.0
        inside = [(order.focus[0] - part.left, part.size[0]), (order.focus[1] - part.top, part.size[1])]
        return math.hypot(*(max(-at, at - length, 0.0) for at, length in inside))

    return sorted(exposures, key=distance)


def _told(exposures: Sequence[Exposure]) -> Iterator[Step]:
    """Lay over fine pictures what would keep the next one waiting if it came before a pass is over."""
    for exposure in exposures:
        yield from exposure.told()


def _smoothed(exposures: Sequence[Exposure], order: Order) -> Iterator[Step]:
    """Take more samples of what they make smoother; charts are at rest as they are."""
    smooth = exposures
    for n in range(1, order.samples):
        smoothed = []
        for exposure in smooth:
            if (yield from exposure.take_sample(n, order)):
                smoothed.append(exposure)
        smooth = smoothed
        is_last = n + 1 == order.samples or not smooth
        if order.is_watched and (is_last or n + 1 in TOLD_SAMPLES):
            yield from (exposure.averaged() for exposure in smooth)
        if is_last:
            break
        if n + 1 in TOLD_SAMPLES:
            yield Pass(1, n + 1)
    if order.samples > 1:
        yield Pass(1, order.samples)


def _worst(exposures: Sequence[Exposure]) -> Truth | None:
    """Of two pictures tell the worse, and nothing where one is not foretold."""
    truths = [exposure.truth for exposure in exposures if exposure.cost]
    known = [Truth(*truth) for truth in truths if truth]
    if not known or len(known) < len(truths):
        return None
    return max(known, key=lambda truth: truth.accuracy.relative(truth.method))
