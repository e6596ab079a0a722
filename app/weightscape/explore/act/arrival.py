"""What brings a scene from outside into the window: files, the gallery, and whatever else is loaded.

It is loaded and checked in a thread of its own; what cannot be shown leaves everything as it is, and says why.
"""

import os
from collections.abc import Callable

from weightscape.explore.explorer import Explorer
from weightscape.explore.task.errand import Errand
from weightscape.explore.task.opening import changed_since, checked, guessed, opened
from weightscape.file.whole_file import shown
from weightscape.publish import gallery
from weightscape.scene.scene import Scene

WARNED_S = 10.0  # that a network is another one is to be read, even where its picture takes a while
# A scene, and in a line each which weights are not those that it was seen with.
Loaded = tuple[Scene, list[str]]


def open_files(explorer: Explorer, paths: tuple[str, ...]) -> None:
    """Show the scene of a file, or of two side by side: pictures made here, scenes, or weights."""
    if not paths:
        return
    names = " and ".join(shown(os.path.basename(path)) for path in paths[:2])
    more = f"; {len(paths) - 2} more stay{'s' * (len(paths) == 3)} closed" if len(paths) > 2 else ""
    now, size, below = explorer.scene, explorer.window.size_px, explorer.screen.status_px
    told = f"opened {names} (Backspace goes back){more}"

    def load() -> Loaded:
        scene = opened(paths, now, size, below)
        return scene, [*changed_since(paths), *guessed(paths[:2], scene)]

    bring(explorer, names, load, told)


def preset(explorer: Explorer, key: str) -> None:
    """Show a scene of the gallery."""
    found = gallery.presets()[int(key) - 1]
    bring(explorer, found.name, lambda: (gallery.scene(found.file), []), f"{key} {found.told}")


def bring(explorer: Explorer, name: str, load: Callable[[], Loaded], told: str) -> None:
    """Load a scene in a thread of its own, show it and say that it is `told`, or why it cannot be shown."""
    size, below = explorer.window.size_px, explorer.screen.status_px

    def work(_: object) -> Loaded:
        scene, warnings = load()
        return checked(scene, size, below), warnings

    def arrive(loaded: Loaded) -> None:
        scene, warnings = loaded
        explorer.show(scene)
        explorer.over = "" if explorer.over == "album" else explorer.over
        if warnings:
            explorer.say("; ".join([*warnings, told]), WARNED_S, stays=True)
        else:
            explorer.say(told)

    explorer.errands.send(Errand(f"opening {name}", work, arrive))
