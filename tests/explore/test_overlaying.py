"""What lies over the window's picture comes soon where it is quick, and whole once the picture is fine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spirals import written

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.tile import Pace
from weightscape.explore.paint import ceiling, overlaying
from weightscape.explore.paint.overlaying import Overlaying
from weightscape.explore.tell.classes import classes
from weightscape.lens.lens import Part
from weightscape.picture import points_memory
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Exposure
from weightscape.picture.points_memory import points
from weightscape.scene.scene import Scene

SIZE = (90, 60)


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    for each in (points_memory._tables, points_memory._places, points_memory._judged):
        each.clear()  # type: ignore[attr-defined]


@pytest.fixture
def evaluator() -> Iterator[Evaluator]:
    engine = NumpyEngine(1)
    yield Evaluator(engine, Pace())
    engine.release()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    net, data = written(tmp_path)
    return Scene(weights=net, points=data)


def exposures(evaluator: Evaluator, scene: Scene) -> list[Exposure]:
    return [exposure_of(evaluator, Part(scene, SIZE), "single")]


def test_nothing_lies_over_a_bare_picture(evaluator: Evaluator, scene: Scene) -> None:
    for each in (replace(scene, points=""), replace(scene, lens="atlas"), replace(scene, points="", axes=True)):
        overlaying, found = Overlaying(), exposures(evaluator, each)
        assert overlaying.soon(found, SIZE, is_flowing=False) is None
        assert overlaying.rest(evaluator, found, SIZE) is None
        assert overlaying.tally is None


def test_points_come_at_once_and_judged_at_rest(evaluator: Evaluator, scene: Scene) -> None:
    overlaying, found = Overlaying(), exposures(evaluator, scene)
    points(scene)
    soon = overlaying.soon(found, SIZE, is_flowing=False)
    assert overlaying.tally
    assert overlaying.tally.wrong is None
    assert classes(overlaying.tally).rows[0][1] == "0: 97"
    rest = overlaying.rest(evaluator, found, SIZE)
    assert soon
    assert rest
    assert soon.pixels.any()
    assert not np.array_equal(soon.pixels, rest.pixels)  # three are crossed
    assert overlaying.tally.wrong == 3
    assert classes(overlaying.tally).rows[1][1] == "1: 103, 3 misclassified"
    again = Overlaying().soon(found, SIZE, is_flowing=True)
    assert again
    assert np.array_equal(again.pixels, rest.pixels)


def test_a_file_that_is_not_read_yet_keeps_no_picture_waiting(evaluator: Evaluator, scene: Scene) -> None:
    overlaying, found = Overlaying(), exposures(evaluator, scene)
    soon = overlaying.soon(found, SIZE, is_flowing=False)
    assert soon
    assert not soon.pixels.any()
    assert not points_memory.is_read(scene)
    rest = overlaying.rest(evaluator, found, SIZE)
    assert rest
    assert rest.pixels.any()


def test_what_lay_over_a_picture_moves_on_with_it(
    evaluator: Evaluator, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    lined, found = replace(scene, contour=True), Overlaying()
    assert found.soon(exposures(evaluator, lined), SIZE, is_flowing=False)
    assert found.rest(evaluator, exposures(evaluator, lined), SIZE)
    assert found.soon(exposures(evaluator, replace(lined, radius=2.0)), SIZE, is_flowing=True) is None
    assert found.soon(exposures(evaluator, replace(lined, lens="winner", radius=2.0)), SIZE, is_flowing=True)
    monkeypatch.setattr(overlaying, "FLOWING", 150)
    assert Overlaying().soon(exposures(evaluator, scene), SIZE, is_flowing=True) is None
    assert Overlaying().soon(exposures(evaluator, scene), SIZE, is_flowing=False)


@pytest.mark.parametrize("content", ["1,2,3,4\n", None])
def test_a_picture_is_there_without_points_that_cannot_be_read(
    evaluator: Evaluator, scene: Scene, content: str | None
) -> None:
    Path(scene.points).unlink()
    if content:
        Path(scene.points).write_text(content)
    overlaying, found = Overlaying(), exposures(evaluator, scene)
    overlaying.soon(found, SIZE, is_flowing=False)
    rest = overlaying.rest(evaluator, found, SIZE)
    assert rest
    assert not rest.pixels.any()
    assert overlaying.tally
    assert "spirals.csv: it" in classes(overlaying.tally).lines[0]


@pytest.mark.parametrize(
    ("changes", "has_layer"),
    [
        ({}, True),
        ({"lens": "winner"}, True),
        ({"lens": "atlas"}, False),
        ({"points": ""}, False),
        ({"points": "", "axes": True}, False),
        ({"points": "", "contour": True}, True),
        ({"lens": "atlas", "beside": '{"lens": "outputs"}'}, True),
        ({"points": "", "beside": '{"contour": true}'}, True),
        ({"beside": "{"}, False),
    ],
)
def test_what_lies_over_a_picture_goes_with_it(scene: Scene, changes: dict[str, Any], has_layer: bool) -> None:
    assert ceiling._has_layer(replace(scene, **changes)) is has_layer
