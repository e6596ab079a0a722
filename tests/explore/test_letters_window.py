"""Letters of charts in a real window: they follow the monitor's scale and the text size, and S saves what is seen."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from display import until
from PIL import Image
from program import Program, running

from weightscape.window.over.status import status_height

SIZE = 1280, 800
OPTIONS = "--size", "1280x800", "--layers", "4", "--width", "8", "--activation", "relu"


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
def test_a_chart_on_a_scaled_monitor_is_saved_as_it_is_seen_and_made_again(tmp_path: Path, key: str) -> None:
    with running(tmp_path, *OPTIONS, screen="1300x820x24", dpi=192) as program:
        program.settled()
        program.asked_after(key)
        path = saved(program)
        picture = read(path)
        assert picture.shape[:2] == (SIZE[1] - status_height(2.0), SIZE[0])
        wait_for(program, picture)
    again = tmp_path / "again.png"
    options = "--scene", str(path), "--engine", "numpy", "-o", str(again)
    subprocess.run([sys.executable, "-m", "weightscape", "render", *options], check=True, capture_output=True)
    assert np.array_equal(read(again), picture)


def test_a_chart_is_laid_out_again_with_larger_letters(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, screen="1300x820x24") as program:
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
