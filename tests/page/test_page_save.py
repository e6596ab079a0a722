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
    assert from_mapping(inside(file)["scene"]) == scene
    assert file.name.startswith(f"weightscape-{scene.seed}-")
    assert run(["show", str(file)]) == 0
    assert '"layers": ' in capsys.readouterr().out
    is_made_again(file)


def is_made_again(file: Path) -> None:
    """Fail unless the program makes the same picture of a saved one, but for few pixels."""
    about = inside(file)
    assert (about["size"], about["samples"], about["precision"]) == ([*SIZE], 1, "auto")
    made = file.with_name("again.png")
    assert run(["render", "--scene", str(file), "--engine", "numpy", "-o", str(made)]) == 0
    with Image.open(file) as picture, Image.open(made) as again:
        assert picture.size == again.size == SIZE
        apart = np.abs(np.asarray(picture.convert("RGB"), int) - np.asarray(again, int)).max(axis=2)
    assert (apart <= 2).mean() >= 0.995


def test_time_stands_still_for_a_saved_picture(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, SIZE)
    tab.open(written(tmp_path, Scene(layers=3, width=6, inputs=("x", "y", "cos_t"))))
    tab.until("explorer.scene.time > 0.01")
    file = saved(live, tmp_path)
    time = from_mapping(inside(file)["scene"]).time
    assert time > 0.01
    is_made_again(file)
    tab.until(f"explorer.scene.time > {time}")


def test_a_window_that_has_just_changed_is_waited_for(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, SIZE).open(written(tmp_path, SCENES["plain"]))
    tab.size(240, 135)
    tab.until("explorer.picture.size[0] === 240")
    file = saved(live, tmp_path)
    with Image.open(file) as picture:
        assert picture.size == (240, 135)
        assert np.asarray(picture.convert("RGB")).max(axis=2).min() > 0
    assert inside(file)["size"] == [240, 135]


def test_the_text_is_read_by_its_keyword(tab: Tab, tmp_path: Path) -> None:
    file = saved(Live(tab, SIZE).open(written(tmp_path, SCENES["plain"])), tmp_path)
    text = read_text(file, KEYWORD)
    assert text
    assert text.startswith('{"scene": {"version": 1, "seed": 43')
