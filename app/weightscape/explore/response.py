"""What input does: each event of the window becomes a scene, a deed of its own, or nothing.

Each function is of the explorer, whose state it changes.
"""

import secrets
from dataclasses import replace

from weightscape.explore.action import ACTIONS, pick
from weightscape.explore.arrival import open_files
from weightscape.explore.explorer import Explorer
from weightscape.explore.pointer import panned, zoomed
from weightscape.network.view import pixel_to_screen
from weightscape.scene import command
from weightscape.scene.key_help import key_label
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import Scene
from weightscape.window.event import Click, Drag, Drop, Event, Key, Move, Orbit, Release, Resize, Scroll

WHEEL = 0.8  # radius for one step of the wheel
# What a key that is held does again and again.
REPEATED = ("back", "forward", "next_figure", "last_figure", "next_panel", "last_panel")


def take(explorer: Explorer, event: Event) -> None:
    match event:
        case Key() if explorer.is_asking and explorer.screen.panel:
            explorer.screen.panel.feed(event)  # pressed after the prompt was asked for, before it is there
        case Key() if explorer.screen.panel and explorer.screen.panel.take(event):
            pass  # pressed after the panel was given the keys, in the same moment
        case Key() if explorer.errands.keeps(event):
            pass
        case Key(name=name, repeat=repeat):
            explorer.hold += not repeat
            _press(explorer, name, repeat)
        case Release():
            explorer.hold += 1
        case Scroll(x, y, steps):
            part, point = explorer.under_cursor(x, y)
            explorer.show(explorer.scene.looking(zoomed(part, point, WHEEL**steps)), "wheel")
        case Drag(dx, dy):
            explorer.cursor = explorer.window.cursor_px
            part, start = explorer.under_cursor(explorer.cursor[0] - dx, explorer.cursor[1] - dy)
            explorer.show(explorer.scene.looking(panned(part, start, dx, dy)), f"drag {explorer.hold}", is_held=True)
        case Orbit(dx, dy):
            explorer.cursor = explorer.window.cursor_px
            explorer.show(command.orbited(explorer.scene, dx, dy), f"orbit {explorer.hold}", is_held=True)
        case Move(x, y):
            explorer.cursor = x, y
            _point(explorer, x, y)
        case Click(x, y):
            pick(explorer, x, y)
        case Resize():
            explorer.ask()
        case Drop(paths=paths):
            open_files(explorer, paths)
    # Also for what the panel took and tells only as a refresh.
    explorer.dirty = explorer.dirty or not isinstance(event, Move | Release)


def _press(explorer: Explorer, name: str, repeat: bool) -> None:
    found = command.BY_KEY.get(name)
    if found is None:
        if not repeat:
            explorer.say(f"{key_label(name)}: no such key, H has them all")
    else:
        do(explorer, found, name, repeat)


def do(explorer: Explorer, found: command.Command, key: str = "", repeat: bool = False) -> None:
    """Do what a command says, for its key or for a button."""
    if found.change:
        _change(explorer, found)
    elif not repeat or found.name in REPEATED:
        with explorer.guard(found.help):
            ACTIONS[found.name](explorer, key)


def _change(explorer: Explorer, found: command.Command) -> None:
    """Apply a command; a new seed is a step of its own, also when its key is held."""
    scene, is_seeded = explorer.scene, found.name in command.SEEDED
    is_leaving = is_seeded and scene.weights != ""
    if is_leaving:
        scene = explorer.history.last(lambda each: not each.weights) or Scene()
    new, reason = command.tried(found, scene, secrets.randbelow(2**63))
    explorer.show(new, "" if is_seeded else f"key {explorer.hold}", is_held=True)
    reason = "a random network again; Backspace goes back" if is_leaving else reason
    if reason:
        explorer.say(reason)


def _point(explorer: Explorer, x: float, y: float) -> None:
    """Let a lens that looks at a point look at the cursor's; in a split view both halves at the same one."""
    if min(explorer.window.size_px) <= 0:
        return
    part, point = explorer.under_cursor(x, y)
    if "probe" in LENSES[part.scene.lens].fields:
        explorer.history.replace(replace(explorer.scene, probe=pixel_to_screen(part.size, point)))  # no step to go back
        explorer.ask()
