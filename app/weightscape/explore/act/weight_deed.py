"""What is done to one weight in the lens weights: the wheel turns it, a click lets it swing, two make a sheet.

Each is a function of the explorer.
"""

import json
from collections.abc import Callable
from dataclasses import replace

from weightscape.explore.act.sheet_deed import begin
from weightscape.explore.act.zooming import click as pick
from weightscape.explore.explorer import Explorer
from weightscape.explore.touching import FINE_STEP, LENS, STEP, Touched
from weightscape.network.edit import name_of
from weightscape.scene.json_text import json_object
from weightscape.scene.scene import Scene
from weightscape.window.event import Click, Scroll
from weightscape.window.message import Frames

# Lenses that show the network as a whole, a point's colour each.
PICTURES = ("outputs", "winner")
# A frame around a weight is no smaller.
LEAST_PX = 9.0
NOT_HERE = "Alt+wheel turns a weight of the lens weights: W shows them"
BESIDE = "no weight is under the pointer"
SWINGS = "it swings: a click or Space stops it, Esc gives it up"


def turn_wheel(explorer: Explorer, event: Scroll) -> None:
    """Change the weight under the pointer by a part of its layer's spread, with Shift by less."""
    touching, at = explorer.touching, (event.x, event.y)
    by = event.steps * (FINE_STEP if "shift" in event.held else STEP)

    def step(found: Touched) -> None:
        if touching.held is None or touching.at != at:
            touching.hold(found, at)
        found = touching.held or found
        _set(explorer, found, found.stepped(explorer.scene, by))

    if touching.held and touching.at == at:  # wherever it is seen by now
        step(touching.held)
    elif not _touch(explorer, at, step):
        explorer.say(NOT_HERE)


def clicks(explorer: Explorer, event: Click) -> bool:
    """Take a click that is for a weight; tell whether it was one."""
    touching, at = explorer.touching, (event.x, event.y)
    if touching.is_swinging:
        if event.count == 1:
            stop(explorer)
        else:  # a double click is no swing: it leads where one click leads elsewhere
            give_up(explorer)
            pick(explorer, *at, event.count)
        return True
    if event.count != 1 and not (event.is_shifted or event.is_ctrl):
        touching.waiting.clear()
        return False
    deed = reset if event.is_ctrl else mark if event.is_shifted else swing
    return _touch(explorer, at, lambda found: deed(explorer, found))


def takes_key(explorer: Explorer, key: str) -> bool:
    """Take a key that is for the weight that swings; tell whether it was one."""
    if not explorer.touching.is_swinging or explorer.over or key not in ("space", "enter", "escape"):
        return False
    (give_up if key == "escape" else stop)(explorer)
    return True


def swing(explorer: Explorer, found: Touched) -> None:
    """Let a weight go to and fro."""
    touching, scene = explorer.touching, _with_picture(explorer)
    try:
        found.set_to(scene, found.weight.original + found.weight.deviation)
    except ValueError as error:  # one weight too many
        explorer.say(str(error))
        return
    touching.swing(found, scene, explorer.history, explorer.glide.is_reduced)
    if not explorer.show(touching.show(scene), touching.gesture, is_held=True):
        explorer.ask()
    explorer.say(SWINGS)


def stop(explorer: Explorer) -> None:
    """Keep the value that is seen."""
    told = explorer.touching.held.told(explorer.scene) if explorer.touching.held else ""
    explorer.touching.let_go()
    explorer.ask()
    explorer.say(told)


def give_up(explorer: Explorer) -> None:
    """Go back to before it swung, as if it never had."""
    steps, place = explorer.touching.left()
    explorer.turn(lambda: explorer.history.withdraw(steps, place))


def reset(explorer: Explorer, found: Touched) -> None:
    """Set a weight to what it was."""
    if found.value(explorer.scene) == found.weight.original:
        explorer.say(f"{found.told(explorer.scene)}, as it was drawn or loaded")
        return
    explorer.touching.hold(found, None)
    _set(explorer, found, found.weight.original)


def mark(explorer: Explorer, found: Touched) -> None:
    """Mark a weight; with one that is marked it makes a sheet, and the same again takes the mark away."""
    touching = explorer.touching
    first, touching.marked = touching.marked, None
    if first is None or first.is_other != found.is_other:
        touching.marked = found
        explorer.say(f"weight {name_of(found.weight.cell)} is marked: Shift+click a second for a sheet of both")
    elif first.weight.cell == found.weight.cell:
        explorer.say("nothing is marked any more")
    else:
        begin(explorer, (first, found), picture_lens(explorer))


