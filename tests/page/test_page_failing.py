"""Browsers that cannot all: a sentence in place of a picture, or a picture by other means."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Tab
from live import written
from shown import begin, is_ours, pixels, show

from weightscape import Scene, render

SIZE = (96, 54)
WITHOUT = """(() => {
  const found = WebGL2RenderingContext.prototype.getExtension;
  WebGL2RenderingContext.prototype.getExtension = function (name) {
    return %r.includes(name) ? null : found.call(this, name);
  };
})()"""


@pytest.fixture
def opened(tab: Tab, tmp_path: Path) -> Tab:
    tab.open(written(tmp_path, Scene(layers=1)))
    begin(tab, SIZE)
    return tab


def without(tab: Tab, folder: Path, *extensions: str) -> None:
    """Open a page in a browser that lacks extensions."""
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=WITHOUT % list(extensions))
    tab.open(written(folder, Scene(layers=1)))
    begin(tab, SIZE)


def problem(tab: Tab) -> str:
    """Tell the last problem's sentence."""
    said = str(tab.js("heard.filter((each) => each.kind === 'problem').at(-1)?.text"))
    assert "\n" not in said
    return said


def ours(scene: Scene) -> object:
    return render(scene, size=SIZE, engine="numpy", precision="double")


@pytest.mark.parametrize("scene", [Scene(), Scene(layers=3, outputs=1, seed=5), Scene(seed=2, tied=False, layers=5)])
def test_without_float_targets_narrow_networks_are_drawn(scene: Scene, tab: Tab, tmp_path: Path) -> None:
    without(tab, tmp_path, "EXT_color_buffer_float", "OES_texture_float_linear")
    assert not tab.js("tested.engine.limits.floats")
    assert show(tab, scene) == "fine"
    is_ours(pixels(tab), ours(scene))


@pytest.mark.parametrize(
    "scene", [Scene(layers=4, width=60), Scene(layers=4, levels="auto"), Scene(layers=4, lens="unit", layer=2)]
)
def test_without_float_targets_the_rest_is_refused_in_a_sentence(scene: Scene, tab: Tab, tmp_path: Path) -> None:
    without(tab, tmp_path, "EXT_color_buffer_float")
    assert show(tab, scene) == "problem"
    assert problem(tab).startswith(
        "this browser cannot draw into float textures (EXT_color_buffer_float): it shows only"
    )
    assert show(tab, Scene(layers=3)) == "fine"


@pytest.mark.parametrize("extension", ["OES_texture_float_linear", "KHR_parallel_shader_compile"])
def test_what_only_helps_may_be_missing(extension: str, tab: Tab, tmp_path: Path) -> None:
    without(tab, tmp_path, extension)
    for scene in (Scene(layers=3), Scene(layers=3, width=50, levels="auto")):
        assert show(tab, scene) == "fine"
        is_ours(pixels(tab), ours(scene))


def test_few_targets_are_enough(tab: Tab, tmp_path: Path) -> None:
    """WebGL 2 promises four."""
    tab.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="(() => { const found = WebGL2RenderingContext.prototype.getParameter;"
        " WebGL2RenderingContext.prototype.getParameter = function (name) {"
        " const most = {[this.MAX_DRAW_BUFFERS]: 4, [this.MAX_COLOR_ATTACHMENTS]: 4, [this.MAX_TEXTURE_SIZE]: 2048};"
        " return most[name] ?? found.call(this, name); }; })()",
    )
    tab.open(written(tmp_path, Scene(layers=1)))
    begin(tab, SIZE)
    assert tab.js("tested.engine.limits.most") == 4
    for scene in (Scene(layers=3), Scene(layers=3, width=60)):
        assert show(tab, scene) == "fine"
        is_ours(pixels(tab), ours(scene))


def test_no_webgl_is_an_error_that_says_so(opened: Tab) -> None:
    opened.js("HTMLCanvasElement.prototype.getContext = () => null")
    said = opened.js(
        "(() => { try { new Picture(document.createElement('canvas'), () => 0); } catch (error)"
        " { return [error instanceof EngineError, error.message]; } })()"
    )
    assert said[0] is True
    assert said[1].startswith("this browser has no WebGL 2")


