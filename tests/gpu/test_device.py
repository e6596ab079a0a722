"""Which device a context is opened on, and which version of OpenGL it is asked for."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
from display import opened_display
from patience import ran
from program import running

import weightscape
from weightscape.engine import choice
from weightscape.engine.question import EngineError
from weightscape.gpu import context, device, egl
from weightscape.gpu.context import NoContextError
from weightscape.gpu.device import BOARD, CARD, LADDER, NVIDIA, SOFTWARE, Way
from weightscape.picture.questions import question
from weightscape.window import glfw_window as handle

SCENE = weightscape.Scene(layers=2, width=4)
OLD = {"MESA_GL_VERSION_OVERRIDE": "3.3FC"}  # mesa3d.org/envvars: no more than that, as a core profile
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="EGL")


@contextmanager
def opened(gpu: str = "") -> Iterator[moderngl.Context]:
    """Open a context that no other test has left resting, and leave none."""
    context._resting.clear()
    ctx = context.standalone(gpu)
    yield ctx
    context.close(ctx)
    context._resting.clear()


@pytest.fixture
def asked(gl: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Stand in for a driver that gives exactly the version it is asked for, as NVIDIA's does, up to a limit."""
    create = moderngl.create_context

    def limited(limit: int, reason: str = "eglCreateContext failed (0x3009)") -> list[int]:
        versions: list[int] = []

        def exact(*, require: int, **settings: Any) -> Any:
            versions.append(require)
            if require > limit:
                raise Exception(reason)
            ctx = create(require=330, **settings)
            ctx.version_code = require
            return ctx

        monkeypatch.setattr(moderngl, "create_context", exact)
        context._resting.clear()
        return versions

    return limited


@pytest.mark.skipif("GALLIUM_DRIVER" not in os.environ, reason="no driver is named")
def test_the_driver_that_is_named_draws(ctx: Any) -> None:
    assert os.environ["GALLIUM_DRIVER"] in ctx.info["GL_RENDERER"], "the tests would pass on another driver unseen"


def test_the_window_has_the_same_ladder() -> None:
    assert [major * 100 + minor * 10 for major, minor in handle.LADDER] == [*LADDER] == [450, 430, 410, 330]


@linux
@pytest.mark.parametrize("limit", LADDER)
def test_each_version_is_asked_for_in_turn_until_one_is_given(limit: int, asked: Callable[[int], list[int]]) -> None:
    versions = asked(limit)
    with opened() as ctx:
        assert versions == [version for version in LADDER if version >= limit]
        assert (ctx.extra.asked, ctx.version_code) == (limit, limit)


def test_a_driver_that_gives_what_it_is_asked_for_reaches_the_compute_engine(
    asked: Callable[[int], list[int]], ctx: Any
) -> None:
    if ctx.version_code < 430:
        pytest.skip("OpenGL before 4.3")
    asked(460)
    picture = weightscape.render(SCENE, size=(8, 8), engine="compute")
    assert np.abs(picture.astype(int) - weightscape.render(SCENE, size=(8, 8), engine="numpy")).max() <= 1
    asked(410)
    with pytest.raises(EngineError, match=r"the compute engine needs OpenGL 4\.3; this is 4\.1"):
        weightscape.render(SCENE, size=(8, 8), engine="compute")
    assert weightscape.render(SCENE, size=(8, 8), engine="fragment").shape == (8, 8, 3)
    context._resting.clear()


@linux
def test_the_reason_is_the_last_versions_and_told_once(asked: Any) -> None:
    versions = asked(0)
    with pytest.raises(NoContextError, match=r"^no OpenGL 3\.3 here \(eglCreateContext failed \(0x3009\)\): install"):
        context.standalone()
    assert versions[: len(LADDER)] == [*LADDER]


@linux
def test_a_device_that_does_not_open_is_not_asked_for_lower_versions(asked: Any) -> None:
    versions = asked(0, "eglInitialize failed (0x3001)")
    with pytest.raises(NoContextError, match="eglInitialize"):
        context.standalone()
    assert {*versions} == {LADDER[0]}


@linux
def test_devices_are_numbered_as_glcontext_numbers_them(gl: Any) -> None:
    with pytest.raises(Exception, match="found") as caught:
        moderngl.create_context(require=330, standalone=True, backend="egl", device_index=10_000, **device.NUMBERED)
    found = re.search(r"found (\d+) devices", str(caught.value))
    assert found
    assert int(found[1]) == len(egl.devices()) >= 1


