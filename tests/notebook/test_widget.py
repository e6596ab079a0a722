"""The widget's script in a real browser, with a stub of its model: what it draws, hears, tells and leaves alone."""

import re
from dataclasses import replace

import numpy as np
import pytest
from browser import Tab
from widget import Cells, state

from weightscape import Network, Scene, render
from weightscape.file.png import png_pieces

SMALL = Scene(seed=7, layers=4, width=8, rule="lecun")
HALF = Network([[[1.0, 2.0], [3.0, 4.0]], [[1.0, 0, 0], [0, 1, 1]]], [[0.5, 0], [0, 0, 0]], ["tanh", "sigmoid"])


def pressed(cells: Cells, key: str, **values: int) -> None:
    cells.tab.key(key, **values)


def red(width: int, height: int) -> bytes:
    band = np.full((height, width, 3), (200, 10, 20), np.uint8)
    return b"".join(png_pieces((width, height), [band], {}))


def test_a_widget_draws_what_render_does(cells: Cells) -> None:
    cells.show(state(SMALL, height=96))
    cells.rest()
    found = cells.tab.js("(({width, height, data}) => [width, height, ...data])(explorerOf().picture.pixels())")
    width, height = found[:2]
    pixels = np.array(found[2:], np.uint8).reshape(height, width, 4)[..., :3]
    assert height == 96
    wanted = render(SMALL, size=(width, height), engine="numpy")
    assert np.abs(pixels.astype(int) - wanted).max() <= 2


def test_a_widget_leaves_nothing_outside_its_element(cells: Cells) -> None:
    length, address = cells.tab.js("[history.length, location.href]")
    for n in (0, 1):
        cells.show(state(SMALL), n)
        cells.rest(n)
        cells.click("#picture", n)
        pressed(cells, "r")
        cells.rest(n)
    assert cells.tab.js("Object.getOwnPropertyNames(window).filter((name) => !before.has(name))") == []
    assert cells.tab.js("[history.length, location.href]") == [length, address]
    assert cells.tab.js("document.querySelectorAll('[id]').length") == 1
    assert cells.tab.js("document.body.className") == ""


def test_keys_are_for_the_widget_that_has_the_focus(cells: Cells) -> None:
    for n in (0, 1):
        cells.show(state(SMALL, height=150), n)
        cells.rest(n)
    pressed(cells, "]")
    cells.tab.js("document.getElementById('other').focus()")
    pressed(cells, "]")
    assert cells.tab.js("document.getElementById('other').value") == "]"
    cells.click("#picture", 1)
    pressed(cells, "]")
    cells.tab.until("models[1].saved.length")
    assert cells.scene(1).layers == SMALL.layers + 1
    assert cells.scene(0) == SMALL
    assert cells.tab.js("models[0].saved") == []
    assert cells.tab.js("explorerOf(0).steps.scenes.length") == 1


def test_the_wheel_scrolls_the_notebook_until_the_picture_has_the_focus(cells: Cells) -> None:
    cells.show(state(SMALL))
    cells.rest()
    x, y = cells.place("#picture")
    cells.tab.mouse("mouseWheel", x, y, deltaX=0, deltaY=50)
    cells.tab.until("scrollY === 50")
    cells.tab.mouse("mouseWheel", x, y - 50, deltaX=0, deltaY=-50)
    cells.tab.until("scrollY === 0")
    assert cells.tab.js("explorerOf().scene.radius") == SMALL.radius
    cells.tab.mouse("mouseWheel", x, y, deltaX=0, deltaY=-100, modifiers=2)
    cells.tab.until(f"explorerOf().scene.radius < {SMALL.radius}")
    cells.click("#picture")
    cells.tab.mouse("mouseWheel", x, y, deltaX=0, deltaY=300)
    cells.tab.until("explorerOf().scene.radius > 1.9 * (0.8 ** 4 * 2.6)")
    assert cells.tab.js("scrollY") == 0


