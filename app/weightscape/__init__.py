"""A live GPU microscope for random neural networks.

    import weightscape
    picture = weightscape.render(weightscape.Scene(seed=7), size=(640, 480))

Importing this loads neither OpenGL nor a window library, nor anything else before it is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weightscape.engine.question import EngineError
    from weightscape.export.whole_file import FileError
    from weightscape.model.network import Network
    from weightscape.model.scene import Scene
    from weightscape.model.scene_error import SceneError
    from weightscape.picture import field, render

__version__ = "0.1.0"
__all__ = ["EngineError", "FileError", "Network", "Scene", "SceneError", "__version__", "field", "render"]

_PLACES = {
    "EngineError": "weightscape.engine.question",
    "FileError": "weightscape.export.whole_file",
    "Network": "weightscape.model.network",
    "Scene": "weightscape.model.scene",
    "SceneError": "weightscape.model.scene_error",
    "field": "weightscape.picture",
    "render": "weightscape.picture",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
