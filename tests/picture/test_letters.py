"""Letters of charts are as large as is asked with their size, whatever lens writes them, and files have theirs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import weightscape
from weightscape.draw.lettering import Letters, letters_of, sized
from weightscape.draw.plate import Plate
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import DrawnLens
from weightscape.network.view import Size
from weightscape.picture.banding import Banding
from weightscape.picture.placement import placed
from weightscape.scene.scene import Scene

SMALL = {"layers": 4, "width": 8}
WRITERS: dict[str, Scene] = {
    name: Scene(lens=name, **(SMALL | ({"activation": "relu"} if name == "regions" else {})))
    for name, lens in CATALOGUE.items()
    if isinstance(lens, DrawnLens) and not lens.surface
}
SIZE = 640, 400
DOUBLE = 1280, 800


@pytest.fixture
def largest(monkeypatch: pytest.MonkeyPatch) -> Callable[[Scene, Size], float]:
    """Draw a picture, and tell its largest letters."""
    sizes: list[float] = []
    write = Plate.text

    def text(plate: Plate, x: float, y: float, text: str, size: float, *how: Any, **more: Any) -> None:
        sizes.append(size)
        write(plate, x, y, text, size, *how, **more)

    def drawing(scene: Scene, size: Size) -> float:
        sizes.clear()
        drawn(scene, size)
        return max(sizes)

    monkeypatch.setattr(Plate, "text", text)
    return drawing


def drawn(scene: Scene, size: Size) -> npt.NDArray[np.uint8]:
    engine = NumpyEngine()
    try:
        return np.asarray(Banding(engine, scene, size, 1, "auto").make(0, size[1]), np.uint8)
    finally:
        engine.release()


def test_every_lens_that_writes_is_here() -> None:
    assert {"norms", "probe", "weights", "slice", "units", "atlas", "regions", "winner"} <= {*WRITERS}


@pytest.mark.parametrize("lens", WRITERS)
def test_at_twice_the_scale_letters_are_twice_as_large(largest: Callable[[Scene, Size], float], lens: str) -> None:
    scene = WRITERS[lens]
    once = largest(scene, SIZE)
    assert largest(scene, sized(DOUBLE, Letters(2.0))) == pytest.approx(2 * once)
    assert largest(scene, sized(DOUBLE, Letters(1.0, 1.25))) == pytest.approx(1.25 * largest(scene, DOUBLE))


@pytest.mark.parametrize("lens", WRITERS)
def test_a_file_stays_as_it_is_beside_a_window_with_large_letters(lens: str) -> None:
    scene = WRITERS[lens]
    before, large = drawn(scene, DOUBLE), drawn(scene, sized(DOUBLE, Letters(2.0, 1.5)))
    assert not np.array_equal(before, large)
    assert np.array_equal(before, drawn(scene, DOUBLE))
    assert np.array_equal(before, weightscape.render(scene, size=DOUBLE, engine="numpy"))


def test_both_halves_of_a_split_view_have_its_letters() -> None:
    scene = Scene(lens="norms", beside='{"lens": "weights"}', **SMALL)
    letters = Letters(2.0, 1.5)
    found = placed(scene, sized(DOUBLE, letters), below=54, free=(0, 0, 1280, 746))
    assert [letters_of(part.size) for part in found] == [letters, letters]


def test_a_landscape_has_no_letters_and_a_plain_size() -> None:
    (part,) = placed(Scene(lens="height", **SMALL), sized(DOUBLE, Letters(2.0)))
    assert type(part.size) is tuple
