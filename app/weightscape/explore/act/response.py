"""What input does: each event of the window becomes a scene, a deed of its own, or nothing.

Each function is of the explorer, whose state it changes.
"""

import secrets
from dataclasses import replace

from weightscape.explore.act import breed_deed, sheet_deed, weight_deed
from weightscape.explore.act.action import ACTIONS
from weightscape.explore.act.arrival import open_files
from weightscape.explore.act.lens_action import is_over_units, open_role
from weightscape.explore.act.morph_action import marks_step, moves_morph
from weightscape.explore.act.past_walk import walks_past
from weightscape.explore.act.pilot_action import steers
from weightscape.explore.act.pointer import panned
from weightscape.explore.act.start import started, told
from weightscape.explore.act.zooming import click, hold, turn_wheel
from weightscape.explore.explorer import Explorer
from weightscape.explore.glide import EASED
from weightscape.explore.tell.card import FLY
from weightscape.network.interrupt import never
from weightscape.network.view import pixel_to_screen
from weightscape.picture.network_memory import untold
from weightscape.picture.over import left_out
from weightscape.scene import command
from weightscape.scene.key_help import key_label
from weightscape.scene.lens_command import orbited
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import OVER, Scene
from weightscape.window.event import Click, Drag, Drop, Event, Key, Move, Orbit, Release, Resize, Scroll
from weightscape.window.over.album_choice import keeps

# What a key that is held does again and again.
REPEATED = ("back", "forward", "next_figure", "last_figure", "next_panel", "last_panel")
# While a strip is open.
WALKS = {
    "history": {"left": "backspace", "right": "shift+backspace", "enter": "escape"},
    "article": {"left": "page_up", "right": "page_down", "enter": "escape"},
}


def take(explorer: Explorer, event: Event) -> None:
    match event:
        case _ if steers(explorer, event):
            _let_go(explorer)
        case Key() if explorer.is_asking and explorer.screen.panel:
            explorer.screen.panel.feed(event)  # pressed after the prompt was asked for, before it is there
        case Key(name) if explorer.over == "album" and explorer.screen.panel and keeps(name):
            explorer.screen.panel.feed_album(name)
        case Key() if explorer.screen.panel and explorer.screen.panel.take(event):
            pass  # pressed after the panel was given the keys, in the same moment
        case Key() if explorer.errands.keeps(event):
            pass
        case Key(name=name) if explorer.over == "help" and _searches(explorer, name):
            pass
        case Key(name=name) if walks_past(explorer, name) or marks_step(explorer, name):
            _let_go(explorer)
        case Key(name=name) if breed_deed.breeds(explorer, name) or sheet_deed.takes_key(explorer, name):
            _let_go(explorer)
        case Key(name=name) if weight_deed.takes_key(explorer, name):
            _let_go(explorer)
        case Key(name=name, repeat=repeat):
            if not repeat:
                _let_go(explorer)
            _press(explorer, name, repeat)
        case Release():
            _let_go(explorer)
        case Scroll(steps=steps) if breed_deed.is_seen(explorer):
            breed_deed.turn_wheel(explorer, steps)
        case Scroll(steps=steps) if explorer.sheeting.is_on:
            sheet_deed.turn_wheel(explorer, steps)
        case Scroll(held=held) if "alt+" in held:
            weight_deed.turn_wheel(explorer, event)
        case Scroll(x, y, steps):
            turn_wheel(explorer, x, y, steps)
        case Drag(dx, dy):
            explorer.cursor = explorer.window.cursor_px
            part, start = explorer.under_cursor(explorer.cursor[0] - dx, explorer.cursor[1] - dy)
            explorer.show(explorer.scene.looking(panned(part, start, dx, dy)), f"drag {explorer.hold}", is_held=True)
        case Orbit(dx, dy):
            explorer.cursor = explorer.window.cursor_px
            explorer.show(orbited(explorer.scene, dx, dy), f"orbit {explorer.hold}", is_held=True)
        case Move(x, y):
            explorer.cursor = x, y
            breed_deed.point(explorer, x, y)
            (sheet_deed if explorer.sheeting.is_on else weight_deed).point(explorer, x, y)
            _point(explorer, x, y)
            explorer.dirty = explorer.dirty or explorer.guide.tips.is_at_something  # which it may leave
        case Click(x, y, count, is_shifted) if breed_deed.is_seen(explorer):
            breed_deed.point(explorer, x, y)
            if count == 1:  # the first of two clicks has led to others
                breed_deed.click(explorer, is_shifted)
        case Click(x, y, count) if explorer.sheeting.is_on:
            sheet_deed.point(explorer, x, y)
            if count == 1:
                sheet_deed.take(explorer)
        case Click() if weight_deed.clicks(explorer, event):
            pass
        case Click(x, y, count):
            click(explorer, x, y, count)
        case Resize():
            explorer.ask()
        case Drop(paths=paths):
            open_files(explorer, paths)
    if isinstance(event, Key):
        explorer.guide.tips.dismiss()
    if isinstance(event, Scroll | Drag):
        explorer.guide.card.did(FLY)
    # Also for what the panel took and tells only as a refresh.
    explorer.dirty = explorer.dirty or not isinstance(event, Move | Release)


