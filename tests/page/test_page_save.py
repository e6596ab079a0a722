"""A picture that a page saves: the program opens it, and makes the same one."""

from pathlib import Path

import numpy as np
import pytest
from browser import Tab
from live import Live, written
from PIL import Image

from weightscape.cli.cli import run
from weightscape.file.png import KEYWORD, read_text
from weightscape.network.view import Size
from weightscape.publish.gallery import inside
from weightscape.scene.scene import Scene, from_mapping

SIZE: Size = (160, 90)
SCENES = {
    "plain": Scene(layers=5, width=10),
    "palette": Scene(seed=2**64 - 1, layers=3, width=6, outputs=1, palette="magma", rule="he", activation="relu"),
    "unit": Scene(seed=3, layers=4, width=6, lens="unit", layer=2, levels="auto", angle=30.0),
}


def saved(live: Live, folder: Path) -> Path:
    """Press S and wait for the file."""
    live.tab.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    live.press("s")
    live.tab.until("NOTICE.textContent.startsWith('picture saved: ')")
    file = folder / live.notice.removeprefix("picture saved: ")
    while not file.exists():
        live.tab.until("true")
    return file


@pytest.mark.parametrize("name", SCENES)
def test_the_program_opens_a_saved_picture(
    name: str, tab: Tab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = SCENES[name]
    file = saved(Live(tab, SIZE).open(written(tmp_path, scene)), tmp_path)
    assert file.name.startswith(f"weightscape-{scene.seed}-")
    about = inside(file)
    assert from_mapping(about["scene"]) == scene
    assert (about["size"], about["samples"], about["precision"]) == ([*SIZE], 1, "auto")
    assert run(["show", str(file)]) == 0
    assert '"layers": ' in capsys.readouterr().out

    assert run(["render", "--scene", str(file), "--engine", "numpy", "-o", str(tmp_path / "again.png")]) == 0
    with Image.open(file) as picture, Image.open(tmp_path / "again.png") as again:
        assert picture.size == again.size == SIZE
        apart = np.abs(np.asarray(picture.convert("RGB"), int) - np.asarray(again, int)).max(axis=2)
    assert (apart <= 2).mean() >= 0.995


def test_the_text_is_read_by_its_keyword(tab: Tab, tmp_path: Path) -> None:
    file = saved(Live(tab, SIZE).open(written(tmp_path, SCENES["plain"])), tmp_path)
    text = read_text(file, KEYWORD)
    assert text
    assert text.startswith('{"scene": {"version": 1, "seed": 43')
