"""Pictures that stay on the GPU on their way to the window: they are those that files have, and are seen as such."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from program import Program, running

import weightscape

SIZE = (240, 180)
STATUS_PX = 40  # the status line covers less than this
SAMPLES = 3


@pytest.fixture(scope="module", params=["compute", "fragment"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Run one explorer for the tests of this file."""
    folder, size = tmp_path_factory.mktemp(request.param), f"{SIZE[0]}x{SIZE[1]}"
    more = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_REST_SAMPLES": str(SAMPLES), "WEIGHTSCAPE_ENGINE": request.param}
    with running(folder, "--size", size, "--layers", "5", "--width", "8", **more) as program:
        program.engine = request.param
        yield program


def adopted(program: Program) -> int:
    """Tell how many tiles have stayed on the GPU, at the last rest."""
    return int(program.said("rest")[-1]["adopted"])


def farthest(program: Program, samples: int = SAMPLES) -> int:
    """Tell by how many 255ths the window at rest is off from the file of what it shows, at worst."""
    found: list[int] = []

    def is_near() -> bool:  # of the scene as it is now: what a hand has done may come late
        program.settled()
        expected = weightscape.render(program.scene(), size=SIZE, samples=samples, engine=program.engine)
        found.append(distance(expected, program.pixels()))
        return found[-1] <= 1

    until(is_near, "the picture of the file")
    return found[-1]


def distance(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> int:
    return int(np.abs(one.astype(int) - other.astype(int))[:-STATUS_PX].max())


def test_a_picture_at_rest_is_that_of_a_file(program: Program) -> None:
    assert farthest(program) <= 1
    assert adopted(program) >= SAMPLES + 1  # a fine pass, and each sample


@pytest.mark.parametrize(
    "keys",
    [("+", "+"), ("l",), ("l", "c"), ("c", "r"), ("<", "-")],
    ids=["zoom", "stretched", "palette", "network", "turn"],
)
def test_after_keys_too(program: Program, keys: tuple[str, ...]) -> None:
    before = adopted(program) if program.said("rest") else 0
    for key in keys:
        program.asked_after(key)
    assert farthest(program) <= 1
    assert adopted(program) > before


def test_a_panned_picture_keeps_its_pixels_and_gets_the_strips(program: Program) -> None:
    program.settled()
    before, asked = adopted(program), program.scene()
    x, y = program.place()
    drag = ("mousemove", str(x + 150), str(y + 100), "mousedown", "1")
    for step in range(1, 5):
        drag += ("mousemove", str(x + 150 + 9 * step), str(y + 100 - 4 * step))
    press(program.display, *drag, "mouseup", "1")
    until(lambda: program.scene().center != asked.center, "the new view")
    assert farthest(program) <= 1
    assert adopted(program) > before


def test_what_has_no_shading_goes_by_way_of_the_processor(tmp_path: Path) -> None:
    options = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": "compute"}
    with running(tmp_path, "--size", "240x200", "--layers", "3", "--lens", "stretch", **options) as program:
        program.settled()
        assert adopted(program) == 0


@pytest.mark.parametrize("held", ["auto", "never"])
def test_software_holds_nothing_by_itself(tmp_path: Path, held: str) -> None:
    options = {"WEIGHTSCAPE_HELD": held, "WEIGHTSCAPE_ENGINE": "compute"}
    with running(tmp_path, "--size", "240x200", "--layers", "3", **options) as program:
        program.settled()
        assert adopted(program) == 0
