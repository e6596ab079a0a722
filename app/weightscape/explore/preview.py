"""A choice of the panel that is looked at: the scene with it is seen, but is no deed, and nothing is kept of it."""

from weightscape.explore.tell.readout import changed
from weightscape.file.whole_file import FileError
from weightscape.picture.network_memory import widths
from weightscape.picture.successor import fitting
from weightscape.scene.command import within
from weightscape.scene.scene import Scene
from weightscape.window.message import Value


def with_changes(scene: Scene, changes: dict[str, Value]) -> Scene:
    """Apply what the panel's user changed. Raises SceneError for a value that cannot be."""
    new = within(changed(scene, changes))
    return fitting(new, widths(new)) if new.weights else new


class Preview:
    """Hold the scene that is looked at, if there is one."""

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self.fault = ""  # why the choice cannot be shown, until that is told
        self._of: tuple[Scene, str, Value] | None = None
        self._lingers = False

    def look(self, scene: Scene, name: str, value: Value) -> bool:
        """Look at a scene with another value, with name "" at none; tell whether something else is to be seen."""
        wanted = (scene, name, value) if name else None
        if wanted == self._of:
            return False
        before, self.scene, self._of = self.scene, None, wanted
        if name:
            try:
                self.scene = with_changes(scene, {name: value})
            except (FileError, ValueError) as error:  # SceneError is one of these, too
                self.fault = str(error)
        self._lingers = self._lingers or self.scene is not None
        return self.scene != before

    def end(self) -> None:
        """Look at it no longer, and not again before another one."""
        self.scene = None

    def take_fault(self) -> str:
        """Tell why the choice cannot be shown, once."""
        fault, self.fault = self.fault, ""
        return fault

    def is_on_screen(self, is_whole: bool) -> bool:
        """Tell whether it is seen, or still is; is_whole: all of what was last asked for has come."""
        self._lingers = self.scene is not None or (self._lingers and not is_whole)
        return self._lingers
