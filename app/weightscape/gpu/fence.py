"""Fences between contexts that share their objects: one's GPU work waits for the other's, and no thread does."""

from ctypes import c_uint, c_uint64, c_void_p

import moderngl

from weightscape.gpu.function import function

# Khronos' registry, gl.xml.
GL_SYNC_GPU_COMMANDS_COMPLETE, GL_TIMEOUT_IGNORED = 0x9117, 0xFFFFFFFFFFFFFFFF
# What stands where nothing has to be waited for.
NO_FENCE = 0


class FenceError(Exception):
    """A context that makes no fence: it is lost."""


class Fences:
    """Make one context's fences, and wait for others'; its thread alone may ask."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._sync = function(ctx, "glFenceSync", c_void_p, c_uint, c_uint)
        self._wait = function(ctx, "glWaitSync", None, c_void_p, c_uint, c_uint64)
        self._delete = function(ctx, "glDeleteSync", None, c_void_p)
        self._flush = function(ctx, "glFlush", None)

    def made(self) -> int:
        """Make a fence behind all that this context has been asked, and send it off. Raises FenceError."""
        fence = self._sync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0)
        if not fence:
            raise FenceError("OpenGL makes no fence: its context is lost")
        self._flush()  # else whoever waits may do so for ever
        return int(fence)

    def wait(self, fence: int) -> None:
        """Let what this context is asked from now on come after a fence, which is used up by it."""
        if fence != NO_FENCE:
            self._wait(fence, 0, GL_TIMEOUT_IGNORED)
            self._delete(fence)
