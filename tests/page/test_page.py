"""Live pages in a real browser: one file, no request, no fault."""

from pathlib import Path

from browser import Tab
from live import written

from weightscape.file.npz import write_weights
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene


def test_a_page_opens_without_a_fault(tab: Tab, tmp_path: Path) -> None:
    tab.open(written(tmp_path, Scene()))
    assert tab.js("TOLD.scene.seed") == 43
    assert tab.js("!!document.querySelector('canvas').getContext('webgl2')")


def test_a_page_of_own_weights_carries_them_and_not_where_they_lay(tab: Tab, tmp_path: Path) -> None:
    made = draw(Scene(layers=3, width=4))
    own = tmp_path / "secret" / "mine.npz"
    own.parent.mkdir()
    write_weights(own, made.weights, made.biases, made.activations)
    tab.open(written(tmp_path, Scene(weights=str(own))))
    assert "secret" not in tab.js("document.documentElement.outerHTML")
    assert tab.js("wanted(fromMapping(TOLD.scene)).channels") == 3
    assert tab.js("[...network(fromMapping(TOLD.scene)).weights[0].values]") == made.weights[0].ravel().tolist()
