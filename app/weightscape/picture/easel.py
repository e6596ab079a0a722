"""What the painter does with a picture that is made in one piece, a drawing or a split view's halves.

Coarse, then finer, in float32; then as true as a file, where foretelling that is not too dear; then smooth.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from weightscape.deep.accuracy import Accuracy, Method
from weightscape.deep.orbit import OrbitError
from weightscape.draw.plate import PAPER, Plate, text_width
from weightscape.engine.question import Cancelled, Engine
from weightscape.engine.question import work as flops
from weightscape.engine.tile import Pace
from weightscape.lens.catalogue import lens, wants
from weightscape.lens.lens import DrawnLens, Part
from weightscape.network.view import Size
from weightscape.picture.coarse import first_stride, strides_from
from weightscape.picture.drawing import Drawing, is_made_of_points, is_sampled, lined, part_of
from weightscape.picture.fault import sentence
from weightscape.picture.questions import PrecisionName, foretold, methods, network, question
from weightscape.picture.request import Painted, Request, Truth, drawn_size, placed
from weightscape.picture.reuse import Values
from weightscape.scene.scene import Scene

# From here inwards float32 is not worth a first picture.
QUICK_RADIUS = 1e-5
# Foretelling a network that takes more operations a point would keep the next picture waiting: it is done at rest, or,
# where it takes seconds, not at all.
FORETOLD_WORK, FORETOLD_AT_REST = 1e7, 1e8
# Averages of so many samples are shown on the way: whole pictures are dear where OpenGL is software.
TOLD_SAMPLES = 4, 16, 64
# The first picture of a drawing has a point for so many pixels a side at the most: however quick the engine, drawing
# takes its time.
DRAWN_STRIDE = 4
# Letters of what is told in place of a picture.
LETTERS = 16.0

Told = tuple[Painted, Truth | None]


def pictures(
    engine: Engine, request: Request, pace: Pace, budget: float, samples: int, cancelled: Callable[[], bool]
) -> Iterator[Told]:
    """Make a request's picture again and again, better each time, and with it tell how true it is, once that is known.

    The first is there within about `budget` seconds; the last one, with `samples`, is at rest. Raises Cancelled soon
    after `cancelled()` turns true.
    """
    parts = placed(request.scene, request.size, request.below)
    halves = _halves(parts, lambda part: _Half(engine, part, pace, cancelled))
    for stride in strides_from(max(half.first_stride(budget / len(halves)) for half in halves)):
        for half in halves:
            half.draw(stride)
        yield _told(request, halves, stride, 1)
    rested = False
    for low, high in ((0.0, FORETOLD_WORK), (FORETOLD_WORK, FORETOLD_AT_REST)):
        found = [half.foretell() for half in halves if low < half.cost <= high]
        if any(found):
            yield _told(request, halves, 1, 1)
        if found or not rested:
            yield from _smoothed(request, halves, samples)
        rested = True


def _smoothed(request: Request, halves: "list[_Half]", samples: int) -> Iterator[Told]:
    """Take more samples of what they make smoother; charts are at rest as they are."""
    for n in range(1, samples):
        added = [half.add(n) for half in halves]
        if not any(added):
            break
        if n + 1 in TOLD_SAMPLES and n + 1 < samples:
            yield _told(request, halves, 1, n + 1)
    yield _told(request, halves, 1, samples)


class _Half:
    """Hold one picture on its way: what it is drawn by, what is drawn, and how true that is."""

    def __init__(self, engine: Engine, part: Part, pace: Pace, cancelled: Callable[[], bool]) -> None:
        self.part, self._engine, self._pace, self._cancelled = part, engine, pace, cancelled
        self._method: Method = first_method(part.scene)
        # Held, so that two halves with large networks do not make them anew in turns.
        self._network = network(part.scene)
        try:
            self._ask = question(part.scene, part.size, self._method, can=methods(engine))
        except OrbitError:  # no reference: what is left is plain
            self._method = "single"
            self._ask = question(part.scene, part.size, self._method)
        self._precision: PrecisionName = self._method
        self.cost = flops(self._ask.network)
        self.has_wants = bool(wants(part.scene, self._network, part.size))
        self.truth: tuple[Method, Accuracy] | None = None
        self._drawing: Drawing | None = None

    def first_stride(self, budget: float) -> int:
        """Tell how coarse the first picture has to be, to be there within so many seconds."""
        scene, size, ask = self.part.scene, self.part.size, self._ask
        if not is_made_of_points(scene, size):
            return 1
        points = self._pace.points(self._engine.pick(ask), ask, budget)
        return max(first_stride(size, points, ask.grid.points), DRAWN_STRIDE * isinstance(lens(scene), DrawnLens))

    def draw(self, stride: int) -> None:
        """Draw it coarse, or fine; what is not made of points is drawn but once."""
        if self._drawing is None or is_made_of_points(self.part.scene, self.part.size):
            self._draw(stride)

    def foretell(self) -> bool:
        """Foretell how true it is, and draw it anew, fine, where its method is not enough; tell whether it was not."""
        self._check()
        scene, size = self.part.scene, self.part.size
        if not self.has_wants:
            return False
        better, accuracy = question(scene, size, "auto", can=methods(self._engine)).method, foretold(scene, size)
        enough = better in ("single", self._method)
        self._method = self._method if enough else better
        self.truth = (self._method, accuracy) if accuracy else None
        if not enough:
            self._precision = "auto"  # each of the things that it wants has its own
            self._draw(1)
        return not enough

    def add(self, n: int) -> bool:
        """Take sample `n`, where it has not been taken and makes the picture smoother; tell whether it does."""
        self._check()
        smooths = is_sampled(self.part.scene)
        if smooths and self._drawing and self._drawing.samples <= n:
            self._drawing.add()
        return smooths

    def pixels(self) -> Values:
        """Give what is drawn."""
        assert self._drawing
        return self._drawing.pixels()

    def _draw(self, stride: int) -> None:
        self._check()
        scene, size = self.part.scene, self.part.size
        self._drawing = None  # its fields are large: two drawings of them would stand side by side
        self._drawing = Drawing(
            self._engine, scene, size, self._precision, stride, self._pace, cancelled=self._cancelled
        )

    def _check(self) -> None:
        if self._cancelled():
            raise Cancelled


class _Refused(_Half):
    """Hold, in place of a half that cannot be shown, why not."""

    cost, has_wants, truth = 0.0, False, None

    def __init__(self, part: Part, reason: str) -> None:
        self.part, self._reason = part, reason

    def first_stride(self, budget: float) -> int:
        return 1

    def draw(self, stride: int) -> None:
        pass

    def foretell(self) -> bool:
        return False

    def add(self, n: int) -> bool:
        return False

    def pixels(self) -> Values:
        return written(self.part.size, self._reason)


def _halves(parts: Sequence[Part], made: Callable[[Part], _Half]) -> list[_Half]:
    """Make the halves; one that cannot be shown is refused alone, and the picture as a whole only with both."""
    halves: list[_Half] = []
    faults: list[Exception] = []
    for part in parts:
        try:
            halves.append(made(part))
        except Cancelled:
            raise
        except Exception as error:  # whatever it is, the other half can be shown
            halves.append(_Refused(part, sentence(error)))
            faults.append(error)
    if len(faults) == len(parts):
        raise faults[0]
    return halves


def _told(request: Request, halves: list[_Half], stride: int, samples: int) -> Told:
    """Set the halves together; of two the badge tells the worse, and nothing where one is not foretold."""
    (width, height), inside = request.size, drawn_size(request.scene, request.size, request.below)
    canvas = np.concatenate([lined(inside), np.full((height - inside[1], width, 3), PAPER, np.float32)])
    for half in halves:
        part_of(canvas, half.part)[...] = half.pixels()
    truths = [half.truth for half in halves if half.has_wants]
    known = [truth for truth in truths if truth]
    worst = max(known, key=lambda known: known[1].relative(known[0])) if known and len(known) == len(truths) else None
    truth = Truth(request.number, *worst) if worst else None
    return Painted(request, canvas, (0, 0), 1, 1.0 / stride**2, request.size, samples), truth


def written(size: Size, reason: str) -> Values:
    """Write, in place of a picture that cannot be, why not."""
    width, height = size
    letters = min(LETTERS, max(height / 4.0, 1.0))
    letter = text_width(reason, letters) / max(len(reason), 1)
    lines = textwrap.wrap(reason, max(int(0.8 * width / max(letter, 1e-3)), 1))
    plate = Plate(size)
    for n, line in enumerate(lines):
        plate.text(width / 2.0, height / 2.0 + 1.5 * letters * (n - (len(lines) - 1) / 2.0), line, letters, anchor="mm")
    return plate.pixels()


def first_method(scene: Scene) -> Method:
    """Choose what computes a first picture, before anything is foretold."""
    return "single" if scene.levels == "plain" and scene.radius >= QUICK_RADIUS else "perturbed"
