"""The widget and the pictures in the real JupyterLab: what the screen shows, and what the kernel hears of the hand."""

from collections.abc import Iterator

import numpy as np
import pytest
from browser import Browser, Tab
from lab import Lab, Notebook, lab
from numpy.typing import NDArray
from patience import until

from weightscape import Network, Scene, render

pytestmark = pytest.mark.heavy

SMALL = Scene(seed=7, layers=4, width=8, rule="lecun")
# Single precision ends far above.
DEEP = Scene(seed=7, layers=4, width=8, rule="lecun", radius=1e-9)
IMPORT = "from weightscape import Microscope, Network, Scene"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Run a JupyterLab."""
    with lab(tmp_path_factory.mktemp("lab")) as jupyterlab:
        yield jupyterlab


@pytest.fixture
def window(chromium: Browser) -> Iterator[Tab]:
    """Open a tab in which nothing moves by itself."""
    tab = chromium.tab((1100, 900))
    tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    yield tab
    chromium.close(tab)


def made(scene: Scene, more: str = "") -> str:
    """Write the cell that shows a scene's widget."""
    return f"microscope = Microscope({scene.to_text()!r}, height=240{more})\nmicroscope"


def difference(seen: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> float:
    """Tell how far most pixels are apart at most: of what stands over the picture there is less."""
    assert seen.shape == wanted.shape
    return float(np.quantile(np.abs(seen.astype(int) - wanted).max(axis=2), 0.6))


def is_seen(notebook: Notebook, scene: Scene, n: int = 0) -> bool:
    """Tell whether the screen shows a scene where a widget's picture is."""
    box = notebook.box("#picture", n)
    size = round(box.width), round(box.height)
    return difference(notebook.seen(box), render(scene, size=size, engine="numpy", samples=1)) <= 2


def shown(running: Lab, window: Tab, name: str, *cells: str) -> Notebook:
    """Write a notebook, open it and run it."""
    running.write(name, IMPORT, *cells)
    notebook = running.open(window, name)
    notebook.run()
    return notebook


def output(n: int) -> str:
    """Write where a cell's output is in the page."""
    return f"labPanel().content.widgets[{n}].outputArea.node"


def settled(notebook: Notebook, widgets: int) -> Notebook:
    """Wait until so many widgets have their pictures."""
    for n in range(widgets):
        notebook.rest(n)
    return notebook


def test_a_widget_draws_and_the_kernel_hears_keys_wheel_drag_and_sliders(running: Lab, window: Tab) -> None:
    notebook = settled(shown(running, window, "hand.ipynb", made(SMALL)), 1)
    assert is_seen(notebook, SMALL)
    assert not window.js("labHosts()[0].explorer.picture.isKernel")
    box = notebook.click()
    window.key("]")
    notebook.until_kernel("microscope.scene.layers == 5")
    window.key("a")  # which adds a cell, where it is the notebook's
    notebook.until_kernel(f"microscope.scene.activation != {SMALL.activation!r}")
    assert window.js("labPanel().content.widgets.length") == 2
    window.mouse("mouseWheel", *box.middle, deltaX=0, deltaY=-200)
    notebook.until_kernel("microscope.scene.radius < 2.6")
    notebook.rest()
    x, y = box.middle
    window.drag((x, y), (x + 60, y + 20))
    notebook.until_kernel("microscope.scene.center[0] < 0 < microscope.scene.center[1]")
    slider = notebook.click("#sliders input")  # the middle of 1 to 64, in equal factors
    notebook.until_kernel("microscope.scene.layers == 8")
    window.drag(slider.middle, (slider.x + slider.width, slider.middle[1]))
    notebook.until_kernel("microscope.scene.layers == 64")
    notebook.rest()
    assert is_seen(notebook, notebook.scene())


def test_what_python_sets_is_seen(running: Lab, window: Tab) -> None:
    notebook = settled(shown(running, window, "python.ipynb", made(SMALL)), 1)
    other = Scene(seed=9, layers=3, radius=1.0)
    notebook.ask(f"microscope.scene = {other.to_text()!r}")
    window.until("labHosts()[0].explorer.scene.layers === 3")
    notebook.rest()
    assert is_seen(notebook, other)


def test_the_kernel_draws_what_single_precision_cannot(running: Lab, window: Tab) -> None:
    notebook = settled(shown(running, window, "deep.ipynb", made(DEEP), made(SMALL, ", precision='double'")), 2)
    for n, scene in enumerate((DEEP, SMALL)):
        assert window.js(f"labHosts()[{n}].explorer.picture.isKernel")
        assert is_seen(notebook, scene, n)
        assert window.js(f"labHosts()[{n}].shadowRoot.getElementById('notice').hidden")


def test_two_widgets_do_not_disturb_each_other(running: Lab, window: Tab) -> None:
    second = "other = Microscope(Network([[[1.0, 2.0], [3.0, 4.0]]], [[0.5, 0.0]], ['tanh']), height=160)\nother"
    notebook = settled(shown(running, window, "two.ipynb", made(SMALL), second), 2)
    notebook.click("#picture", 1)
    window.key("+")
    notebook.until_kernel("other.scene.radius < 2.6")
    assert notebook.scene() == SMALL
    notebook.click()
    window.key("]")
    notebook.until_kernel("microscope.scene.layers == 5")
    settled(notebook, 2)
    assert is_seen(notebook, notebook.scene())


def test_a_scene_and_a_network_show_their_pictures(running: Lab, window: Tab) -> None:
    scene = Scene(seed=3, layers=4, width=6)
    network = Network([[[1.0, 2.0], [3.0, 4.0]]], [[0.5, 0.0]], ["tanh"])
    cells = "Scene(seed=3, layers=4, width=6)", "Network([[[1.0, 2.0], [3.0, 4.0]]], [[0.5, 0.0]], ['tanh'])"
    notebook = shown(running, window, "pictures.ipynb", *cells)
    for n, value in enumerate((scene, network), 1):
        image = f"{output(n)}.querySelector('img')"
        window.until(f"{image}?.complete")
        box = notebook.place(image)
        assert (box.width, box.height) == (360, 225)
        assert difference(notebook.seen(box), render(value, size=(360, 225), engine="numpy", samples=1)) <= 2


def test_a_widget_of_a_kernel_that_was_restarted_says_what_to_do(running: Lab, window: Tab) -> None:
    notebook = settled(shown(running, window, "restart.ipynb", made(DEEP)), 1)
    window.js("labPanel().sessionContext.session.kernel.restart()")
    notebook.ready()
    notebook.click()
    told = "['fault', 'notice'].map((name) => labHosts()[0].shadowRoot.getElementById(name).textContent).join()"

    def is_told() -> bool:
        window.key("+")
        return "run the cell again" in window.js(told)

    until(is_told, "the widget to tell that its kernel is gone")
    notebook.run()
    settled(notebook, 1)
    assert is_seen(notebook, DEEP)
    notebook.click()
    window.key("]")
    notebook.until_kernel("microscope.scene.layers == 5")
    assert [said for said in window.said if "Uncaught" in said] == []


def test_a_saved_widget_is_live_again_with_its_kernel_and_a_picture_without(running: Lab, window: Tab) -> None:
    notebook = settled(shown(running, window, "saved.ipynb", made(SMALL)), 1)
    notebook.click()
    window.key("]")
    notebook.until_kernel("microscope.scene.layers == 5")
    notebook.command("docmanager:save")
    notebook.command("application:close")
    notebook = settled(running.open(window, "saved.ipynb"), 1)  # whose kernel still runs
    assert is_seen(notebook, notebook.scene())
    assert notebook.scene().layers == 5
    [found] = running.read("saved.ipynb")[1]["outputs"]
    running.write("received.ipynb", IMPORT, made(SMALL), outputs={1: [found]})  # which nobody here has run
    notebook = running.open(window, "received.ipynb")
    image = f"{output(1)}.querySelector('img')"
    window.until(f"{image}?.complete")
    seen = notebook.seen(notebook.place(image))
    assert difference(seen, render(SMALL, size=(360, 225), engine="numpy", samples=1)) <= 2


def test_a_widget_whose_state_is_saved_is_live_without_its_kernel(running: Lab, window: Tab) -> None:
    notebook = running.open(window, running.write("state.ipynb", IMPORT, made(SMALL)))
    setting = "'@jupyter-widgets/jupyterlab-manager:plugin', '{\"saveState\": true}'"
    window.js(f"labApp().serviceManager.settings.save({setting}).then(() => null)")
    notebook = running.open(window, "state.ipynb")
    notebook.run()
    settled(notebook, 1)
    notebook.command("docmanager:save")
    window.js("labPanel().sessionContext.shutdown()")
    notebook = settled(running.open(window, "state.ipynb"), 1)
    assert is_seen(notebook, SMALL)


@pytest.mark.parametrize(("theme", "system"), [("JupyterLab Dark", "light"), ("JupyterLab Light", "dark")])
def test_a_widget_is_light_or_dark_as_jupyterlab_is(theme: str, system: str, running: Lab, window: Tab) -> None:
    window.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": system}])
    notebook = settled(shown(running, window, "theme.ipynb", made(SMALL)), 1)
    notebook.command("apputils:change-theme", theme=theme)
    light = theme.endswith("Light")
    window.until(f"document.body.dataset.jpThemeLight === '{str(light).lower()}'")
    for part in ("#status", "#sliders"):
        seen = notebook.seen(notebook.box(part)).mean(axis=2)
        assert (np.median(seen) > 200) == light, part
        assert (np.median(seen) < 60) == (not light), part