@pytest.mark.parametrize(
    ("shader", "scene"), [("fused.frag", Scene(layers=3)), ("layer.frag", Scene(layers=3, width=50))]
)
def test_a_refused_shader_is_told_in_a_sentence(shader: str, scene: Scene, opened: Tab) -> None:
    opened.js(
        f"TOLD.shaders['{shader}'] = TOLD.shaders['{shader}'].replace('void main() {{', 'void main() {{ nonsense')"
    )
    assert show(opened, scene) == "problem"
    assert problem(opened).startswith(f"this browser's graphics driver refuses the shader {shader}: ERROR: ")


def test_what_no_page_shows_is_told_and_the_next_scene_is_shown(opened: Tab) -> None:
    assert show(opened, Scene(layers=4)) == "fine"
    assert show(opened, Scene(layers=4, lens="atlas")) == "problem"
    assert "atlas" in problem(opened)
    assert show(opened, Scene(layers=3)) == "fine"
    is_ours(pixels(opened), ours(Scene(layers=3)))


@pytest.fixture
def losing(opened: Tab) -> Iterator[Tab]:
    """Give a picture whose context can be lost."""
    opened.js("globalThis.testedLoss = tested.gl.getExtension('WEBGL_lose_context')")
    yield opened
    # Chromium itself tells of each loss.
    opened.said[:] = [each for each in opened.said if "CONTEXT_LOST_WEBGL" not in each]


@pytest.mark.parametrize("when", ["fine", "coarse", "waiting"])
def test_a_lost_context_comes_back(when: str, losing: Tab) -> None:
    scene = Scene(layers=5, width=50, scale=0.3)
    if when == "fine":
        assert show(losing, scene) == "fine"
        losing.js("testedLoss.loseContext()")
    else:
        losing.js("tested.pace.rate = 20000, globalThis.testedHear = tested.hear")
        lose = "testedLoss.loseContext(), tested.hear = testedHear"
        if when == "coarse":
            losing.js(f"tested.hear = (each) => {{ testedHear(each); if (each.stride > 1) {lose}; }}")
        losing.js(f"tested.show(checkedScene(JSON.parse({scene.to_text()!r})))")
        if when == "waiting":
            losing.js(lose)
    losing.until("tested.state === 'lost'")
    assert "comes back" in problem(losing)
    losing.js("testedLoss.restoreContext()")
    losing.until("tested.state === 'fine'")
    is_ours(pixels(losing), ours(scene))
    assert show(losing, Scene(layers=4)) == "fine"
    is_ours(pixels(losing), ours(Scene(layers=4)))


def test_a_scene_that_comes_while_the_context_is_lost_is_shown_after(losing: Tab) -> None:
    assert show(losing, Scene(layers=4)) == "fine"
    losing.js("testedLoss.loseContext()")
    losing.until("tested.state === 'lost'")
    losing.js(f"tested.show(checkedScene(JSON.parse({Scene(layers=5).to_text()!r})))")
    losing.js("testedLoss.restoreContext()")
    losing.until("tested.state === 'fine'")
    is_ours(pixels(losing), ours(Scene(layers=5)))


def test_as_many_targets_are_drawn_into_as_the_browser_holds(tab: Tab, tmp_path: Path) -> None:
    """Telephones hold few bytes a pixel, and call more of them unsupported."""
    tab.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="(() => { const own = WebGL2RenderingContext.prototype, found = own.checkFramebufferStatus;"
        " own.checkFramebufferStatus = function (target) {"
        " const kind = (n) => this.getFramebufferAttachmentParameter(target, this.COLOR_ATTACHMENT0 + n,"
        " this.FRAMEBUFFER_ATTACHMENT_OBJECT_TYPE);"
        " return kind(2) ? this.FRAMEBUFFER_UNSUPPORTED : found.call(this, target); }; })()",
    )
    tab.open(written(tmp_path, Scene(layers=1)))
    begin(tab, SIZE)
    assert tab.js("tested.engine.limits.most") == 2
    assert tab.js("tested.engine.limits.floats")
    for scene in (Scene(layers=3), Scene(layers=3, width=60)):
        assert show(tab, scene) == "fine"
        is_ours(pixels(tab), ours(scene))
