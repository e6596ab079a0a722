"""Linear pieces that stay on the GPU: the window shows what files have, across tiles, samples, moves and halves."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from patience import until
from stage import Stage, Theatre, opened_stage

import weightscape
from weightscape.engine import tile
from weightscape.network.view import pan
from weightscape.scene.scene import Scene

SIZE = (180, 132)
SAMPLES = 3
START = Scene(lens="regions", layers=5, width=10, activation="relu", rule="he", tied=False, outputs=1)
# In this order, of which an even choice has a view, halves, and differences, and both engines.
SCENES = {
    "zoomed": replace(START, radius=0.3, angle=20.0),
    "far out": replace(START, radius=20.0, activation="abs"),
    "of differences": replace(START, radius=1e-7),
    "another network": replace(START, seed=3, layers=3, width=6),
    "split": replace(START, beside='{"seed": 4}'),
    "split in lenses": replace(START, beside='{"lens": "outputs"}'),
}


def small_tiles() -> None:
    tile.MAX_SIDE = 60


@pytest.fixture(scope="module", params=["compute", "fragment"])
def theatre(request: pytest.FixtureRequest) -> Iterator[tuple[Theatre, str]]:
    """Open one window for the tests of this file, whose pictures are made of many tiles."""
    held = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": request.param}
    with opened_stage(START, SIZE, held | {"WEIGHTSCAPE_REST_SAMPLES": str(SAMPLES)}, small_tiles) as theatre:
        yield theatre, request.param


def shown(stage: Stage, scene: Scene) -> tuple[npt.NDArray[np.uint8], int, int]:
    """Show a scene until it is at rest; tell what is seen, how many rows a chart has not, and tiles adopted."""
    before = stage.explorer.screen.adopted
    stage.show(scene)
    screen = stage.explorer.screen
    return screen.snapshot(stage.explorer.scene).copy(), screen.status_px, screen.adopted - before


def file(scene: Scene, below: int, engine: str, samples: int = SAMPLES) -> npt.NDArray[np.int_]:
    made: Any = weightscape.render(scene, size=(SIZE[0], SIZE[1] - below), samples=samples, engine=engine)  # type: ignore[arg-type]
    return np.asarray(made, np.int_)


def farthest(seen: npt.NDArray[np.uint8], expected: npt.NDArray[np.int_]) -> int:
    return int(np.abs(seen[: len(expected)] - expected).max())


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_at_rest_is_that_of_a_file(theatre: tuple[Theatre, str], name: str) -> None:
    stage, engine = theatre
    seen, below, adopted = stage.run(shown, SCENES[name])
    expected = file(SCENES[name], below, engine)
    assert len(np.unique(expected.reshape(-1, 3), axis=0)) > 20
    assert farthest(seen, expected) <= 1
    assert adopted >= 6 * (SAMPLES + 1)  # a fine pass, and each sample


def test_after_a_pan_too(theatre: tuple[Theatre, str]) -> None:
    stage, engine = theatre
    scene = replace(START, radius=1.5)
    stage.run(shown, scene)
    for step in ((37.0, -12.0), (-60.5, 4.25)):
        scene = scene.looking(pan(scene.view, SIZE, *step))
        seen, below, adopted = stage.run(shown, scene)
        assert farthest(seen, file(scene, below, engine)) <= 1
        assert adopted >= 6 * (SAMPLES + 1)


def told(stage: Stage) -> tuple[npt.NDArray[np.uint8], int]:
    """Wait until the count is laid over a picture that gets no more samples."""
    screen, lines, scenes = stage.explorer.screen, list[bool](), [START]
    stamp, paint = screen._stamp, screen.paint
    asked = replace(START, seed=11)

    def begun(painted: Any) -> None:
        scenes.append(painted.request.scene)
        paint(painted)

    def noted(sprites: Any, box: Any) -> None:
        stamp(sprites, box)
        lines.append(bool(sprites) and scenes[-1] == asked)  # the picture before has a count, too

    screen._stamp, screen.paint = noted, begun  # type: ignore[method-assign]
    stage.explorer.show(asked)
    until(lambda: [stage.step()] and any(lines), "the count")  # type: ignore[misc]
    return screen.snapshot(stage.explorer.scene).copy(), screen.status_px


def test_the_count_is_laid_over_a_picture_without_samples() -> None:
    held = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": "compute", "WEIGHTSCAPE_REST_SAMPLES": "1"}
    with opened_stage(START, SIZE, held) as theatre:
        seen, below = theatre.run(told)
    assert farthest(seen, file(replace(START, seed=11), below, "compute", 1)) <= 1
