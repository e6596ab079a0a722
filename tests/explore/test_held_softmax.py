"""A softmax that the window's shader takes: the picture is that of a file, and its points stay on the GPU."""

from collections.abc import Iterator

import numpy as np
import pytest
from display import until
from program import Program, running
from specimen import mixed

import weightscape
from weightscape.file.npz import write_weights
from weightscape.scene.scene import Scene

SIZE = (240, 180)
STATUS_PX = 40  # the status line covers less than this
SAMPLES = 3


@pytest.fixture(scope="module", params=["compute", "fragment"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("softmax")
    made = mixed((2, 8, 8, 3), "tanh tanh softmax")
    write_weights(folder / "net.npz", [3 * W for W in made.weights], made.biases, made.activations)
    shown = Scene(weights=str(folder / "net.npz")).to_text()
    more = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_REST_SAMPLES": str(SAMPLES), "WEIGHTSCAPE_ENGINE": request.param}
    with running(folder, "--size", f"{SIZE[0]}x{SIZE[1]}", "--scene", shown, **more) as program:
        program.engine = request.param
        yield program


def stayed_and_is_the_file(program: Program) -> bool:
    """Wait until the window shows what a file has, and tell whether a fine pass and each sample have stayed."""

    def is_near() -> bool:
        program.settled()
        expected = weightscape.render(program.scene(), size=SIZE, samples=SAMPLES, engine=program.engine)
        assert len(np.unique(expected.reshape(-1, 3), axis=0)) > 100
        off = np.abs(expected.astype(int) - program.pixels())[:-STATUS_PX]
        return bool(off.max() <= 1)

    until(is_near, "the picture of the file")
    return int(program.said("rest")[-1]["adopted"]) >= SAMPLES + 1


def test_probabilities_stay(program: Program) -> None:
    assert stayed_and_is_the_file(program)


def test_nearer_too(program: Program) -> None:
    program.settled()
    before = program.said("rest")[-1]["adopted"]
    for key in ("+", "+", "<"):
        program.asked_after(key)
    assert stayed_and_is_the_file(program)
    assert program.said("rest")[-1]["adopted"] > before
