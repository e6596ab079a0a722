"""What is written into a unit's role: which unit, what drives it and how, and what the picture loses without it."""

from dataclasses import dataclass

from weightscape.draw.block import side_of_image
from weightscape.draw.chart import number, signs, worded
from weightscape.draw.mark import Box
from weightscape.draw.plate import FAINT, GRID, INK, NEGATIVE, POSITIVE, Plate, fitted
from weightscape.lens.role_change import Change
from weightscape.lens.role_drive import Drive
from weightscape.lens.role_layout import CAPTION, HEAD, Plan
from weightscape.scene.scene import Scene

LARGE, SMALL = 1.15, 0.9
# A bar's height, and where the numbers beneath it stand, in letters.
BAR, NUMBERS = 0.45, 1.75
LINE = 1.45


@dataclass(frozen=True, eq=False)
class Told:
    """Hold what is told of a unit; `layer`, `unit` count from 0; `inputs`: those looked at, of `fed`."""

    scene: Scene
    layer: int
    unit: int
    layers: int
    activation: str
    inputs: tuple[int, ...]
    fed: int
    driven: Drive
    change: Change | None
    is_silent: bool

    @property
    def name(self) -> str:
        """Name the unit: "unit 7", or "output 0"."""
        return f"{'output' if self.layer == self.layers - 1 else 'unit'} {self.unit}"

    def input_names(self, place: int) -> tuple[str, ...]:
        """Name an input by its place among those looked at, in fewer and fewer letters."""
        index = self.inputs[place]
        if self.layer:
            return f"unit {index}", str(index)
        if not self.scene.origin:
            name = self.scene.inputs[index]
            return (name,) if name.isidentifier() else (number(float(name), 3),)
        side = side_of_image(self.fed)
        short = f"{index % side},{index // side}" if side else str(index)
        return f"{'pixel' if side else 'input'} {short}", short


def write(plate: Plate, plan: Plan, told: Told) -> None:
    """Write all of it."""
    letter = plan.letter
    left, right = plan.unit[0], max(plan.pictures[-1][2], plan.words[2])
    head = plan.unit[1] - HEAD * letter / 2.0
    plate.text(left, head, worded(_titles(told), right - left, LARGE * letter), LARGE * letter, INK, "lm")
    for box, texts in zip(plan.pictures, _captions(told), strict=True):
        text = worded(texts, box[2] - box[0], SMALL * letter)
        plate.text(box[0], box[1] - 0.4 * letter, text, SMALL * letter, FAINT, "ls")
    _write_change(plate, plan.words, letter, told)
    _write_row(plate, plan, told)


def _titles(told: Told) -> tuple[str, ...]:
    before = "before " * told.scene.before
    short = f"{told.name} of layer {told.layer + 1}" if told.layer < told.layers - 1 else told.name
    silent = ", silenced" * told.is_silent
    of = f" of {told.layers}" * (told.layer < told.layers - 1)
    return (
        f"{short}{of}, {before}{told.activation}{silent}" + ": the next layer hears 0" * told.is_silent,
        f"{short}, {before}{told.activation}{silent}",
        short + silent,
        f"{told.layer + 1}:{told.unit}",
    )


def _captions(told: Told) -> tuple[tuple[str, ...], ...]:
    """Name the pictures beside the unit: that which the scene has now, the other one, and their difference."""
    if told.change is None:
        return (("the picture", "picture"),)
    heard, silent = f"with {told.name}", f"without {told.name}"
    now, then = (f"now, {silent}", silent, "without"), (heard, "with")
    pair = (then, now) if told.is_silent else ((f"now, {heard}", heard, "with"), (silent, "without"))
    times = f" × {told.change.times}" if told.change.times > 1 else ""
    return *pair, (f"their difference{times}", f"difference{times}", times.strip() or "change")


def _write_change(plate: Plate, box: Box, letter: float, told: Told) -> None:
    """Write how large the difference is, beside it; of an output that it has none."""
    room, top = box[2] - box[0], box[1] + 0.5 * letter
    for n, (texts, colour) in enumerate(_lines(told)):
        bottom = top + (n + 1) * LINE * letter
        if bottom > box[3]:
            return
        plate.text(box[0], bottom, worded(texts, room, letter), letter, colour, "ls")


