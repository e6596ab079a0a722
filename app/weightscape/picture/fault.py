"""What went wrong, as a sentence for the window."""

from weightscape.deep.orbit import OrbitError
from weightscape.engine.question import EngineError
from weightscape.file.whole_file import FileError
from weightscape.scene.scene_error import SceneError

EXPECTED = (SceneError, EngineError, FileError, OrbitError)


def sentence(error: Exception, doing: str = "") -> str:
    """Tell the user what went wrong: our own errors speak for themselves, others are named, with what was done."""
    if isinstance(error, SceneError) and error.field == "lens":
        return error.reason  # which lens it is stands in the status line
    if isinstance(error, ValueError | EngineError | FileError | OrbitError) and str(error):
        return str(error)
    return f"{doing}{': ' * (doing != '')}{type(error).__name__}{f': {error}' if str(error) else ''}"
