"""What is done while a sheet of two weights is seen: a picture is chosen and taken, or all are set farther apart.

Each is a function of the explorer.
"""

import time
from dataclasses import replace

from weightscape.explore.explorer import Explorer
from weightscape.explore.sheeting import MIDDLE, MOST_WEIGHTS, SPREADS, Pair, Sheeting
from weightscape.network.edit import name_of
from weightscape.window.message import Frames

Box = tuple[float, float, float, float]

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
KEYS = "wheel, + -: how far    click, Enter: take    Esc: leave"


def begin(explorer: Explorer, pair: Pair, lens: str) -> None:
    """Show pictures, through a lens, with one weight across and another upwards."""
    part = next((each for each in explorer.parts() if each.is_other == pair[0].is_other), explorer.parts()[0])
    known = explorer.touching.ground(part)
    if known and known.count > MOST_WEIGHTS:
        explorer.say(
            f"a sheet holds 25 networks at once: this one has {known.count:,} weights, the limit is {MOST_WEIGHTS:,}"
        )
        return
    sheet = Sheeting()
    sheet.spread = explorer.sheeting.spread
    sheet.begin(pair, explorer.scene, lens)
    try:
        sheet.staged(explorer.scene)
    except ValueError as error:  # one weight too many
        explorer.say(str(error))
        return
    explorer.touching.let_go()
    explorer.sheeting, explorer.touching.pointed = sheet, None
    explorer.ask()


def leave(explorer: Explorer) -> None:
    """Show the scene alone again."""
    explorer.sheeting.end()
    explorer.ask()


def takes_key(explorer: Explorer, key: str) -> bool:
    """Take a key that is for the sheet; tell whether it was one."""
    sheet = explorer.sheeting
    if not sheet.is_on or explorer.over:
        return False
    if key in ARROWS:
        sheet.walk(*ARROWS[key])
    elif key in ("+", "=", "-"):
        _spread(explorer, -1 if key == "-" else 1)
    elif key in ("enter", "space"):
        take(explorer)
    else:
        return False
    return True


def turn_wheel(explorer: Explorer, steps: float) -> None:
    """Set the sheet's pictures farther apart, or closer; parts of a step add up."""
    sheet = explorer.sheeting
    sheet.wheel += steps
    whole = int(sheet.wheel)
    if whole:
        sheet.wheel -= whole
        _spread(explorer, whole)


def point(explorer: Explorer, x: float, y: float) -> None:
    """Choose the sheet's picture under the pointer."""
    found = explorer.sheeting.members(explorer.scene)
    part, _ = explorer.under_cursor(x, y)
    number = next((n for n, each in enumerate(found) if each is part.scene or each == part.scene), MIDDLE)
    if number != explorer.sheeting.chosen:
        explorer.sheeting.chosen, explorer.dirty = number, True


def take(explorer: Explorer) -> None:
    """Go on with the chosen picture's two weights: a step to go back."""
    sheet = explorer.sheeting
    scene = sheet.taken(explorer.scene, sheet.chosen)
    sheet.end()
    step = replace(explorer.history.step, scene=scene, bred="")
    if not explorer.turn(lambda: explorer.history.do(step, time.perf_counter())):
        explorer.ask()


def told(explorer: Explorer) -> str:
    """Say what the sheet shows, and what can be done."""
    sheet = explorer.sheeting
    assert sheet.pair
    across, up = (name_of(each.weight.cell) for each in sheet.pair)
    spread = SPREADS[sheet.spread]
    step = f"{spread:g} standard deviation{'s' * (spread != 1.0)}"
    return f"Weight {across} across, {up} upwards, {step} from one to the next    {KEYS}"


def frames(explorer: Explorer, boxes: tuple[Box, ...]) -> Frames:
    """Frame the picture in the middle, and the one that is meant."""
    hints = tuple(map(explorer.sheeting.told, range(len(boxes))))
    return Frames(boxes, hints, MIDDLE, explorer.sheeting.chosen)


def _spread(explorer: Explorer, steps: int) -> None:
    if explorer.sheeting.wider(steps):
        explorer.ask()
    else:
        explorer.say(f"this is as {'far apart' if steps > 0 else 'close together'} as it gets")