def test_cards_stand_before_the_processors_graphics_and_software_is_last(tmp_path: Path) -> None:
    places = {"card0": "0000:00:02.0", "card1": "0000:03:00.0", "card2": "0000:0c:00.0"}
    for card, place in places.items():
        (tmp_path / "pci" / place).mkdir(parents=True)
        (tmp_path / card).mkdir()
        (tmp_path / card / "device").symlink_to(tmp_path / "pci" / place)
    for place, memory in ("0000:03:00.0", 16 << 30), ("0000:0c:00.0", 512 << 20):
        (tmp_path / "pci" / place / "mem_info_vram_total").write_text(f"{memory}\n")
    known = {
        "software": egl.Device("EGL_MESA_device_software EGL_EXT_device_drm_render_node"),
        "Intel": egl.Device("EGL_EXT_device_drm", "/dev/dri/card0"),
        "AMD, in the processor": egl.Device("EGL_EXT_device_drm", "/dev/dri/card2"),
        "AMD, a card": egl.Device("EGL_EXT_device_drm", "/dev/dri/card1"),
        "NVIDIA": egl.Device("EGL_NV_device_cuda EGL_EXT_device_drm", "/dev/dri/card3"),
    }
    ranks = {name: device.rank(each, tmp_path) for name, each in known.items()}
    assert [*sorted(ranks, key=lambda name: ranks[name])] == [
        "NVIDIA",
        "AMD, a card",
        "AMD, in the processor",
        "Intel",
        "software",
    ]
    assert [rank[0] for rank in ranks.values()] == [SOFTWARE, BOARD, CARD, CARD, NVIDIA]


