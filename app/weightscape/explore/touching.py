"""One weight under the hand: which is held by the wheel, swings, is marked or is pointed at. Time is handed in."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from weightscape.explore.keep.history import History, Step
from weightscape.explore.task.finding import Findings
from weightscape.lens.lens import Part
from weightscape.lens.split import other, picked
from weightscape.lens.weights_cell import Ground, Weight, ground
from weightscape.network.edit import LARGEST, edits_of, name_of, written_edits
from weightscape.network.view import Point2
from weightscape.picture.network_memory import network
from weightscape.scene.breed import network_of
from weightscape.scene.scene import Scene

# A step of the wheel, and a fine one, in standard deviations of the layer's weights.
STEP, FINE_STEP = 0.1, 0.01
# So many of them a weight swings to both sides of what it was, and so long it takes for both; longer where motion is
# reduced.
REACH, PERIOD_S, REDUCED_S = 2.5, 5.0, 15.0
# Values are rounded to so much of a standard deviation, for short texts.
GRAIN = 1e-4
# Of a step: so near to what a weight was it is that.
ALIKE = 1e-3
LENS = "weights"


@dataclass(frozen=True)
class Touched:
    """Name a weight that is seen in a scene, or, `is_other`, in the half of a split view that differs."""

    weight: Weight
    is_other: bool = False

    def half(self, scene: Scene) -> Scene:
        """Tell the scene, or the half, that the weight is of."""
        return other(scene) if self.is_other and scene.beside else replace(scene, beside="")

    def value(self, scene: Scene) -> float:
        """Tell what the weight is in a scene."""
        return self.weight.value(edits_of(self.half(scene).edits))

    def set_to(self, scene: Scene, value: float) -> Scene:
        """Make the scene in which it has another value. Raises ValueError for one weight too many."""
        half = self.half(scene)
        new = replace(half, edits=written_edits(self.weight.set_to(edits_of(half.edits), value)))
        return picked(scene, new, self.is_other) if scene.beside else new

    def stepped(self, scene: Scene, steps: float) -> float:
        """Tell what it is so many standard deviations on; on the way through it stops at what it was at first."""
        old, original = self.value(scene), self.weight.original
        new, near = old + steps * self.weight.deviation, abs(steps) * self.weight.deviation * ALIKE
        passes = old != original and (old - original) * (new - original) <= 0.0
        return original if passes or abs(new - original) <= near else self.rounded(new)

    def rounded(self, value: float) -> float:
        """Round a value to what can be seen of it, within what a weight may be."""
        places = max(0, math.ceil(-math.log10(GRAIN * self.weight.deviation)))
        return min(max(round(value, places), -LARGEST), LARGEST)

    def told(self, scene: Scene) -> str:
        """Say which weight it is, what it is, and what it was."""
        weight, value = self.weight, self.value(scene)
        was = f" (was {weight.original:.4g})" if value != weight.original else ""
        shared = f", the same in layers {weight.cell.layer} to {weight.last}" if weight.last > weight.cell.layer else ""
        return f"weight {name_of(weight.cell)}: {value:.4g}{was}{shared}"


class Touching:
    """Hold what is done to single weights. `wake` is called when it is known where they are seen."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.grounds = Findings(wake, most=2)
        self.held: Touched | None = None
        self.marked: Touched | None = None
        self.pointed: Touched | None = None
        self.at: Point2 | None = None  # where the pointer was when the wheel took hold
        self.gesture = ""  # under which all values of a run of the wheel, or of a swing, are one step
        self.is_swinging = False
        self.waiting: list[tuple[int, Callable[[], None]]] = []  # deeds so far, and what is to be done
        self._reach, self._phase, self._period_s = 0.0, 0.0, PERIOD_S
        self._seen: Scene | None = None
        self._left: tuple[tuple[Step, ...], int] = (), 0
        self._count = 0

    def ground(self, part: Part) -> Ground | None:
        """Tell where a picture's weights are; None until that is known, and of another lens."""
        if part.scene.lens != LENS:
            return None
        scene = replace(network_of(part.scene), silenced="", lens=LENS, layer=part.scene.layer, unit=part.scene.unit)
        bare = replace(scene, edits="")
        edited = frozenset(cell.layer for cell in edits_of(scene.edits))  # layers that stay where not all have room
        key = "weights", bare, edited, part.size
        return self.grounds.find(key, lambda: ground(scene, network(bare), part.size))

    def found(self, part: Part, point: Point2) -> Touched | None:
        """Tell the weight under a point of a picture, as far as that is known."""
        known = self.ground(part)
        weight = known.weight(point) if known else None
        return Touched(weight, part.is_other) if weight else None

    def hold(self, touched: Touched, at: Point2 | None) -> None:
        """Take hold of a weight: what is done to it from now on is one step."""
        self.held, self.at, self._count = touched, at, self._count + 1
        self.gesture = f"weight {self._count}"

    def let_go(self) -> None:
        """Hold none; what swings stands still."""
        self.held, self.at, self.is_swinging = None, None, False

    def swing(self, touched: Touched, scene: Scene, history: History, is_reduced: bool) -> None:
        """Begin to and fro, at the value that a weight has and through the one that it was at first."""
        self.hold(touched, None)
        away = touched.value(scene) - touched.weight.original
        self._reach = max(REACH * touched.weight.deviation, abs(away))
        self._phase, self._period_s = math.asin(away / self._reach), REDUCED_S if is_reduced else PERIOD_S
        self._left, self.is_swinging = (tuple(history.steps), history.place), True

    def advance(self, scene: Scene, step_s: float) -> Scene:
        """Swing on for so many seconds; return the scene then."""
        assert self.held
        self._phase = (self._phase + math.tau * step_s / self._period_s) % math.tau
        value = self.held.rounded(self.held.weight.original + self._reach * math.sin(self._phase))
        return self.show(self.held.set_to(scene, value))

    def show(self, scene: Scene) -> Scene:
        """Take in which scene will be seen next of what is done to a weight."""
        self._seen = scene
        return scene

    def meet(self, scene: Scene) -> None:
        """Take in what is seen now: another deed has ended what this is no scene of."""
        if scene != self._seen:
            self.let_go()

    def left(self) -> tuple[tuple[Step, ...], int]:
        """Give up; tell the steps from before, and the place among them."""
        self.let_go()
        return self._left
