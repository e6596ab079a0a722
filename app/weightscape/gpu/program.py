"""Compiled programs, each made once, and once an edit where shader files are watched (shader_file.py).

One that does not compile any longer stays as it was: the picture goes on, and the complaint is told in the window.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import moderngl

from weightscape.gpu.context import free_programs
from weightscape.gpu.shader_file import FILES
from weightscape.gpu.source import ShaderError

Made = TypeVar("Made")
Key = tuple[tuple[str, str | int], ...]
Shader = tuple[moderngl.Program, moderngl.VertexArray]


def key_of(name: str, defines: Mapping[str, str | int]) -> Key:
    """Name a program by its shader's file and its defines."""
    return ("", name), *defines.items()


class Programs(dict[Key, Made]):
    """Hold what `free` frees: a program, or a program and what belongs to it, by key_of()."""

    def __init__(self, free: Callable[[Made], object]) -> None:
        super().__init__()
        self._free = free
        self._editions: dict[Key, int] = {}

    def is_fresh(self, key: Key) -> bool:
        """Tell whether a program is there, and of the files as they are now."""
        return key in self and self._editions[key] == FILES.edition

    def made(self, key: Key, make: Callable[[], Made]) -> Made:
        """Find a program, or make it. Raises ShaderError for one that never compiled."""
        if not self.is_fresh(key):
            edition = FILES.edition
            try:
                new = make()
            except ShaderError as error:
                if key not in self:
                    raise
                FILES.complain(edition, str(error))
            else:
                if key in self:
                    self._free(self[key])
                self[key] = new
            self._editions[key] = edition
        return self[key]


def free_shader(ctx: moderngl.Context, shader: Shader) -> None:
    """Free a program and the triangle that it draws."""
    program, triangle = shader
    triangle.release()
    free_programs(ctx, [program])
