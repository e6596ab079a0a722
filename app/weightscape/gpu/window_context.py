"""The context of a window, made by whoever opened it and current in this thread, as moderngl has it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import moderngl

LEAST = 330
# moderngl keeps one context for all threads on its way from one call to the next.
_ONE_AT_A_TIME = threading.RLock()


def of_window(address: Callable[[str], int]) -> moderngl.Context:
    """Take the current context, whose functions `address` finds (0 where there is none of a name).

    moderngl.create_context() would find it the first time in a process only and look for GLX later, where a window on
    Wayland has EGL (github.com/moderngl/moderngl/issues/508). Raises ValueError before OpenGL 3.3, moderngl.Error.
    """
    with default_kept():
        moderngl.init_context(_Loader(address))
        ctx = moderngl.get_context()
    if ctx.version_code < LEAST:
        raise ValueError(f"OpenGL {ctx.version_code / 100:.1f} in place of 3.3")
    return ctx


@contextmanager
def default_kept() -> Iterator[None]:
    """Leave the context of moderngl.get_context(), which is the caller's own affair, as it was."""
    store: Any = vars(moderngl).get("_store")
    with _ONE_AT_A_TIME:
        before = getattr(store, "default_context", None)
        try:
            yield
        finally:
            if store:
                store.default_context = before


class _Loader:
    """Find OpenGL's functions for moderngl, which wants a context manager that can be released."""

    def __init__(self, address: Callable[[str], int]) -> None:
        self.load_opengl_function = address

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def release(self) -> None:
        """Leave the context to the window, whose it is."""