def point(explorer: Explorer, x: float, y: float) -> None:
    """Point at a weight; what the wheel held is let go, and begun anew it is another step."""
    touching = explorer.touching
    if touching.at is not None and touching.at != (x, y):
        touching.let_go()
    part, at = explorer.under_cursor(x, y)
    found = touching.found(part, at) if part.scene.lens == LENS and not explorer.fault else None
    if found != touching.pointed:
        touching.pointed, explorer.dirty = found, True


def go_on(explorer: Explorer) -> None:
    """Do what has waited until it was known where weights are."""
    touching = explorer.touching
    if not touching.grounds.fetch():
        return
    explorer.dirty, waiting, now = True, touching.waiting, explorer.history.deeds
    touching.waiting = []
    for deeds, then in waiting:
        if deeds == now:
            then()
    if not explorer.sheeting.is_on:
        point(explorer, *explorer.cursor)


def told(explorer: Explorer) -> str:
    """Say which weight is held, or pointed at, and what it is."""
    found = explorer.touching.held or explorer.touching.pointed
    is_seen = explorer.scene.lens == LENS or explorer.touching.is_swinging or bool(explorer.scene.beside)
    return found.told(explorer.scene) if found and is_seen and not explorer.sheeting.is_on else ""


def frames(explorer: Explorer) -> Frames | None:
    """Frame the weights that are held, or else pointed at, and marked, where they are seen."""
    touching = explorer.touching
    if explorer.fault:
        return None
    pointed = None if touching.held else touching.pointed
    found = [_box(explorer, each) for each in (touching.held, pointed, touching.marked)]
    boxes = tuple(box for box in found if box)
    if not boxes:
        return None
    numbers = [boxes.index(box) if box else None for box in found]
    return Frames(boxes, ("",) * len(boxes), *numbers)


def picture_lens(explorer: Explorer) -> str:
    """Tell through which lens this network's picture was seen last."""
    scene = explorer.scene
    right = json_object(scene.beside).get("lens") if scene.beside else ""
    seen = explorer.history.last(lambda each: each.weights == scene.weights and each.lens in PICTURES)
    return str(right) if right in PICTURES else seen.lens if seen else PICTURES[0]


def _touch(explorer: Explorer, at: tuple[float, float], then: Callable[[Touched], None]) -> bool:
    """Do something with the weight under a point, once it is known; tell whether weights are seen there."""
    part, point_ = explorer.under_cursor(*at)
    if part.scene.lens != LENS or explorer.fault or explorer.errands.is_opening:
        return False

    def go() -> None:
        found = explorer.touching.found(part, point_)
        if found:
            then(found)
        else:
            explorer.say(BESIDE)

    if explorer.touching.ground(part):
        go()
    else:
        explorer.touching.waiting.append((explorer.history.deeds, go))
    return True


def _set(explorer: Explorer, touched: Touched, value: float) -> None:
    touching = explorer.touching
    try:
        scene = touching.show(touched.set_to(_with_picture(explorer), value))
    except ValueError as error:
        explorer.say(str(error))
        return
    explorer.show(scene, touching.gesture, is_held=True)


def _with_picture(explorer: Explorer) -> Scene:
    """Set the picture beside the weights, so that it is seen what they change."""
    scene = explorer.scene
    return scene if scene.beside else replace(scene, beside=json.dumps({"lens": picture_lens(explorer)}))


def _box(explorer: Explorer, touched: Touched | None) -> tuple[float, float, float, float] | None:
    if touched is None:
        return None
    for part in explorer.parts():
        known = explorer.touching.ground(part) if part.is_other == touched.is_other else None
        box = known.box(touched.weight) if known else None
        if box:
            grown = [max(0.5 * (LEAST_PX - length), 0.0) + 1.0 for length in (box[2] - box[0], box[3] - box[1])]
            left, top = part.left - grown[0], part.top - grown[1]
            right, bottom = part.left + grown[0], part.top + grown[1]
            return left + box[0], top + box[1], right + box[2], bottom + box[3]
    return None
