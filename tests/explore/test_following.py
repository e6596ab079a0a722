"""A followed file in an explorer: no hand is disturbed, both halves follow, the oldest steps are let go."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from patience import until
from stage import Stage, Theatre, opened_stage
from training import data, replaced

from weightscape.picture.epochs import EPOCHS
from weightscape.scene.epoch import epoch_name, number_of
from weightscape.scene.loaded import names_in
from weightscape.scene.scene import Scene

KEPT = 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.npz"
    path.write_bytes(data(1))
    return path


@pytest.fixture
def theatre(tmp_path: Path, file: Path) -> Iterator[Theatre]:
    environment = {
        "HOME": str(tmp_path),
        "WEIGHTSCAPE_OUTPUT_DIR": str(tmp_path / "captures"),
        "WEIGHTSCAPE_ENGINE": "numpy",
        "WEIGHTSCAPE_MOTION": "full",
    }
    with opened_stage(Scene(weights=str(file)), (160, 120), environment) as theatre:
        theatre.run(Stage.rest)
        yield theatre


def read(stage: Stage, name: str) -> None:
    """Step until a network has been read."""
    until(lambda: stage.step() or EPOCHS.network(name), "the network")


def seen(stage: Stage, name: str) -> list[str]:
    """Step until a network is shown, and rest; tell all that the steps show."""
    until(lambda: stage.step() or name in names_in(stage.explorer.scene), "the step")
    stage.rest()
    return [each for step in stage.explorer.history.steps for each in names_in(step.scene)]


def hold(stage: Stage, is_held: bool) -> None:
    """Hold the mouse, or let go."""
    stage.window._held = {0} if is_held else set()  # type: ignore[attr-defined]
    type(stage.window).is_held = property(lambda window: bool(window._held))  # type: ignore[assignment]


def shows(stage: Stage) -> list[str]:
    for _ in range(20):
        stage.step()
    return list(names_in(stage.explorer.scene))


def split(stage: Stage, right: str) -> None:
    beside = json.dumps({"weights": right, "lens": "units", "layer": 1})
    stage.show(replace(stage.explorer.scene, beside=beside))


def keep_few(stage: Stage) -> None:
    EPOCHS._count = KEPT


def test_a_hand_that_holds_the_picture_is_not_disturbed(theatre: Theatre, file: Path) -> None:
    theatre.run(hold, True)
    replaced(file, data(2))
    second = epoch_name(str(file), 2)
    theatre.run(read, second)
    assert theatre.run(shows) == [str(file)]
    theatre.run(hold, False)
    assert theatre.run(seen, second) == [str(file), second]


def test_both_halves_follow_but_one_that_shows_an_older_network_keeps_it(theatre: Theatre, file: Path) -> None:
    second, third, fourth = (epoch_name(str(file), n) for n in (2, 3, 4))
    theatre.run(split, str(file))
    replaced(file, data(2))
    assert theatre.run(seen, second)[-2:] == [second, second]
    theatre.run(split, str(file))
    replaced(file, data(3))
    assert theatre.run(seen, third)[-2:] == [third, str(file)]
    replaced(file, data(4))
    assert theatre.run(seen, fourth)[-2:] == [fourth, str(file)]


def test_the_oldest_networks_are_let_go_and_so_are_their_steps(theatre: Theatre, file: Path) -> None:
    theatre.run(keep_few)
    for number in range(2, 10):
        replaced(file, data(number))
        names = theatre.run(seen, epoch_name(str(file), number))
    assert [number_of(name) for name in names] == [6, 7, 8, 9]