def test_a_drag_is_told_to_python(cells: Cells) -> None:
    cells.show(state(SMALL, height=200))
    cells.rest()
    cells.tab.drag((200, 200), (260, 220))
    cells.tab.until("models[0].saved.length && !explorerOf().glide.view")
    cells.rest()
    moved = cells.scene()
    assert moved.center[0] < 0 < moved.center[1]
    assert moved.seed == SMALL.seed


def test_what_python_sets_is_shown_and_is_one_step(cells: Cells) -> None:
    cells.show(state(SMALL))
    cells.rest()
    for radius in (2.0, 1.0, 0.5):
        cells.python(scene=Scene(seed=9, layers=3, radius=radius).to_text())
    cells.rest()
    assert cells.tab.js("explorerOf().picture.page.truth.radius") == 0.5
    assert cells.tab.js("models[0].saved") == []
    cells.click("#picture")
    pressed(cells, "Backspace")
    cells.tab.until("models[0].saved.length")
    assert cells.scene() == SMALL


def test_a_network_that_is_trained_on_keeps_the_view(cells: Cells) -> None:
    first = state(HALF, height=100)
    cells.show(first)
    cells.rest()
    cells.click("#picture")
    pressed(cells, "+")
    cells.tab.until("models[0].saved.length")
    moved = cells.scene()
    later = Network([W * 2 for W in HALF.weights], HALF.biases, HALF.activations)
    second = state(later)  # Python trains, and has not heard of the view
    cells.python(networks=second["networks"], scene=second["scene"])
    cells.rest()
    assert cells.tab.js("explorerOf().picture.isKernel") is False
    data = cells.tab.js("(({width, height, data}) => [width, height, ...data])(explorerOf().picture.pixels())")
    pixels = np.array(data[2:], np.uint8).reshape(data[1], data[0], 4)[..., :3]
    wanted = render(later, view=Scene(radius=moved.radius), size=(data[0], data[1]), engine="numpy")
    assert np.abs(pixels.astype(int) - wanted).max() <= 2
    pressed(cells, "Backspace")
    cells.tab.until("JSON.parse(models[0].state.scene).radius === 2.6")
    back = cells.scene()
    assert (back.radius, [back.weights]) == (Scene().radius, list(second["networks"]))


@pytest.mark.parametrize(
    ("scene", "traits"),
    [
        (Scene(radius=1e-9), {}),
        (Scene(layers=3, width=8, lens="units", layer=1), {}),
        (SMALL, {"precision": "double"}),
        (replace(SMALL, axes=True), {}),
    ],
    ids=["deep", "lens", "double", "axes"],
)
def test_the_kernel_draws_what_the_page_cannot(scene: Scene, traits: dict[str, str], cells: Cells) -> None:
    cells.show(state(scene, height=100, **traits))
    cells.tab.until("models[0].sent.length")
    asked = cells.tab.js("models[0].sent[0]")
    assert (asked["kind"], asked["scene"], asked["size"][1]) == ("draw", scene.to_text(), 100)
    cells.answer({"kind": "picture", "id": asked["id"], "isFine": False}, red(4, 4))
    cells.answer({"kind": "picture", "id": asked["id"], "isFine": True}, red(*asked["size"]))
    cells.rest()
    assert cells.tab.js("[...explorerOf().picture.pixels().data.slice(0, 4)]") == [200, 10, 20, 255]
    assert not cells.tab.js("rootOf().getElementById('kernel').hidden")
    cells.python(scene=SMALL.to_text(), precision="auto")
    cells.rest()
    assert cells.tab.js("rootOf().getElementById('kernel').hidden")


def test_what_the_kernel_cannot_is_said(cells: Cells) -> None:
    cells.show(state(SMALL, precision="double"))
    cells.tab.until("models[0].sent.length")
    cells.answer({"kind": "problem", "id": 1, "text": "no such thing"}, b"")
    cells.rest()
    assert cells.tab.js("rootOf().getElementById('fault').textContent") == "no such thing"


