"""What a page says where it cannot draw, and how time runs where it can."""

from decimal import Decimal
from pathlib import Path

import pytest
from browser import Tab
from live import Live, written

from weightscape.scene.scene import Scene

SMALL = Scene(layers=3, width=6)
MOVING = Scene(layers=3, width=6, inputs=("x", "y", "cos_t", "sin_t"))
WITHOUT = {
    "WebGL 2": "HTMLCanvasElement.prototype.getContext = () => null",
    "shader": "WebGL2RenderingContext.prototype.shaderSource = () => {}",
}


@pytest.mark.parametrize("what", WITHOUT)
def test_what_is_missing_is_told_in_a_sentence(what: str, tab: Tab, tmp_path: Path) -> None:
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=WITHOUT[what])
    tab.open(written(tmp_path, SMALL))
    tab.until("!document.getElementById('fault').hidden")
    said = tab.js("document.getElementById('fault').textContent")
    assert what.split()[0] in said
    assert "\n" not in said.strip()
    assert tab.js("document.getElementById('fault').getBoundingClientRect().width") > 100


def test_without_scripts_a_page_says_so(tab: Tab, tmp_path: Path) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(written(tmp_path, SMALL))
    assert tab.js("document.getElementById('bare').textContent").startswith("This page draws a neural network")
    assert tab.js("document.getElementById('bare').getBoundingClientRect().width") > 100


def test_a_first_picture_beyond_single_precision_is_a_sentence(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, (160, 90))
    address = written(tmp_path, SMALL)
    file = tmp_path / "net.html"
    text = file.read_text("utf-8")
    assert text.count('"radius":2.6,') == 1
    file.write_text(text.replace('"radius":2.6,', '"radius":1e-14,'), "utf-8")
    live.open(address)
    assert "single precision cannot hold this picture" in tab.js("document.getElementById('fault').textContent")
    live.press("0")
    tab.until("document.getElementById('fault').hidden")


def test_time_runs_and_stands(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, (96, 54))
    tab.open(written(tmp_path, MOVING))
    tab.until("explorer.scene.time > 0.02")
    live.press("space")
    stood = tab.js("explorer.scene.time")
    live.rest()
    assert tab.js("new Promise((done) => setTimeout(() => done(explorer.scene.time), 100))") == stood
    assert tab.js("explorer.steps.scenes.length") == 1
    live.press("space")
    tab.until(f"explorer.scene.time > {stood}")


def test_with_reduced_motion_time_waits_to_be_started(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, (96, 54))
    live.still()
    live.open(written(tmp_path, MOVING))
    assert live.scene == MOVING
    live.press("space")
    tab.until("explorer.scene.time > 0.02")


def test_a_refused_view_goes_back_to_the_last_true_one(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab, (160, 180))
    live.still()
    live.open(written(tmp_path, Scene(layers=10, width=12, center=(Decimal("0.3"), Decimal("0.2")))))
    for _ in range(60):
        tab.mouse("mouseWheel", 80, 30, deltaX=0, deltaY=-400)
        live.rest()
        if live.notice:
            break
    assert "single precision ends here" in live.notice
    held = live.scene
    assert 1e-12 < held.radius < 1e-2
    live.press("-")
    live.rest()
    assert live.scene.radius > held.radius


def test_what_an_old_browser_does_not_know_is_told(tab: Tab, tmp_path: Path) -> None:
    written(tmp_path, SMALL)
    file = tmp_path / "net.html"
    file.write_text(file.read_text("utf-8").replace('"use strict";', '"use strict"; nonsense of tomorrow;'), "utf-8")
    tab.open(file.as_uri())
    assert not tab.js("document.getElementById('fault').hidden")
    assert tab.js("document.getElementById('fault').textContent").startswith("this page needs a newer browser")
    assert tab.said.pop().count("SyntaxError")
