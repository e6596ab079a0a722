"""Whether the engine's thread shares its textures with the window, so that pictures stay on the GPU."""

from weightscape.explore.keep.diary import Diary
from weightscape.gpu.context import Adapter, Source, attached
from weightscape.settings import HeldName
from weightscape.window.shared_context import SharedContext
from weightscape.window.window import Window, WindowError


def shared_context(window: Window, drawn_by: Adapter, held: HeldName, gpu: str, diary: Diary) -> SharedContext | None:
    """Make a context for the engine's thread beside the window's; None where it is to have, or can have, none.

    OpenGL that is software computes slower than NumPy, and a device that the user asks for may be another one.
    """
    is_named = gpu.lower() in f"{drawn_by.vendor} {drawn_by.renderer}".lower()
    is_other = bool(gpu) and ((gpu.isdigit() and len(gpu) < len("4070")) or not is_named)
    if held == "never" or is_other or (drawn_by.is_software and held == "auto"):
        return None
    try:
        return window.shared_context()
    except WindowError as error:  # the picture then goes by way of the processor
        diary.write("notice", text=f"nothing is shared: {error}")
        return None


def source(shared: SharedContext | None) -> Source | None:
    """Tell where an engine's thread takes its context from."""
    return attached(shared.take, shared.leave, shared.address) if shared else None
