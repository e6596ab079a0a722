"""Letters of charts in a real window: they follow the monitor's scale and the text size, and S saves what is seen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from display import until
from PIL import Image
from program import Program, running

from weightscape.cli.cli import main
from weightscape.window.over.status import status_height

SIZE = 960, 600
OPTIONS = "--size", "960x600", "--layers", "4", "--width", "8", "--activation", "relu"
# Notices go soon: they may lie over what is compared.
BEFORE = """
from weightscape.explore import explorer, fetching
explorer.Explorer.say.__defaults__ = 0.2, False
fetching.LINKED_S = 0.2
"""


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Run one explorer on a monitor of scale 2 for all charts."""
    folder = tmp_path_factory.mktemp("scaled")
    with running(folder, *OPTIONS, screen="1000x620x24", dpi=192, before=BEFORE) as program:
        yield program


def saved(program: Program) -> Path:
    """Save the picture, and tell where."""
    program.settled()
    before = {*(program.folder / "captures").glob("*.png")}
    program.said_after("s", "picture saved")
    (path,) = {*(program.folder / "captures").glob("*.png")} - before
    return path


def read(path: Path) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(path))


def wait_for(program: Program, picture: npt.NDArray[np.uint8]) -> None:
    """Wait until a picture is seen above the status line; a notice that goes may be over it till then."""

    def is_seen() -> bool:
        seen = program.pixels()[: len(picture)]
        return seen.shape == picture.shape and bool(np.abs(seen.astype(int) - picture).max(-1).mean() < 0.25)

    until(is_seen, "the same in the window")


@pytest.mark.parametrize("key", ["n", "p", "w", "x", "m", "shift+m", "j"])
def test_a_chart_on_a_scaled_monitor_is_saved_as_it_is_seen_and_made_again(
    scaled: Program, tmp_path: Path, key: str
) -> None:
    while scaled.scene().lens != "outputs":
        scaled.asked_after("backspace")
    scaled.asked_after(key)
    path = saved(scaled)
    picture = read(path)
    assert picture.shape[:2] == (SIZE[1] - status_height(2.0), SIZE[0])
    wait_for(scaled, picture)
    again = tmp_path / "again.png"
    with pytest.raises(SystemExit) as left:
        main(["render", "--scene", str(path), "--engine", "numpy", "-o", str(again)])
    assert left.value.code in (0, None)
    assert np.array_equal(read(again), picture)


def test_a_chart_is_laid_out_again_with_larger_letters(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, screen="1000x620x24", before=BEFORE) as program:
        program.settled()
        program.asked_after("w")
        plain = read(saved(program))
        for _ in range(2):
            program.said_after("ctrl+=", "text")
        large = read(saved(program))
        assert large.shape[0] < plain.shape[0]
        wait_for(program, large)
        heights = [int(np.ptp(np.nonzero((each[:40, :200].max(-1) > 128).any(-1))[0])) for each in (plain, large)]
        assert heights[1] / heights[0] == pytest.approx(1.25, abs=0.15)
