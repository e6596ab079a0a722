"""Textures that another context reads: lent, and back on the shelf when nobody holds the loan any longer."""

import weakref
from collections import deque
from functools import partial

import moderngl

from weightscape.gpu.fence import NO_FENCE, FenceError, Fences
from weightscape.gpu.loan import Loan

# So many textures are on loan or kept at the most: of the largest tile each has 33 MB.
MOST = 8
# More numbers than a texel has lie one after the other in rows of so many texels of one.
FOLD = 4096
# Sides are rounded up to multiples, so that the strips of a pan need few textures.
STEP = 128


def folded(numbers: int) -> tuple[int, int]:
    """Tell the size of a texture with so many numbers, a texel each."""
    return FOLD, -(-numbers // FOLD)


class Shelf:
    """Keep textures in an engine's context; loans may end in any thread."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx, self.fences = ctx, Fences(ctx)
        self._idle: list[moderngl.Texture] = []  # the last used last
        self._lent: dict[int, moderngl.Texture] = {}
        self._read: dict[int, int] = {}  # fences of readers, by texture
        self._back: deque[tuple[int, int]] = deque()  # textures, and the fences behind which they were written

    def take(self, size: tuple[int, int], components: int) -> moderngl.Texture | None:
        """Take a texture with room for `size`, to be written and lent; None while all are on loan."""
        while self._back:
            name, ready = self._back.popleft()
            if name not in self._read:
                self.fences.wait(ready)  # nobody else has
            self._idle.append(self._lent.pop(name))
        wanted = -(-size[0] // STEP) * STEP, -(-size[1] // STEP) * STEP
        found = next((each for each in self._idle if (each.size, each.components) == (wanted, components)), None)
        if found:
            self._idle.remove(found)
        elif len(self._idle) + len(self._lent) < MOST or self._idle:
            found = self._made(wanted, components)
        if found:
            self._lent[found.glo] = found
            self.fences.wait(self._read.pop(found.glo, NO_FENCE))
        return found

    def lend(self, texture: moderngl.Texture, shape: tuple[int, int, int], column: int = 0) -> Loan:
        """Lend what has been taken and written; `column` is as a Loan's. Raises FenceError."""
        name, ready = texture.glo, self.fences.made()
        loan = Loan(name, texture.size, texture.components, shape, ready, partial(self._read.__setitem__, name), column)
        weakref.finalize(loan, self._back.append, (name, ready)).atexit = False
        return loan

    def put(self, texture: moderngl.Texture) -> None:
        """Put back what has been taken and is not lent."""
        self._idle.append(self._lent.pop(texture.glo))

    def release(self) -> bool:
        """Free all textures, also those on loan: OpenGL keeps what a reader has bound; False of a lost context."""
        try:
            self.fences.wait(self.fences.made())
        except FenceError:
            return False
        for texture in (*self._idle, *self._lent.values()):
            texture.release()
        self._idle.clear()
        self._lent.clear()
        return True

    def _made(self, size: tuple[int, int], components: int) -> moderngl.Texture:
        if len(self._idle) + len(self._lent) >= MOST:
            self._free(self._idle.pop(0))
        texture = self._ctx.texture(size, components, dtype="f4")
        texture.filter = moderngl.LINEAR, moderngl.LINEAR
        texture.repeat_x = texture.repeat_y = False
        return texture

    def _free(self, texture: moderngl.Texture) -> None:
        self.fences.wait(self._read.pop(texture.glo, NO_FENCE))
        texture.release()
