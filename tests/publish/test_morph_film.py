"""The film of a morph among the captures: whole, or not at all once it is given up; every engine draws its scenes."""

from pathlib import Path

import av
import numpy as np
import pytest
from patience import until

from weightscape.engine.question import Cancelled
from weightscape.picture.render import render
from weightscape.picture.watch import Watch
from weightscape.publish.morph_film import Films, write_morph
from weightscape.scene.morph import Morph, Way
from weightscape.scene.scene import Scene

A, B = Scene(layers=4, width=8), Scene(layers=4, width=8, seed=7, mix="9:0.6", radius=1.0, scale=0.9)


@pytest.fixture(autouse=True)
def captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path))
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    return tmp_path


def test_it_has_every_frame_and_even_sides(captures: Path) -> None:
    films = Films(lambda: None)
    films.film(Morph((A, B), 7), (33, 25), 1)
    (path,) = until(films.fetch, "the film")
    assert isinstance(path, Path)
    assert path.name.endswith("-morph.mp4")
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 7
    assert frames[0].shape == (24, 32, 3)
    films.close()
    assert [*captures.iterdir()] == [path]


def test_one_that_is_given_up_leaves_nothing(captures: Path) -> None:
    films = Films(lambda: None)
    films.film(Morph((A, B), 5000), (320, 240), 1)
    until(lambda: films.progress not in ("", "0 %"), "a beginning")
    assert films.give_up()
    assert films.progress == ""
    until(lambda: not films._jobs or films._jobs[0].future.done(), "the end")
    assert films.fetch() == []
    films.close()
    assert [*captures.iterdir()] == []


def test_progress_is_told_and_an_end_is_heard() -> None:
    told: list[float] = []
    write_morph(Morph((A, B), 3), (16, 16), watch=Watch(progress=told.append))
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(Cancelled):
        write_morph(Morph((A, B), 3), (16, 16), watch=Watch(lambda: len(told) > 0))


@pytest.mark.parametrize("engine", ["fragment", "compute", "jit"])
@pytest.mark.usefixtures("gl")
def test_every_engine_draws_what_lies_between(engine: str) -> None:
    for part in (0.3, 0.5, 0.8):
        scene = Way(A, B).at(part)
        truth = render(scene, size=(31, 19), engine="numpy").astype(int)
        assert np.abs(render(scene, size=(31, 19), engine=engine) - truth).max() <= 1