def test_the_newest_view_alone_is_asked_for_while_the_kernel_is_busy(cells: Cells) -> None:
    cells.show(state(SMALL, precision="double", height=100))
    cells.tab.until("models[0].sent.length")
    for radius in (2.0, 1.0, 0.5):
        cells.python(scene=Scene(seed=7, radius=radius).to_text())
    assert cells.tab.js("models[0].sent.length") == 1
    cells.answer({"kind": "picture", "id": 1, "isFine": False}, red(8, 8))
    cells.tab.until("models[0].sent.length === 2")
    assert '"radius": 0.5' in cells.tab.js("models[0].sent[1].scene")


def test_without_webgl_the_kernel_draws(cells: Cells) -> None:
    cells.tab.js("void (HTMLCanvasElement.prototype.getContext = ((usual) => function (kind, ...more) {"
                 " return kind === 'webgl2' ? null : usual.call(this, kind, ...more); })("
                 "HTMLCanvasElement.prototype.getContext))")  # fmt: skip
    cells.show(state(SMALL))
    cells.tab.until("models[0].sent.length")


def test_what_a_kernel_that_is_gone_would_draw_says_what_to_do(cells: Cells) -> None:
    cells.tab.js("void (Model.prototype.send = () => { throw new Error('Cannot send'); })")
    cells.show(state(SMALL, precision="double"))
    cells.rest()
    assert "run the cell again" in cells.tab.js("rootOf().getElementById('fault').textContent")


def test_that_the_kernel_was_waited_for_is_not_said_any_longer(cells: Cells) -> None:
    cells.show(state(SMALL, precision="double", height=100))
    cells.tab.until("rootOf().getElementById('notice').textContent.includes('waiting')")
    size = cells.tab.js("models[0].sent[0].size")
    cells.answer({"kind": "picture", "id": 1, "isFine": True}, red(*size))
    cells.rest()
    assert cells.tab.js("rootOf().getElementById('notice').hidden")


def test_sliders_move_fields(cells: Cells) -> None:
    cells.show(state(SMALL, sliders=("radius", "layers", "angle")))
    cells.rest()
    cells.tab.until("rootOf().querySelectorAll('#sliders input').length === 3")
    assert cells.tab.js("[...rootOf().querySelectorAll('#sliders output')].map((each) => each.textContent)") == [
        "2.6",
        "4",
        "0",
    ]
    cells.tab.js("rootOf().querySelectorAll('#sliders input')[1].focus()")
    pressed(cells, "End")
    cells.tab.until("models[0].saved.length")
    assert cells.scene().layers == 64
    cells.tab.js("rootOf().querySelectorAll('#sliders input')[0].focus()")
    pressed(cells, "Home")
    cells.tab.until("models[0].saved.length > 1")
    assert cells.scene().radius == pytest.approx(1e-6)
    cells.python(scene=SMALL.to_text())
    cells.tab.until("rootOf().querySelectorAll('#sliders output')[1].textContent === '4'")


def test_sliders_are_those_of_the_network(cells: Cells) -> None:
    names = "[...rootOf().querySelectorAll('#sliders span')].map((each) => each.textContent).join()"
    cells.show(state(SMALL))
    cells.tab.until(f"{names} === 'layers,width,scale'")
    inside = state(HALF, view=Scene(lens="unit", layer=1))
    cells.python(networks=inside["networks"], scene=inside["scene"])
    cells.tab.until(f"{names} === 'layer,unit'")


