"""Drawings of points that stay on the GPU: the window shows what files have, numbers and thumbnails as well."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from display import until
from program import Program, running
from specimen import CLASSIFIED, classifier

import weightscape
from weightscape.file.npz import write_weights
from weightscape.picture.placement import drawn_size
from weightscape.publish import gallery
from weightscape.scene.scene import Scene
from weightscape.window.over.status import status_height

SIZE = (240, 180)
STATUS_PX = 40  # the status line covers less than this
SAMPLES = 2
# Two outputs that are equal but for rounding may be ordered otherwise: of so few points.
TIES = 2e-4


def scene(name: str, folder: Path) -> Scene:
    """Show a classifier: shipped, ten sigmoids; or with a softmax over five, or three outputs, which are texels."""
    if name == "digits":
        return replace(gallery.scene("digits"), lens="winner")
    if name == "three":
        return Scene(layers=5, width=8, lens="winner", radius=3.0)
    made = classifier(temperature=3.0)
    write_weights(folder / "five.npz", made.weights, made.biases, made.activations)
    return Scene(weights=str(folder / "five.npz"), inputs=CLASSIFIED.inputs, lens="winner")


@pytest.fixture(scope="module", params=["digits", "three by fragments", "five"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Run one explorer for each of the scenes."""
    folder, (name, _, by) = tmp_path_factory.mktemp("points"), request.param.partition(" by ")
    engine = "fragment" if by else "compute"
    more = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_REST_SAMPLES": str(SAMPLES), "WEIGHTSCAPE_ENGINE": engine}
    shown = scene(name, folder).to_text()
    with running(folder, "--size", f"{SIZE[0]}x{SIZE[1]}", "--scene", shown, **more) as program:
        program.engine = engine
        yield program


def adopted(program: Program) -> int:
    return int(program.said("rest")[-1]["adopted"])


def is_that_of_the_file(program: Program) -> bool:
    """Wait until the window shows what a file has."""
    program.settled()
    scene = program.scene()
    size = drawn_size(scene, SIZE, status_height(1.0))  # a chart in a half leaves the status line's rows free
    expected = weightscape.render(scene, size=size, samples=SAMPLES, engine=program.engine).astype(int)
    expected = np.pad(expected, ((0, SIZE[1] - size[1]), (0, 0), (0, 0)))
    assert len(np.unique(expected[:-STATUS_PX].reshape(-1, 3), axis=0)) > 100

    def is_near() -> bool:
        farther = np.abs(expected - program.pixels())[:-STATUS_PX].max(-1) > 1
        return bool(farther.mean() <= TIES)

    until(is_near, "the picture of the file")
    return True


def test_a_picture_at_rest_is_that_of_a_file(program: Program) -> None:
    assert is_that_of_the_file(program)
    assert adopted(program) >= SAMPLES + 1  # a fine pass, and each sample


def test_after_keys_too(program: Program) -> None:
    for keys in (("+", "+"), ("-", "<", "b")):  # nearer; turned, and split
        program.settled()
        before = adopted(program)
        for key in keys:
            program.asked_after(key)
        assert is_that_of_the_file(program)
        assert adopted(program) >= before + SAMPLES + 1


def test_what_differences_are_needed_for_comes_back(tmp_path: Path) -> None:
    options = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": "compute"}
    with running(
        tmp_path, "--size", "200x150", "--layers", "2", "--lens", "winner", "--radius", "1e-9", **options
    ) as it:
        it.settled()
        assert adopted(it) == 0
