"""What is seen in the window: canvas, and over it status line, help and panel. Joins window and GPU.

It knows which view the canvas shows; it decides nothing.
"""

import sys
from collections.abc import Sequence
from importlib import resources
from typing import TypeVar, get_args

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.draw.lettering import Letters, sized
from weightscape.draw.sprite import Sprite
from weightscape.engine.question import Held
from weightscape.explore.keep.text_size import kept_text_size
from weightscape.explore.paint.ceiling import Ceiling
from weightscape.explore.paint.request import Painted
from weightscape.explore.paint.scenery import Scenery
from weightscape.gpu.canvas import Affine, Box, Canvas, Texels
from weightscape.gpu.cells import CellPainter, CellTile
from weightscape.gpu.context import Adapter, adapter
from weightscape.gpu.loan import Loan
from weightscape.gpu.overlay import Overlay
from weightscape.gpu.target import free
from weightscape.gpu.tile_shader import Reading
from weightscape.gpu.window_context import of_window
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import PlaneLens
from weightscape.network.view import View, carried
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.exposure import Laid, Mean, Patch, Sample, Stamp
from weightscape.picture.over import Overlaid
from weightscape.picture.relief import Relief
from weightscape.scene.key_help import help_rows
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Curve
from weightscape.settings import HeldName
from weightscape.window.panel import Answer, Hud, Panel
from weightscape.window.window import Window, WindowError

Numbers = TypeVar("Numbers", bound=Texels)


