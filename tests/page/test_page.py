"""Live pages in a real browser: one file, no request, no fault."""

from pathlib import Path

from browser import Tab
from live import written

from weightscape.scene.scene import Scene


def test_a_page_opens_without_a_fault(tab: Tab, tmp_path: Path) -> None:
    tab.open(written(tmp_path, Scene()))
    assert tab.js("TOLD.scene.seed") == 43
    assert tab.js("!!document.querySelector('canvas').getContext('webgl2')")
