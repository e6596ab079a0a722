"""What is done with the autopilot: it sets out, is filmed, varies time or weights when told, and lands at any key.

Each is a function of the explorer.
"""

import time
from dataclasses import replace

from weightscape.explore.act import breed_deed
from weightscape.explore.explorer import Explorer
from weightscape.picture.scout import check_flight
from weightscape.scene.colour import moves
from weightscape.scene.key_help import key_label
from weightscape.scene.scene_error import SceneError
from weightscape.scene.varying import TIME, VARIED, WEIGHTS, Variation, check_varied
from weightscape.window.event import Click, Drag, Event, Key, Orbit, Scroll

HINT, HINT_S = "autopilot: any key stops    V films    Space: time    W: weights", 5.0
# Keys that steer a flight, by what they vary; V films, and all others stop it: these alone do nothing else then.
VARYING = {"space": TIME, "w": WEIGHTS}
TOLD = {
    (TIME, True): "time runs: {} stops it",
    (TIME, False): "time stands: {} lets it run",
    (WEIGHTS, True): "weights wander: {} stops them",
    (WEIGHTS, False): "weights rest: {} lets them wander",
}
FILM, STOPPING = "v", ("escape", "shift+z")


def pilot(explorer: Explorer, key: str) -> None:
    """Fly by itself, on and on; again: stop."""
    if explorer.piloting.is_on:
        land(explorer)
        return
    if breed_deed.is_seen(explorer) or explorer.sheeting.is_on:
        raise SceneError("autopilot", "it flies through one picture: Enter takes one of these")
    check_flight(explorer.scene)
    explorer.over, explorer.tour.is_on = "", False
    explorer.errands.cancel()
    explorer.morphing.end()
    explorer.touching.let_go()
    explorer.glide.end()
    runs = moves(explorer.scene) and not explorer.is_paused
    varied = Variation((TIME,), (1.0, 0.0)) if runs else Variation()
    explorer.piloting.begin(explorer.scene, explorer.drawn_size, varied, time.perf_counter())
    explorer.diary.write("flight", is_on=True)
    explorer.say(HINT, HINT_S)


def land(explorer: Explorer) -> None:
    """Stop: what is seen stays, and is one step of the history."""
    explorer.piloting.end()
    explorer.history.edition += 1  # the place is kept
    explorer.diary.write("flight", is_on=False)
    explorer.ask()


def steers(explorer: Explorer, event: Event) -> bool:
    """Take what is pressed or turned during a flight; tell whether that is all it does."""
    if not explorer.piloting.is_on or not isinstance(event, Key | Click | Scroll | Drag | Orbit):
        return False
    if isinstance(event, Key) and event.repeat:
        return True  # the key that began it is still held
    if isinstance(event, Key) and event.name in VARYING:
        _vary(explorer, VARYING[event.name])
        return True
    if isinstance(event, Key) and event.name == FILM:
        return False
    land(explorer)
    return isinstance(event, Click) or (isinstance(event, Key) and event.name in STOPPING)


def _vary(explorer: Explorer, name: str) -> None:
    """Let time or weights vary gently, or no longer."""
    with explorer.guard("varying"):
        check_varied(explorer.scene, (name,))
        runs = explorer.piloting.toggle(name)
        if name == TIME:
            step = replace(explorer.history.step, is_paused=not runs)
            explorer.history.do(step, time.perf_counter(), explorer.piloting.gesture, is_held=True)
        key = next(key for key, each in VARYING.items() if each == name)
        explorer.say(TOLD[name, runs].format(key_label(key)))


assert {*VARYING.values()} == {*VARIED}