class Screen:
    """Show tiles and a head-up display in a window. Raises WindowError where OpenGL is missing.

    `held`: whether it draws landscapes itself; "auto" is where its OpenGL is hardware.
    """

    def __init__(self, window: Window, held: HeldName = "never") -> None:
        self._window = window
        try:
            self._ctx = of_window(window.address)
        except Exception as error:
            raise WindowError(f"no OpenGL 3.3 in the window ({error}): install libegl1 libgl1") from error
        # Everything is released by name, so that no garbage collector frees GL objects in another thread.
        self._ctx.gc_mode = None  # type: ignore[assignment]
        self._view: View | None = None
        self.adopted = 0  # tiles whose numbers have stayed on the GPU
        self._screen: moderngl.Framebuffer | None = None
        try:
            self._canvas = Canvas(self._ctx, window.size_px)
        except moderngl.Error as error:
            width, height = window.size_px
            raise WindowError(f"the driver has no room for a window of {width} x {height} pixels ({error})") from error
        self.draws_landscapes = held == "always" or (held == "auto" and not adapter(self._ctx).is_software)
        self._scenery, self._cells = Scenery(self._ctx), CellPainter(self._ctx)
        self._ceiling = Ceiling(self._ctx)
        self._overlay, self.panel = self._interface()

    def expect_loans(self) -> None:
        """Compile what shades pictures that stay on the GPU: better now than in the middle of a gesture."""
        self._canvas.expect_loans(get_args(Curve))
        self._cells.expect_loans(self._canvas, get_args(Curve))

    @property
    def drawn_by(self) -> Adapter:
        """Tell who draws in the window."""
        return adapter(self._ctx)

    def paint(self, painted: Painted) -> None:
        """Draw a tile; where it belongs to another view, the old picture moves there first."""
        if self._ceiling.take(painted):
            return
        request = painted.request
        view, size = request.scene.view, request.size
        # Only a picture of the plane alone moves with it: a drawing, or two halves, stay until they are painted over.
        old = self._view if self._view and isinstance(lens(request.scene), PlaneLens) else view
        if view != old or size != self._canvas.size:
            self._canvas.move(Affine(*carried(view, size, old, self._canvas.size)), size)
            self._cells.forget()
        self._view = view
        patch = painted.patch
        assert not isinstance(patch, Overlaid)  # which the ceiling has taken
        if isinstance(patch, Relief):
            self._scenery.relief = patch
        elif not isinstance(patch, Patch) or not patch.is_empty:
            self._scenery.relief = None
        self._lay(patch)

    def _lay(self, patch: Laid) -> None:
        """Draw a patch into the canvas, or add it to its samples."""
        match patch:
            case Patch() as patch if not patch.is_empty:
                self._cells.forget(patch.box)
                source, colours, read = self._source(patch.values), patch.colour.table, _read(patch)
                self._canvas.paint(source, patch.place, patch.stride, colours, patch.limit, patch.shading, read)
                self._stamp(patch.sprites, patch.box)
            case Sample(patch, is_first):
                source, colours, read = self._source(patch.values), patch.colour.table, _read(patch)
                self._canvas.add(source, patch.place, colours, patch.limit, patch.shading, is_first, read)
            case Mean(place, limit, samples, sprites):
                self._cells.forget((*place, *limit))
                self._canvas.settle(place, limit, samples)
                self._stamp(sprites, (*place, *limit))
            case CellPatch():
                self._cells.lay(self._canvas, patch.paper, patch.place)
                table, read = patch.colour.table, patch.colour.read(1)
                tile = CellTile(patch.cells, patch.room, patch.stride, patch.curve, table, read)
                self._cells.paint(self._canvas, self._source(patch.values), tile)
            case Relief():
                self._cells.forget()
            case Stamp(place, limit, sprites):
                self._cells.forget((*place, *limit))
                self._stamp(sprites, (*place, *limit))

    def draw(self, scene: Scene, hud: Hud) -> Answer:
        """Draw a frame: the picture as it looks from a scene's view, and the display over it."""
        size = self._window.size_px
        self._show(self._ctx.screen, scene)
        answer = Answer()
        if self.panel and self._overlay:
            answer = self.panel.frame(hud)
            self._overlay.draw(answer.draw_data, size)
        self._window.swap()
        return answer

    @property
    def status_px(self) -> int:
        """Tell how many rows the status line covers."""
        return self.panel.status_px if self.panel else 0

    @property
    def letters(self) -> Letters:
        """Tell how large letters are: the monitor's scale, and the text size that the panel has room for."""
        own = self._window.content_scale
        return Letters(own, self.panel.scale / own if self.panel else 1.0)

    @property
    def free(self) -> tuple[int, int, int, int]:
        """Tell the box (left, top, width, height) of the window that nothing covers but notices."""
        margins = (self.panel and self.panel.margins) or (0, 0, 0, self.status_px)
        left, top, right, bottom = map(round, margins)
        width, height = self._window.size_px
        return left, top, max(width - left - right, 1), max(height - top - bottom, 1)

    def picture(self, pixels: npt.NDArray[np.uint8]) -> int:
        """Keep a small picture for the display; return its number, 0 where there is no display."""
        return self._overlay.picture(pixels) if self._overlay else 0

    def drop(self, number: int) -> None:
        """Free a small picture."""
        if self._overlay:
            self._overlay.drop(number)

    def snapshot(self, scene: Scene) -> npt.NDArray[np.uint8]:
        """Read what is seen, without the display over it: uint8 (height, width, 3), row 0 on top."""
        size, screen = self._window.size_px, self._screen
        if screen is None or screen.size != size:  # while a film is made there is one a frame: it is kept
            self._free_screen()
            self._screen = screen = self._ctx.framebuffer([self._ctx.texture(size, 4)])
        self._show(screen, scene)
        raw = np.frombuffer(screen.read(components=3, alignment=1), np.uint8)
        return raw.reshape(size[1], size[0], 3)[::-1]

    def close(self) -> None:
        """Free everything."""
        if self.panel:
            self.panel.close()
        if self._overlay:
            self._overlay.release()
        self._scenery.release()
        self._cells.release()
        self._ceiling.release()
        self._canvas.release()
        self._free_screen()
        self._ctx.release()

    def _source(self, values: Held | Numbers) -> Loan | Numbers:
        """Tell where a patch's numbers are."""
        if isinstance(values, Held):
            self.adopted += 1
            return values.loan
        return values

    def _stamp(self, sprites: Sequence[Sprite], box: Box) -> None:
        for sprite in sprites:
            self._canvas.stamp(sprite.colours, (sprite.left, sprite.top), box)

    def _free_screen(self) -> None:
        if self._screen:
            free(self._ctx, self._screen)
            self._screen = None

    def _show(self, target: moderngl.Framebuffer, scene: Scene) -> None:
        self.draws_landscapes &= self._scenery.draw(self._canvas, scene)
        size, old = self._window.size_px, self._view or scene.view
        if not isinstance(lens(scene), PlaneLens):
            old = scene.view  # a drawing does not move with the plane
        affine = Affine(*carried(scene.view, size, old, self._canvas.size))
        seen = scene.view if isinstance(lens(scene), PlaneLens) else self._view or scene.view
        tops = self._ceiling.uniforms(scene, seen, sized(size, self.letters), self.status_px, self.free)
        self._canvas.show(target, size, affine, scene.quantise == "round", tops, self._ceiling.boxes)

    def _interface(self) -> tuple[Overlay | None, Panel | None]:
        """Set up status line, help and panel; a machine that cannot load them still has title and keys."""
        try:
            font = resources.files("weightscape.assets.font") / "Roboto-Regular.ttf"
            panel = Panel(self._window, font.read_bytes())
            panel.text_size = kept_text_size()
        except WindowError as error:
            print(f"weightscape: no status line: {error}", file=sys.stderr)
            for _, keys, text in help_rows():
                print(f"  {keys:28} {text}", file=sys.stderr)
            return None, None
        return Overlay(self._ctx), panel


def _read(patch: Patch) -> Reading | None:
    """Tell how a patch's values become colours, where that is not plain."""
    return patch.colour.read(patch.values.shape[2])
