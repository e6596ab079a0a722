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
    name: str, page: Tab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = SCENES[name]
    file = saved(Live(page, SIZE).begin(scene), tmp_path)
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


def test_a_window_that_has_just_changed_is_waited_for(page: Tab, tmp_path: Path) -> None:
    live = Live(page, SIZE).begin(SCENES["plain"])
    page.size(240, 135)
    page.until("explorer.picture.size[0] === 240")
    file = saved(live, tmp_path)
    with Image.open(file) as picture:
        assert picture.size == (240, 135)
        assert np.asarray(picture.convert("RGB")).max(axis=2).min() > 0
    assert inside(file)["size"] == [240, 135]


def test_the_text_is_read_by_its_keyword(page: Tab, tmp_path: Path) -> None:
    file = saved(Live(page, SIZE).begin(SCENES["plain"]), tmp_path)
    text = read_text(file, KEYWORD)
    assert text
    assert text.startswith('{"scene": {"version": 1, "seed": 43')


def refused(folder: Path) -> str:
    """Write a page whose first view no page can draw, and give its address."""
    address = written(folder, SCENES["plain"])
    file = folder / "net.html"
    text = file.read_text("utf-8")
    assert text.count('"radius":2.6,') == 1
    file.write_text(text.replace('"radius":2.6,', '"radius":1e-30,'), "utf-8")
    return address


def test_nothing_is_saved_while_nothing_is_drawn(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, SIZE).open(refused(tmp_path))
    tab.js("void (globalThis.handed = [], handOut = (blob, name) => handed.push(name))")
    live.press("s")
    tab.until("NOTICE.textContent === 'nothing was saved: this picture is not drawn'")
    live.press("home")
    live.rest()
    live.press("s")
    tab.until("NOTICE.textContent.startsWith('picture saved: ')")
    assert tab.js("handed.length") == 1


def test_another_scene_ends_a_saving_in_a_sentence(page: Tab) -> None:
    live = Live(page, SIZE).begin(SCENES["plain"])
    page.js("void (globalThis.handed = [], globalThis.heard = [])")
    live.instead("globalThis", "handOut", "(blob, name) => handed.push(name)")
    live.instead("globalThis", "say", "((said) => (text) => { heard.push(text); said(text); })(say)")
    live.show(Scene(layers=12, width=64))
    page.js("void (act(explorer, 'screenshot'), act(explorer, 'reroll'))")
    name = page.js("act(explorer, 'screenshot'), act(explorer, 'screenshot'), pictureName(explorer.scene)")
    page.until("NOTICE.textContent.startsWith('picture saved: ')")
    assert page.js("handed") == [name]
    assert page.js("heard") == [
        "saving the picture",
        "the picture was not saved: another one came first",
        "saving the picture",
        f"picture saved: {name}",
    ]


def test_a_refused_view_ends_its_saving_in_the_same_sentence(page: Tab) -> None:
    live = Live(page, SIZE).begin(SCENES["plain"])
    page.js("void (globalThis.handed = [])")
    live.instead("globalThis", "handOut", "(blob, name) => handed.push(name)")
    live.show(Scene(layers=5, width=10, radius=1e-30, center=("0.3", "0.2")))
    page.js("void act(explorer, 'screenshot')")
    live.rest()
    assert live.notice.startswith("single precision ends here: the program shows it; the picture was not saved")
    assert page.js("handed") == []
    assert live.scene == SCENES["plain"]
