"""Points counted: of which class how many there are, how many a network decides otherwise, how many were left out."""

from dataclasses import dataclass

import numpy as np

from weightscape.picture.outlook import Outlook
from weightscape.picture.over import tones
from weightscape.picture.points_memory import Mask, points, standing_of
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene

Colour = tuple[float, float, float]
# So many classes are listed.
MOST = 10


@dataclass(frozen=True)
class Count:
    """Hold a class: its name, the colour of its dots, how many there are, and how many of them are decided otherwise.

    `wrong` None: that is not known, or nothing can be told.
    """

    name: str
    colour: Colour
    count: int
    wrong: int | None


@dataclass(frozen=True)
class Tally:
    """Hold all that is said of a scene's points: `file` is its name without folders.

    `wrong` None: not known yet, or not to be told. `told`: how that is judged, or why not, and what the reader made of
    the file. `outlook`: what is known of points outside the view. `fault`: why there are no points.
    """

    file: str
    rows: int = 0
    classes: tuple[Count, ...] = ()
    wrong: int | None = None
    left_out: int = 0
    fault: str = ""
    told: tuple[str, ...] = ()
    outlook: Outlook | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Say how many points there are, misclassified ones and rows left out, a line each."""
        if self.fault:
            return (self.fault,)
        found = [f"{self.file}: {many(self.rows, 'point')}"]
        if self.outside:
            found.append(f"{self.outside:,} outside the view")
        if self.wrong is not None:
            share = f" ({100.0 * self.wrong / self.rows:.3g} %)" if self.wrong else ""
            found.append(f"{self.wrong:,} misclassified{share}")
        if self.left_out:
            found.append(f"{many(self.left_out, 'row')} left out: not all numbers")
        return *found, *self.told

    @property
    def outside(self) -> int:
        """Tell how many points are known to be outside the view."""
        return self.outlook.outside if self.outlook else 0


def many(count: int, noun: str) -> str:
    """Write how many there are."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def tally(scene: Scene, wrong: Mask | None, seen: Outlook | None = None) -> Tally:
    """Count a scene's points, of which some are decided otherwise. Raises FileError."""
    table, colours, said = points(scene), tones(scene), standing_of(scene).told
    counts = np.bincount(table.codes + 1)[1:]  # -1 is none
    missed = None if wrong is None else np.bincount(table.codes[wrong], minlength=len(table.classes))
    classes = tuple(
        Count(str(name), _tuple(colours[n]), int(counts[n]), None if missed is None else int(missed[n]))
        for n, name in enumerate(table.classes)
    )
    told = (*([said] if said else []), *table.remarks)
    total = None if wrong is None else int(wrong.sum())
    return Tally(base_name(scene.points), len(table.points), classes, total, table.left_out, told=told, outlook=seen)


def in_words(scene: Scene, found: Tally) -> str:
    """Say in a line what lies over a scene's picture."""
    listed = ", ".join(f"{each.name} {each.count:,}" for each in found.classes[:MOST])
    more = ", ..." if len(found.classes) > MOST else ""
    first, *others = found.lines
    words = [f"points: {first}", *([f"classes {listed}{more}"] if listed else []), *others]
    if found.outlook and (view := found.outlook.all_in):
        x, y = view.center
        words.append(f"--center {x:f},{y:f} --radius {view.radius:g} shows all")
    return "; ".join(words)


def _tuple(colour: np.ndarray) -> Colour:
    red, green, blue = (float(each) for each in colour)
    return red, green, blue
