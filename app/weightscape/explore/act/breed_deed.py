"""What is done while nine pictures are seen: a child becomes the parent, two are crossed, all are made anew or wilder.

Each is a function of the explorer.
"""

import secrets
import time
from dataclasses import replace

from weightscape.explore.explorer import Explorer
from weightscape.explore.tell.deed import turns
from weightscape.lens.litter import MIDDLE
from weightscape.scene.breed import WILDNESS, crossed, network_of, refusal
from weightscape.scene.scene import Scene

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
KEYS = "wheel, + -: how wild    click: next parent    Shift+click: cross two    R: anew    Enter: take    Esc: leave"
CHILD = "child"


def breed(explorer: Explorer, _: str) -> None:
    """Show a scene with eight children around it, or the scene alone again."""
    breeding, scene = explorer.breeding, replace(explorer.scene, beside="")
    told = refusal(scene)
    if is_seen(explorer):
        breeding.end()
        explorer.ask()
    elif told:
        explorer.say(told)
    else:
        explorer.over = ""
        explorer.sheeting.end()
        breeding.begin(_chance())
        if not explorer.show(scene):
            explorer.ask()


def breeds(explorer: Explorer, key: str) -> bool:
    """Take a key that means something else while nine pictures are seen; tell whether it was one."""
    breeding = explorer.breeding
    if not is_seen(explorer) or explorer.over:
        return False
    if key in ARROWS:
        breeding.walk(*ARROWS[key])
    elif key in ("+", "=", "-"):
        grow(explorer, -1 if key == "-" else 1)
    elif key == "r":
        breeding.renew(explorer.scene, _chance())
        explorer.ask()
    elif key == "space":
        choose(explorer, breeding.chosen)
    elif key == "shift+space":
        mark(explorer, breeding.chosen)
    elif key == "enter":
        take(explorer)
    else:
        return False
    return True


def is_seen(explorer: Explorer) -> bool:
    """Tell whether nine pictures are seen, or asked for."""
    return not explorer.sheeting.is_on and explorer.staged is not explorer.scene


def point(explorer: Explorer, x: float, y: float) -> None:
    """Choose the picture under the pointer."""
    if not is_seen(explorer):
        return
    found = explorer.breeding.members(explorer.scene)
    part, _ = explorer.under_cursor(x, y)
    number = next((n for n, each in enumerate(found) if each is part.scene or each == part.scene), MIDDLE)
    if number != explorer.breeding.chosen:
        explorer.breeding.chosen, explorer.dirty = number, True


def click(explorer: Explorer, is_shifted: bool) -> None:
    """Make the picture under the pointer the parent, or one of two that are crossed."""
    chosen = explorer.breeding.chosen
    if is_shifted or explorer.breeding.marked is not None:
        mark(explorer, chosen)
    else:
        choose(explorer, chosen)


def grow(explorer: Explorer, steps: int) -> None:
    """Make the children wilder, or milder."""
    if explorer.breeding.wilder(explorer.scene, steps):
        explorer.ask()
    else:
        explorer.say(f"this is as {'wild' if steps > 0 else 'mild'} as it gets")


def turn_wheel(explorer: Explorer, steps: float) -> None:
    """Make the children wilder where the wheel turns away from the user; parts of a step add up."""
    breeding = explorer.breeding
    breeding.wheel += steps
    whole = int(breeding.wheel)
    if whole:
        breeding.wheel -= whole
        grow(explorer, whole)


def choose(explorer: Explorer, number: int) -> None:
    """Make a child the parent of eight new ones: a step to go back."""
    if number == MIDDLE:
        explorer.say("this is the parent: a click on a child makes that the next one")
        return
    explorer.breeding.marked = None
    _go(explorer, explorer.breeding.members(explorer.scene)[number], CHILD)


def mark(explorer: Explorer, number: int) -> None:
    """Mark a picture to be crossed; with one that is marked it is crossed, and the cross is the parent."""
    breeding, scene = explorer.breeding, explorer.scene
    first, breeding.marked = breeding.marked, None
    explorer.notice = ""
    if first is None:
        breeding.marked = number
        explorer.say("marked: a click on a second one crosses the two, on the same one again leaves it", stays=True)
    elif first != number:
        found = breeding.members(scene)
        mother, father = found[first], found[number]
        child = crossed(mother, father, chance=_chance())
        words = f"cross of {turns(scene, mother)} and {turns(scene, father)}"
        breeding.cross(child, (network_of(mother), network_of(father)))
        _go(explorer, child, words)
    explorer.dirty = True


def take(explorer: Explorer) -> None:
    """Show the chosen picture alone."""
    found = explorer.breeding.subject(explorer.scene)
    explorer.breeding.end()
    if found == explorer.scene or not _go(explorer, found, CHILD):
        explorer.ask()


def told(explorer: Explorer) -> str:
    """Say how wild the children are, and what can be done."""
    wildness = WILDNESS[explorer.breeding.brood(explorer.scene).wildness]
    return f"Breeding, turned by up to {wildness:g}°    {KEYS}"


def described(explorer: Explorer) -> tuple[str, ...]:
    """Say of each of the nine what is different from the parent."""
    scene = explorer.scene
    return tuple("" if n == MIDDLE else turns(scene, each) for n, each in enumerate(explorer.breeding.members(scene)))


def _go(explorer: Explorer, scene: Scene, bred: str) -> bool:
    step = replace(explorer.history.step, scene=scene, bred=bred)
    explorer.breeding.chosen = MIDDLE if explorer.breeding.is_on else explorer.breeding.chosen
    return explorer.turn(lambda: explorer.history.do(step, time.perf_counter()))


def _chance() -> int:
    return secrets.randbelow(2**32)