@pytest.fixture
def two(gl: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Stand in for two devices, tried as 1, 0; both are this machine's first, and the list has their names."""
    settings = device.ways()[0].settings
    monkeypatch.setattr(context, "ways", lambda: [Way(1, settings), Way(0, settings)])
    names, adapter = ["Card Zero (llvmpipe)", "Card One (llvmpipe)"], context.adapter

    def named(ctx: moderngl.Context) -> context.Adapter:
        name, found = names[ctx.extra.device], adapter(ctx)
        return context.Adapter("Vendor", name, found.version, "llvmpipe" in name)

    monkeypatch.setattr(context, "adapter", named)
    yield names
    context._resting.clear()


def test_hardware_comes_before_software_whatever_the_order(two: list[str]) -> None:
    with opened() as ctx:
        assert ctx.extra.device == 1, "all are software: the first"
    two[0] = "Card Zero"
    with opened() as ctx:
        assert ctx.extra.device == 0
    two[1] = "Card One"
    with opened() as ctx:
        assert ctx.extra.device == 1
        assert ctx.error == "GL_NO_ERROR"


@pytest.mark.parametrize(("gpu", "number"), [("0", 0), ("1", 1), ("zero", 0), ("card one", 1), ("vendor", 1)])
def test_a_device_is_wanted_by_number_or_by_a_part_of_its_name(
    gpu: str, number: int, two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(gpu) as ctx:
        assert ctx.extra.device == number
    monkeypatch.setenv(context.GPU, gpu)
    with opened() as ctx:
        assert ctx.extra.device == number
    with opened("1") as ctx:
        assert ctx.extra.device == 1, "what the caller says stands above the environment"


def test_a_device_that_is_not_there_is_told_with_those_that_are(two: list[str]) -> None:
    before = egl.current()
    with pytest.raises(NoContextError) as caught:
        context.standalone("radeon")
    assert str(caught.value) == (
        "the setting gpu: 'radeon' is no number and in no name of 1: Card One (llvmpipe), 0: Card Zero (llvmpipe)"
    )
    assert egl.current() == before


def test_engines_open_on_the_device_wanted(two: list[str]) -> None:
    two[0] = "Card Zero"
    with choice.opened("fragment", gpu="one") as forced:
        assert forced.renderer == two[1]
    with choice.opened("auto", gpu="none such") as auto:
        auto.engine.pick(question(SCENE, (8, 8)))
        assert auto.engine.name in choice.PROCESSORS
        assert auto.reason.startswith("the setting gpu: 'none such' is no number and in no name of 1: ")
    with (
        pytest.raises(EngineError, match="the fragment engine cannot work: the setting gpu: 'none such'"),
        choice.opened("fragment", gpu="none such"),
    ):
        pass


def test_that_one_device_is_software_says_nothing_of_another(two: list[str]) -> None:
    two[0] = "Card Zero"
    assert choice.look(gpu="one").engines == ()
    found = choice.look(gpu="zero")
    assert found.renderer == two[0]
    for engine in found.engines:
        engine.release()
    found.close()
    assert found.engines


def test_a_context_that_rests_is_no_answer_for_another_device(two: list[str]) -> None:
    context._resting.clear()
    first = context.standalone("0")
    context.close(first)
    assert context._resting == [first]
    second = context.standalone("1")
    assert second.extra.device == 1
    context.close(second)
    again = context.standalone("1")
    assert again is second
    context.close(again)


def test_all_devices_are_listed_and_what_was_current_stays(two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = egl.current()
    (zero, one) = context.listed()
    assert egl.current() == before
    assert [each.number for each in (zero, one)] == [0, 1]
    assert [each.adapter and each.adapter.renderer for each in (zero, one)] == two
    assert LADDER[-1] <= zero.asked <= zero.got
    broken = Way(2, ({"backend": "egl", "device_index": 10_000, **device.NUMBERED},))
    monkeypatch.setattr(context, "ways", lambda: [broken])
    (lost,) = context.listed()
    assert lost.adapter is None
    assert "requested device index 10000" in lost.lack


@linux
def test_a_driver_with_no_more_than_3_3_renders_with_fragments(tmp_path: Path, ctx: Any) -> None:
    if "Mesa" not in ctx.info["GL_VERSION"]:
        pytest.skip("not Mesa")
    code = (
        "import weightscape\nfrom weightscape.gpu.context import standalone, close\nctx = standalone()\n"
        "print(ctx.extra.asked, ctx.version_code)\nclose(ctx)\n"
        "scene = weightscape.Scene(layers=2, width=4)\n"
        "by = [weightscape.render(scene, size=(16, 16), engine=e).astype(int) for e in ('fragment', 'numpy')]\n"
        "print(abs(by[0] - by[1]).max() <= 1, by[0].std() > 1)\n"
        "try:\n    weightscape.render(scene, size=(16, 16), engine='compute')\n"
        "except weightscape.EngineError as error:\n    print(error)\n"
    )
    done = ran(sys.executable, "-W", "error", "-c", code, env=os.environ | OLD)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["330 330", "True True", "the compute engine needs OpenGL 4.3; this is 3.3"]


@linux
def test_the_window_opens_on_a_driver_with_no_more_than_3_3(tmp_path: Path, ctx: Any) -> None:
    with running(tmp_path, "--size", "64x64", "--layers", "2", "--width", "4", **OLD) as program:
        program.settled()
        assert program.pixels().std() > 1
    assert (tmp_path / "stderr").read_text() == ""


VERSIONS = """
import glfw, sys
from weightscape.engine.shader.weight_store import _Functions
from weightscape.gpu.window_context import of_window
from weightscape.window import glfw_window as handle
from weightscape.window.window import Window
handle.HINTS[glfw.CONTEXT_CREATION_API] = getattr(glfw, sys.argv[1])
windows, contexts = [], []
for _ in range(2):
    windows.append(Window("versions", (320, 200)))
    ctx = of_window(windows[-1].address)
    contexts.append(ctx)
    functions = _Functions.load(ctx)
    print(ctx.version_code, functions and functions.integer(0x0D33) == ctx.info["GL_MAX_TEXTURE_SIZE"] > 0)
for window in windows:
    window.close()
"""


@linux
@pytest.mark.parametrize("api", ["NATIVE_CONTEXT_API", "EGL_CONTEXT_API"])
@pytest.mark.parametrize("environment", [{}, OLD], ids=["newest", "3.3"])
def test_a_window_beside_a_window_gets_the_highest_version(api: str, environment: dict[str, str], ctx: Any) -> None:
    with opened_display() as name:
        done = ran(sys.executable, "-W", "error", "-c", VERSIONS, api, env=os.environ | {"DISPLAY": name} | environment)
    assert (done.returncode, done.stderr) == (0, "")
    version = 330 if environment else ctx.version_code
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line == f"{version} True"
