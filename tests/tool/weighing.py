"""The window's lens weights, as tests take hold of one weight in it."""

import json
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from display import press, until
from program import Program

from weightscape.explore.keep.session import session
from weightscape.explore.keep.store import NAME
from weightscape.explore.sheeting import SIDE
from weightscape.lens.weights_cell import Ground, Weight, ground
from weightscape.network.edit import Cell, edits_of
from weightscape.picture.network_memory import network
from weightscape.picture.placement import placed
from weightscape.scene.scene import Scene, from_text
from weightscape.window.over.status import status_height

WIDTH, HEIGHT = SIZE = (640, 400)
BELOW = status_height(1.0)
FEW = 12  # of 255: more than a film's coding changes
FIRST = Scene(layers=4, width=7, tied=False, lens="weights")
BESIDE = replace(FIRST, beside=json.dumps({"lens": "outputs"}))
ONE, TWO, LAST = Cell(2, 3, 4), Cell(3, 1, 5), Cell(4, 6, 1)  # the last changes the picture by a lot
OPTIONS = ("--size", "640x400", "--layers", "4", "--width", "7", "--independent", "--lens", "weights")


def known(scene: Scene) -> tuple[Ground, tuple[int, int]]:
    """Tell where the weights of a scene are in the window."""
    part = placed(scene, SIZE, BELOW, (0, 0, WIDTH, HEIGHT - BELOW))[0]
    bare = replace(part.scene, edits="")
    return ground(bare, network(bare), part.size), (part.left, part.top)


def back(program: Program, scene: Scene) -> None:
    """Go one step back, to a scene."""
    program.key("backspace")
    until(lambda: program.scene() == scene, "the step before")


def weight(cell: Cell) -> Weight:
    W = network(FIRST).weights[cell.layer - 1]
    return Weight(cell, cell.layer, float(W[cell[1:]]), float(np.std(W)))


def at(program: Program, cell: Cell, scene: Scene | None = None) -> tuple[str, ...]:
    """Tell how the pointer goes to a weight."""
    found, (left, top) = known(scene or program.scene())
    box = found.box(weight(cell))
    assert box
    x, y = program.place()
    middle = x + left + (box[0] + box[2]) / 2.0, y + top + (box[1] + box[3]) / 2.0
    return "mousemove", str(int(middle[0])), str(int(middle[1]))


def away(program: Program) -> None:
    x, y = program.place()
    press(program.display, "mousemove", str(x + 2), str(y + 2))


def members(program: Program) -> list[Scene]:
    return [from_text(text) for text in program.said("ask")[-1].get("members", [])]


def value(program: Program, cell: Cell) -> float:
    return edits_of(program.scene().edits).get(cell, weight(cell).original)


def wheel(*clicks: str, shift: bool = False) -> tuple[str, ...]:
    keys = ("alt", "shift") if shift else ("alt",)
    down, up = (sum(((f"key{way}", key) for key in keys), ()) for way in ("down", "up"))
    return *down, *(word for each in clicks for word in ("click", each)), *up


def outputs(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Cut a picture down to the half beside the weights, above what is said there."""
    return picture[: HEIGHT - 4 * BELOW, WIDTH // 2 + 8 :].astype(np.int64)


def steps(program: Program) -> list[Scene]:
    return [step.scene for step in session((program.folder / "state" / NAME).read_text())[0].steps]


def begin_sheet(program: Program) -> None:
    for cell in (ONE, TWO):
        press(program.display, *at(program, cell), "keydown", "shift", "click", "1", "keyup", "shift")
    until(lambda: len(members(program)) == SIDE * SIDE, "the sheet")
    program.settled()