def do_key(explorer: Explorer, key: str) -> None:
    """Do what a key does whose row, or whose name, was clicked; the help has done its work."""
    _let_go(explorer)
    was_helping = explorer.over == "help"
    _press(explorer, key, repeat=False)
    if was_helping and explorer.over == "help":
        explorer.over = ""
    explorer.dirty = True


def _let_go(explorer: Explorer) -> None:
    """End the gesture, and what a held key does; the next one is another."""
    explorer.hold += 1
    explorer.again = never


def _searches(explorer: Explorer, name: str) -> bool:
    """Let the help's search line take a key; Enter does the first row that it finds."""
    search = explorer.guide.search
    if not explorer.screen.panel:
        return False
    if name == "enter" and search.text:
        found = next((entry.presses[0] for entry in explorer.guide.entries() if entry.presses), "")
        search.text = ""
        if found:
            do_key(explorer, found)
        return True
    return search.takes(name)


def _press(explorer: Explorer, name: str, repeat: bool) -> None:
    if moves_morph(explorer, name):
        return
    found = command.BY_KEY.get(WALKS.get(explorer.over, {}).get(name, name))
    if found:
        explorer.guide.card.did(found.name)
    if found is None:
        if not repeat:
            explorer.say(f"{key_label(name)}: no such key, H has them all")
    else:
        do(explorer, found, name, repeat)


def do(explorer: Explorer, found: command.Command, key: str = "", repeat: bool = False) -> None:
    """Do what a command says, for its key or for a button."""
    if repeat and found.name in command.ZOOMS:
        hold(explorer, found)
    elif found.name == "role" and is_over_units(explorer):
        open_role(explorer)
    elif found.change:
        _change(explorer, found)
    elif not repeat or found.name in REPEATED:
        if repeat and found.name == "back" and explorer.over != "history":
            ACTIONS["history"](explorer, key)  # whoever goes back far wants to see where
        with explorer.guard(found.help):
            ACTIONS[found.name](explorer, key)


def _change(explorer: Explorer, found: command.Command) -> None:
    """Apply a command; a new seed is a step of its own, also when its key is held."""
    scene, is_seeded = explorer.scene, found.name in command.SEEDED
    is_leaving = is_seeded and scene.weights != ""
    if is_leaving:
        scene = explorer.history.last(lambda each: not each.weights) or Scene()
    new, reason = command.tried(found, scene, secrets.randbelow(2**63), untold(scene.weights))
    new = started(scene, new)
    pace = EASED if found.name in command.GLIDING else None
    explorer.show(new, "" if is_seeded else f"key {explorer.hold}", is_held=True, pace=pace)
    reason = (
        "a random network again; Backspace goes back" if is_leaving else reason or told(scene, new, explorer.is_stacked)
    )
    if found.name in OVER and getattr(new, found.name):
        reason = left_out(new) or reason
    if reason:
        explorer.say(reason)


def _point(explorer: Explorer, x: float, y: float) -> None:
    """Let a lens that looks at a point look at the cursor's; in a split view both halves at the same one.

    A flight, and the pictures of a sheet, are no places to point at.
    """
    is_driven = explorer.morphing.is_on or explorer.touching.is_swinging  # whose scenes are made by the clock
    is_no_place = explorer.piloting.is_on or explorer.sheeting.is_on
    if min(explorer.window.size_px) <= 0 or is_driven or is_no_place:
        return
    part, point = explorer.under_cursor(x, y)
    if "probe" in LENSES[part.scene.lens].fields:
        explorer.history.follow(replace(explorer.scene, probe=pixel_to_screen(part.size, point)))
        if not explorer.glide.is_on:  # else it is asked for on the way
            explorer.ask()
