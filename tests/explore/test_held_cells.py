"""Cells of many units, coloured in the window: it shows what files have, whichever engine answers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from gl_object import living
from stage import Stage, Theatre, opened_stage

from weightscape.network.view import pan
from weightscape.scene.scene import Scene

SIZE = (269, 193)
ATLAS = Scene(layers=5, width=8, lens="atlas")
UNITS = replace(ATLAS, lens="units", layer=2)
MOVED = {"radius": 0.3, "center": ("0.31", "-0.2"), "angle": 20.0}
# In this order, of which an even choice has both lenses, a view and halves.
SCENES = {
    "atlas": ATLAS,
    "before": replace(ATLAS, before=True, palette="magma"),
    "stretched": replace(ATLAS, levels="auto"),
    "units": UNITS,
    "units moved": replace(UNITS, **MOVED),  # type: ignore[arg-type]
    "many": replace(UNITS, width=40, tied=False, before=True),
    "outputs": replace(UNITS, layer=0, palette="twilight"),
    "moved": replace(ATLAS, **MOVED),  # type: ignore[arg-type]
    "split lens": replace(ATLAS, beside='{"lens": "outputs"}'),
    "split": replace(UNITS, beside='{"seed": 12}'),
    "deep": replace(ATLAS, radius=1e-9, center=("0.31", "-0.2")),
}


@pytest.fixture(scope="module", params=["compute", "fragment", "numpy"])
def engine(request: pytest.FixtureRequest) -> str:
    """Name each engine."""
    return str(request.param)


@pytest.fixture(scope="module")
def theatre(engine: str) -> Iterator[Theatre]:
    """Open one window for each engine."""
    held = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": engine}
    with opened_stage(ATLAS, SIZE, held) as theatre:
        yield theatre


def farthest(stage: Stage, scene: Scene) -> int:
    """Show a scene; tell by how many 255ths the window is off from its file, at worst."""
    import os

    import weightscape
    from weightscape.picture.placement import drawn_size

    stage.show(scene)
    request = stage.explorer.request
    assert request
    size = drawn_size(scene, request.size, request.below, request.free)  # a hint may stand below
    expected = weightscape.render(scene, size=size, engine=os.environ["WEIGHTSCAPE_ENGINE"]).astype(int)
    assert len(np.unique(expected.reshape(-1, 3), axis=0)) > 100
    return int(np.abs(stage.explorer.screen.snapshot(scene)[: size[1]] - expected).max())


@pytest.mark.parametrize("name", SCENES)
def test_the_window_shows_what_a_file_has(name: str, theatre: Theatre) -> None:
    assert theatre.run(farthest, SCENES[name]) <= 1


def adopted(stage: Stage, scene: Scene) -> int:
    """Show a scene, and tell how many tiles of it have stayed on the GPU."""
    before = stage.explorer.screen.adopted
    stage.show(scene)
    return stage.explorer.screen.adopted - before


@pytest.mark.parametrize("name", ["atlas", "before", "outputs", "units", "many", "split", "deep"])
def test_numbers_stay_where_they_are_made(name: str, theatre: Theatre, engine: str) -> None:
    scene = replace(SCENES[name], seed=7)
    assert (theatre.run(adopted, scene) > 0) == (engine != "numpy")
    assert theatre.run(adopted, replace(scene, levels="auto")) == 0


def resized(stage: Stage, size: tuple[int, int]) -> int:
    """Resize the window, and tell how far it is off."""
    import glfw
    from patience import until

    glfw.set_window_size(stage.window._handle, *size)
    until(lambda: [stage.step()] and stage.window.size_px == size, "the new size")
    stage.rest()
    return farthest(stage, stage.explorer.scene)


def test_after_resizing_too(theatre: Theatre) -> None:
    for scene in (ATLAS, UNITS):
        theatre.run(farthest, scene)
        for size in ((201, 233), (330, 141), SIZE):
            assert theatre.run(resized, size) <= 1


def papers(stage: Stage, scenes: list[Scene]) -> int:
    """Show scenes, and count how often something was painted that is as wide as the window."""
    canvas, count = stage.explorer.screen._canvas, 0
    paint = canvas.paint

    def counted(values: Any, *arguments: Any) -> None:
        nonlocal count
        count += values.shape[:2] > (100, 100)
        paint(values, *arguments)

    canvas.paint = counted  # type: ignore[method-assign]
    for scene in scenes:
        stage.show(scene)
    canvas.paint = paint  # type: ignore[method-assign]
    return count


def test_a_drag_paints_no_paper_and_another_layout_does(theatre: Theatre) -> None:
    theatre.run(farthest, ATLAS)
    dragged = [ATLAS.looking(pan(ATLAS.view, SIZE, 7.0 * n, 3.0)) for n in range(1, 6)]
    assert theatre.run(papers, dragged) == 0
    assert theatre.run(papers, [replace(dragged[-1], seed=9)]) == 0
    assert theatre.run(papers, [UNITS]) == 1
    assert theatre.run(farthest, replace(ATLAS, lens="outputs")) <= 1
    assert theatre.run(farthest, ATLAS) <= 1


def changed(stage: Stage, first: int, count: int) -> dict[str, int]:
    """Show so many pictures, one after the other, and count the window's objects."""
    for n in range(first, first + count):
        stage.explorer.show(replace((ATLAS, UNITS)[n % 2], seed=n, layers=3 + n % 4))
        stage.step()
        if n % 5 == 0:
            stage.rest()
    stage.show(replace(ATLAS, seed=first + count))
    return living(stage.explorer.screen._ctx)


def test_no_object_is_left_behind(theatre: Theatre) -> None:
    before = theatre.run(changed, 0, 12)
    assert theatre.run(changed, 12, 20) == before
