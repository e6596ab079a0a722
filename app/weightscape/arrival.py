"""What brings a scene from outside into the window: files, the clipboard, the gallery.

It is loaded and checked in a thread of its own; what cannot be shown leaves everything as it is, and says why.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from weightscape import gallery
from weightscape.errand import Errand
from weightscape.export.whole_file import shown
from weightscape.model.scene import Scene, from_text
from weightscape.model.scene_error import SceneError
from weightscape.opening import checked, opened

if TYPE_CHECKING:
    from weightscape.explore import Explorer


def open_files(explorer: "Explorer", paths: tuple[str, ...]) -> None:
    """Show the scene of a file, or of two side by side: pictures made here, scenes, or weights."""
    if not paths:
        return
    names = " and ".join(shown(os.path.basename(path)) for path in paths[:2])
    more = f"; {len(paths) - 2} more stay{'s' * (len(paths) == 3)} closed" if len(paths) > 2 else ""
    now, size, below = explorer.scene, explorer.window.size_px, explorer.stage.status_px
    _bring(explorer, names, lambda: opened(paths, now, size, below), f"opened {names} (Backspace goes back){more}")


def preset(explorer: "Explorer", key: str) -> None:
    """Show a scene of the gallery."""
    name = gallery.PRESETS[int(key) - 1]
    _bring(explorer, name, lambda: gallery.scene(name), name)


def paste(explorer: "Explorer", _: str) -> None:
    """Show the scene whose text is in the clipboard."""
    text = explorer.window.clipboard

    def load() -> Scene:
        try:
            return from_text(text)
        except SceneError as error:
            raise SceneError("clipboard", f"no scene ({error})") from None

    _bring(explorer, "what was pasted", load, "scene pasted (Backspace goes back)")


def _bring(explorer: "Explorer", name: str, load: Callable[[], Scene], told: str) -> None:
    size, below = explorer.window.size_px, explorer.stage.status_px

    def arrive(scene: Scene) -> None:
        explorer.show(scene)
        explorer.say(told)

    explorer.errands.send(Errand(f"opening {name}", lambda _: checked(load(), size, below), arrive))
