"""A live GPU microscope for random neural networks.

    import weightscape
    picture = weightscape.render(weightscape.Scene(seed=7), size=(640, 480))

Importing this loads neither OpenGL nor a window library, nor anything else before it is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from weightscape.network.by_name import read_by
from weightscape.network.showing import shown_by

if TYPE_CHECKING:
    from weightscape.cli.door import explain, explore
    from weightscape.engine.question import EngineError
    from weightscape.file.whole_file import FileError
    from weightscape.network.network import Network
    from weightscape.notebook.microscope import Microscope
    from weightscape.picture.render import field, render
    from weightscape.scene.scene import Scene
    from weightscape.scene.scene_error import SceneError

__version__ = "0.1.0"
__all__ = [
    "EngineError",
    "FileError",
    "Microscope",
    "Network",
    "Scene",
    "SceneError",
    "__version__",
    "explain",
    "explore",
    "field",
    "render",
]

_PLACES = {
    "EngineError": "weightscape.engine.question",
    "FileError": "weightscape.file.whole_file",
    "Microscope": "weightscape.notebook.microscope",
    "Network": "weightscape.network.network",
    "Scene": "weightscape.scene.scene",
    "SceneError": "weightscape.scene.scene_error",
    "explain": "weightscape.cli.door",
    "explore": "weightscape.cli.door",
    "field": "weightscape.picture.render",
    "render": "weightscape.picture.render",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


# In a notebook scenes and networks show themselves; who draws them is loaded then.
shown_by(lambda value: import_module("weightscape.notebook.still").png(value))
# Who reads weights files reads their arrays in memory, too.
read_by(lambda arrays, names: import_module("weightscape.file.named_arrays").parts(arrays, names))
