"""Which engine works here: `auto` takes the GPU where there is one, and NumPy where OpenGL is only software.

Opens engines by name and says why it chose; a forced engine is never swapped for another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weightscape.engine.numpy import NumpyEngine
from weightscape.engine.question import Engine, EngineError, Precision

if TYPE_CHECKING:
    import moderngl

ENGINES = ("auto", "fragment", "numpy")


@dataclass(frozen=True)
class Choice:
    """Hold an open engine, why it was taken, and the GL renderer that was found ("" without OpenGL)."""

    engine: Engine
    reason: str
    renderer: str = ""


@contextmanager
def opened(name: str = "auto", precision: Precision = "single", niceness: int = 0) -> Iterator[Choice]:
    """Open an engine for the thread that asks, and release it afterwards.

    `niceness` lowers the priority of NumPy's threads, for a window that must stay smooth. Raises EngineError when
    a forced engine cannot work here.
    """
    if name == "numpy":
        choice, close = Choice(NumpyEngine(niceness=niceness), "asked for"), None
    elif name == "auto" and precision == "double":
        choice, close = Choice(NumpyEngine(niceness=niceness), "double precision"), None
    else:
        choice, close = _with_gl(name, niceness)
    try:
        yield choice
    finally:
        choice.engine.release()
        if close:
            close.release()


def _with_gl(name: str, niceness: int) -> "tuple[Choice, moderngl.Context | None]":
    # Imported here: whoever asks for NumPy, or for help, need not have OpenGL.
    from weightscape.engine.fragment import FragmentEngine
    from weightscape.gpu.context import NoContextError, adapter, standalone

    try:
        ctx = standalone()
    except NoContextError as error:
        if name == "fragment":
            raise EngineError(f"the fragment engine cannot work: {error}") from None
        return Choice(NumpyEngine(niceness=niceness), str(error)), None
    found = adapter(ctx)
    if name == "fragment":
        return Choice(FragmentEngine(ctx), "asked for", found.renderer), ctx
    if found.is_software:
        ctx.release()
        reason = f"OpenGL is software here ({found.renderer}) and NumPy is faster"
        return Choice(NumpyEngine(niceness=niceness), reason, found.renderer), None
    return Choice(FragmentEngine(ctx), f"a GPU: {found.renderer}", found.renderer), ctx
