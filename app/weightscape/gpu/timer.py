"""The GPU's own clock: how long its work takes, whatever the processor does meanwhile (OpenGL's GL_TIME_ELAPSED)."""

from ctypes import byref, c_int, c_uint, c_uint64, c_void_p

import moderngl

from weightscape.gpu.function import function

# Khronos' registry, gl.xml.
GL_TIME_ELAPSED, GL_QUERY_COUNTER_BITS, GL_QUERY_RESULT = 0x88BF, 0x8864, 0x8866


class Timer:
    """Add up the `seconds` that a context's GPU works between start() and finish(); None where nothing tells them.

    `is_trusted`: a software driver's clock is not. llvmpipe (Mesa 22.3) counts 4 ms of 490 that it computes.
    """

    def __init__(self, ctx: moderngl.Context, is_trusted: bool = True) -> None:
        self._ctx, self._is_trusted = ctx, is_trusted
        self.seconds: float | None = None
        self._query: int | None = None  # 0 where the driver has no clock
        self._is_running = False

    def restart(self) -> None:
        """Begin at 0, if there is a clock."""
        self.seconds = 0.0 if self._made() else None

    def start(self) -> None:
        """Count what is asked of the GPU from now on."""
        if query := self._made():
            self._end()
            function(self._ctx, "glBeginQuery", None, c_uint, c_uint)(GL_TIME_ELAPSED, query)
            self._is_running = True

    def finish(self) -> None:
        """Count no further, wait until the GPU is done, and add what it took since start(), if that was called."""
        was_running = self._is_running
        self._end()
        self._ctx.finish()
        if was_running:
            spent = c_uint64()
            read = function(self._ctx, "glGetQueryObjectui64v", None, c_uint, c_uint, c_void_p)
            read(self._made(), GL_QUERY_RESULT, byref(spent))  # it is there: nothing is waited for
            self.seconds = (self.seconds or 0.0) + spent.value / 1e9

    def release(self) -> None:
        """Free the query."""
        self._end()
        if self._query:
            function(self._ctx, "glDeleteQueries", None, c_int, c_void_p)(1, byref(c_uint(self._query)))
        self._query = None

    def _end(self) -> None:
        if self._is_running:
            function(self._ctx, "glEndQuery", None, c_uint)(GL_TIME_ELAPSED)
            self._is_running = False

    def _made(self) -> int:
        """Make the query once its context is current: at the first use."""
        if self._query is None:
            bits, name = c_int(), c_uint()
            if self._is_trusted:
                look = function(self._ctx, "glGetQueryiv", None, c_uint, c_uint, c_void_p)
                look(GL_TIME_ELAPSED, GL_QUERY_COUNTER_BITS, byref(bits))
            if bits.value:
                function(self._ctx, "glGenQueries", None, c_int, c_void_p)(1, byref(name))
            self._query = name.value
        return self._query
