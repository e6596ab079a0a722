"""What a worker makes of what it was sent is what is made here."""

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape.cluster.job import Job, Piece, marks
from weightscape.cluster.worker import desk, made, marked
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.file.npz import write_weights
from weightscape.file.png import KEYWORD, write_png
from weightscape.picture.banding import Banding
from weightscape.picture.network_memory import HANDED, network
from weightscape.publish.many_machines import handed_on, one_engine
from weightscape.scene.scene import Scene
from weightscape.scene.tone import Tone

SIZE = (64, 48)
RIGHT = json.dumps({"weights": "digits-relu", "lens": "winner"})


@pytest.fixture(autouse=True)
def cleared() -> Iterator[None]:
    """Leave no engine open."""
    yield
    desk.clear()


def sent(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


@pytest.mark.parametrize("tone", [Tone(), Tone(16, True), Tone(32)], ids=str)
@pytest.mark.parametrize("name", ["", "net.npz"])
def test_pieces_are_those_made_here(numpy_engine: NumpyEngine, name: str, tone: Tone, tmp_path: Path) -> None:
    drawn = network(Scene(layers=4, width=8))
    write_weights(tmp_path / "net.npz", drawn.weights, drawn.biases, drawn.activations)
    scene = Scene(layers=4, width=8, levels="auto", weights=name and str(tmp_path / name))
    banding = Banding(numpy_engine, scene, SIZE, 2, "auto", tone=tone)
    expected, told = banding.make(16, 32), marks(banding, scene)
    there, networks = handed_on(scene)
    (tmp_path / "net.npz").unlink()
    job = sent(Job(one_engine(banding.arithmetic()), SIZE, 2, "auto", networks, tone))
    piece = sent(Piece(there, 16, 32))
    assert marked(job, piece) == told
    pixels, made_by = made(job, piece)
    assert isinstance(pixels, np.ndarray)
    assert (pixels.dtype, made_by) == (expected.dtype, banding.arithmetic())
    assert np.array_equal(pixels, expected)


def test_a_frame_comes_as_the_file_that_it_will_be(numpy_engine: NumpyEngine, tmp_path: Path) -> None:
    scene = Scene(layers=4, width=8)
    whole = Banding(numpy_engine, scene, SIZE, 1, "auto").make(0, SIZE[1])
    write_png(tmp_path / "a.png", SIZE, [whole], {KEYWORD: "{}"})
    data, _ = made(Job("numpy", SIZE, 1, "auto"), Piece(scene, 0, SIZE[1], {KEYWORD: "{}"}))
    assert data == (tmp_path / "a.png").read_bytes()


def test_one_job_after_another_has_its_own_picture(numpy_engine: NumpyEngine) -> None:
    first, second = Scene(layers=4, width=8), Scene(layers=4, width=8, seed=5)
    few, many = Job("numpy", SIZE, 1, "auto"), Job("numpy", SIZE, 4, "auto")
    for job, scene in ((few, first), (few, second), (many, second), (replace(few, tone=Tone(16)), second)):
        banding = Banding(numpy_engine, scene, SIZE, job.samples, "auto", tone=job.tone)
        assert np.array_equal(made(job, Piece(scene, 0, 8))[0], banding.make(0, 8))


def test_both_halves_take_their_networks_along() -> None:
    scene = Scene(weights="street-light", beside=RIGHT)
    there, networks = handed_on(scene)
    assert there.weights in networks
    assert json.loads(there.beside)["weights"] in networks
    assert all(name.startswith(HANDED) for name in networks)
    assert len(networks) == 2
    assert replace(there, weights="", beside="") == replace(scene, weights="", beside="")