def _lines(told: Told) -> list[tuple[tuple[str, ...], tuple[float, float, float]]]:
    found = told.change
    if found is None:
        return [
            (("an output is the picture:", "an output:"), FAINT),
            (("it cannot be silenced", "not silenced"), FAINT),
        ]
    if found.largest == 0.0:
        return [(("nothing changes", "no change"), INK), (("without it", ""), INK)]
    if not found.is_decided:
        mean, largest = (_of_255(each) for each in (found.mean, found.largest))
        return [
            ((f"mean change {mean} of 255", f"mean {mean} of 255", f"mean {mean}", mean), INK),
            ((f"largest {largest}", largest), FAINT),
        ]
    percent = f"{number(100.0 * found.otherwise, 2)} %"
    mean = number(found.mean, 2)
    return [
        ((f"decides otherwise at {percent}", f"otherwise at {percent}", f"{percent} other", percent), INK),
        ((f"outputs change by {mean}", f"mean {mean}", mean), FAINT),
        (
            (
                f"in the mean, {number(found.largest, 2)} at most",
                f"largest {number(found.largest, 2)}",
                f"≤ {number(found.largest, 2)}",
            ),
            FAINT,
        ),
    ]


def _of_255(part: float) -> str:
    """Write a part of 0..1 as one of 255: with two digits, or as a whole number."""
    return f"{255.0 * part:.0f}" if 255.0 * part >= 9.95 else number(255.0 * part, 2)


def _write_row(plate: Plate, plan: Plan, told: Told) -> None:
    letter, (shown, driven) = plan.letter, (told.driven.order[: len(plan.inputs)], told.driven)
    left, right = plan.inputs[0][0], max(plan.inputs[-1][2], plan.unit[2])
    titles = _row_titles(told, len(shown))
    plate.text(
        left, plan.row + CAPTION * letter - 0.4 * letter, worded(titles, right - left, letter), letter, INK, "ls"
    )
    strongest = driven.moves.max(initial=0.0)
    for box, place in zip(plan.inputs, shown, strict=True):
        _bar(plate, box, letter, driven.moves[place] / (strongest or 1.0), driven.weights[place])
        _numbers(plate, box, letter, told, place)


def _row_titles(told: Told, shown: int) -> tuple[str, ...]:
    what = f"unit{'s' * (told.fed != 1)} of layer {told.layer}" if told.layer else f"input{'s' * (told.fed != 1)}"
    some = f"{shown} of {told.fed}" if shown < told.fed else f"{told.fed}"
    most = " most" * (shown < told.fed)
    how = "weight × standard deviation in this view"
    return (
        f"driven{most} by {some} {what}: {how}",
        f"driven by {some} {what}: weight × deviation",
        f"driven by {some} {what}",
        "driven by",
    )


def _bar(plate: Plate, box: Box, letter: float, part: float, weight: float) -> None:
    """Draw how strong an input is, of the strongest, in the colour of its weight's sign."""
    top, wide = box[3] + 0.35 * letter, box[2] - box[0]
    plate.box(box[0], top, box[2], top + BAR * letter, GRID)
    plate.box(box[0], top, box[0] + part * wide, top + BAR * letter, NEGATIVE if weight < 0.0 else POSITIVE)


def _numbers(plate: Plate, box: Box, letter: float, told: Told, place: int) -> None:
    """Write an input's name, its weight and its deviation, as there is room."""
    y, room, size = box[3] + NUMBERS * letter, box[2] - box[0], SMALL * letter
    weight, deviation = told.driven.weights[place], told.driven.deviations[place]
    product = signs(f"{weight:+.2f}") + f" × {_short(deviation)}"
    names = told.input_names(place)
    lines = (
        *(f"{name}   {product}" for name in names),
        *(f"{name} {signs(f'{weight:+.2f}')}" for name in names),
        names[-1],
    )
    text = worded(lines, room, size)
    name = next((each for each in names if text.startswith(each)), "")
    plate.text(box[0], y, name or text, size, INK, "ls")
    rest = text[len(name) :].strip() if name else ""
    if rest:
        plate.text(box[2], y, fitted(rest, room, size), size, FAINT, "rs")


def _short(deviation: float) -> str:
    return f"{deviation:.2f}" if 0.01 <= deviation < 100.0 or deviation == 0.0 else number(deviation, 2)