def test_an_ended_widget_lets_go_of_all(cells: Cells) -> None:
    cells.show(state(Scene(inputs=("x", "y", "cos_t"), layers=3, width=6)))
    cells.rest()
    cells.tab.js("void (window.old = explorerOf())")
    cells.tab.js("void (window.heard = [...models[0].heard.values()].flat().length)")
    assert cells.tab.js("heard") == 6
    cells.tab.js("ends[0]()")
    assert cells.tab.js("[...models[0].heard.values()].flat().length") == 0
    assert cells.tab.js("cells[0].childElementCount") == 0
    assert cells.tab.js("old.picture.page.gl.isContextLost()")
    cells.python(scene=SMALL.to_text())
    cells.tab.js("document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: new DataTransfer()}))")
    assert cells.tab.js("old.scene.layers") == 3


def test_escape_and_help(cells: Cells) -> None:
    cells.show(state(Scene(seed=7, layers=4, width=8, lens="cut", layer=2), height=300))
    cells.rest()
    cells.click("#picture")
    pressed(cells, "h")
    assert cells.tab.js("rootOf().getElementById('help').open")
    pressed(cells, "Escape")
    assert not cells.tab.js("rootOf().getElementById('help').open")
    pressed(cells, "Escape")
    assert cells.tab.js("explorerOf().scene.lens") == "outputs"
    assert cells.tab.js("rootOf().activeElement?.id") == "picture"
    pressed(cells, "Escape")
    assert cells.tab.js("rootOf().activeElement") is None


def test_a_scene_is_copied_and_pasted_where_the_focus_is(cells: Cells, tab: Tab) -> None:
    paste = """((text) => {
        const event = new ClipboardEvent("paste", {clipboardData: new DataTransfer()});
        event.clipboardData.setData("text/plain", text);
        document.dispatchEvent(event);
    })"""
    cells.show(state(SMALL))
    cells.rest()
    text = Scene(seed=5, layers=3).to_text()
    tab.js(f"{paste}({text!r})")
    assert tab.js("explorerOf().scene.layers") == SMALL.layers
    cells.click("#picture")
    tab.js(f"{paste}({text!r})")
    assert tab.js("explorerOf().scene.layers") == 3


NOTEBOOKS = {
    "JupyterLab": ("document.body.dataset.jpThemeLight = 'true'", "document.body.dataset.jpThemeLight = 'false'"),
    "VS Code": ("document.body.className = 'vscode-light'", "document.body.className = 'vscode-dark'"),
    "VS Code, high contrast": (
        "document.body.className = 'vscode-high-contrast-light vscode-high-contrast'",
        "document.body.className = 'vscode-high-contrast'",
    ),
    "Colab": (
        "document.documentElement.setAttribute('theme', 'light')",
        "document.documentElement.setAttribute('theme', 'dark')",
    ),
}


def of_system(tab: Tab, scheme: str) -> None:
    tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])


def is_light(cells: Cells) -> bool:
    """Tell whether text is dark on paper that is light; fail where both are alike."""
    text, paper = (
        sum(int(each) for each in re.findall(r"\d+", cells.tab.js(f"getComputedStyle(rootOf().{what}")))
        for what in ("getElementById('status')).color", "querySelector('.page')).backgroundColor")
    )
    assert abs(text - paper) > 500
    return paper > text


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_widget_is_light_or_dark_as_its_notebook_is_whatever_the_system(notebook: str, cells: Cells) -> None:
    light, dark = NOTEBOOKS[notebook]
    of_system(cells.tab, "dark")
    cells.tab.js(f"void ({light})")
    cells.show(state(SMALL))
    assert is_light(cells)
    of_system(cells.tab, "light")
    cells.tab.js(f"void ({dark})")  # as it changes
    assert not is_light(cells)
    cells.tab.js(f"void ({light})")
    assert is_light(cells)


def test_a_widget_is_light_or_dark_as_the_system_is_where_the_notebook_tells_nothing(cells: Cells) -> None:
    of_system(cells.tab, "light")
    cells.show(state(SMALL))
    assert is_light(cells)
    of_system(cells.tab, "dark")
    cells.tab.until("getComputedStyle(cells[0].firstChild).colorScheme === 'dark'")
    assert not is_light(cells)
