"""What is done with a morph: pictures are marked, it begins, its bar is moved, it is filmed, kept or left.

Each is a function of the explorer.
"""

from collections.abc import Callable

from weightscape.explore.explorer import Explorer
from weightscape.explore.morphing import Item, check_ways, name_of
from weightscape.explore.task.errand import Errand
from weightscape.explore.task.opening import checked
from weightscape.publish.bookmark import Bookmark
from weightscape.publish.gallery import Listed
from weightscape.scene.morph import Morph
from weightscape.scene.scene import Scene

HOW = "mark pictures in the gallery (F4) or the history (F3) with Space or Ctrl+click: Ctrl+M morphs between them"
STEP, FINE_STEP = 1 / 40, 1 / 1000
MARKING = ("space", "ctrl+space")


def mark(explorer: Explorer, item: Item) -> None:
    """Mark what a morph is to lead through, or take the mark away."""
    explorer.marks.toggle(item)
    explorer.say(explorer.marks.told)


def marks_step(explorer: Explorer, key: str) -> bool:
    """Let Space mark the current step in the open strip of all steps; tell whether it did."""
    if explorer.over != "history" or key not in MARKING:
        return False
    mark(explorer, explorer.scene)
    return True


def morph(explorer: Explorer, _: str) -> None:
    """Begin to morph between what is marked; from what is seen to the one that is."""
    if not explorer.screen.panel:
        explorer.say("no morph can be shown here: the panel lacks a library, as the terminal says")
        return
    subjects = explorer.album.subjects()
    items = [each for each in explorer.marks.items if isinstance(each, Scene) or each in subjects]
    if not items:
        explorer.say(HOW)
        return
    items = items if len(items) > 1 else [explorer.scene, *items]
    names, size, below = tuple(map(name_of, items)), explorer.window.size_px, explorer.screen.status_px

    def work(_: object) -> Morph:
        scenes = tuple(checked(_opened(explorer, each), size, below) for each in items)
        check_ways(scenes, names)
        return Morph(scenes)

    def arrive(made: Morph) -> None:
        explorer.over, explorer.tour.is_on = "", False
        explorer.marks.items.clear()
        moving = explorer.morphing
        scene = moving.begin(made, names, explorer.history, plays=not explorer.glide.is_reduced)
        explorer.show(scene, moving.gesture, is_held=True)
        explorer.dirty = True
        explorer.diary.write("morph", names=names)

    explorer.errands.send(Errand("opening the morph", work, arrive))


def slide(explorer: Explorer, moment: float) -> None:
    """Go to a moment of the morph by hand."""
    explorer.morphing.is_playing = False
    _show(explorer, explorer.morphing.go(moment))


def moves_morph(explorer: Explorer, key: str) -> bool:
    """Take a key that is the bar's, while nothing lies over it; tell whether it was one."""
    if not explorer.morphing.is_on or explorer.over or key not in KEYS:
        return False
    KEYS[key](explorer)
    explorer.dirty = True
    return True


def _opened(explorer: Explorer, item: Item) -> Scene:
    return explorer.album.open(item)[0] if isinstance(item, Listed | Bookmark) else item


def _show(explorer: Explorer, scene: Scene) -> None:
    explorer.show(scene, explorer.morphing.gesture, is_held=True)
    explorer.dirty = True


def _nudge(by: float) -> Callable[[Explorer], None]:
    return lambda explorer: slide(explorer, explorer.morphing.moment + by)


def _play(explorer: Explorer) -> None:
    explorer.morphing.play()


def _loop(explorer: Explorer) -> None:
    _show(explorer, explorer.morphing.toggle_loop())


def _film(explorer: Explorer) -> None:
    explorer.films.film(explorer.morphing.film(), explorer.drawn_size, explorer.rest_samples)
    explorer.say("filming one whole way", stays=True)


def _keep(explorer: Explorer) -> None:
    explorer.morphing.end()
    explorer.ask()
    explorer.say("kept: a step of the history, Backspace goes back")


def _leave(explorer: Explorer) -> None:
    steps, place = explorer.morphing.left()
    explorer.turn(lambda: explorer.history.withdraw(steps, place))


# The bar's keys; all others are commands, and go on from what is seen.
KEYS: dict[str, Callable[[Explorer], None]] = {
    "space": _play,
    "l": _loop,
    "v": _film,
    "enter": _keep,
    "escape": _leave,
    "left": _nudge(-STEP),
    "right": _nudge(STEP),
    "shift+left": _nudge(-FINE_STEP),
    "shift+right": _nudge(FINE_STEP),
    "home": lambda explorer: slide(explorer, 0.0),
    "end": lambda explorer: slide(explorer, 1.0),
}
