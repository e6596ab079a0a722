"""A live page's pictures: by shaders in a browser, the program's own."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import Browser, Tab
from live import written
from PIL import Image
from shown import begin, is_ours, pixels, show, watch

from weightscape import Scene, render
from weightscape.file.npz import write_weights
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.view import pan, zoom
from weightscape.scene.palette import PALETTES, READINGS

SIZE = (96, 54)


def scenes() -> dict[str, Scene]:
    """Give the default scene, each kind of network, levels and lens of pages, and random ones of each activation."""
    found = {
        "default": Scene(),
        "independent": Scene(seed=2, tied=False, layers=5),
        "normal": Scene(seed=3, shape="normal", layers=6),
        "tied 60 x 64": Scene(seed=8, layers=60, width=64, scale=0.3),
        "60 x 64": Scene(seed=8, layers=60, width=64, scale=0.2, tied=False),
        "8 x 256": Scene(seed=8, layers=8, width=256, rule="glorot", tied=False),
        "relu": Scene(seed=4, activation="relu", rule="he", layers=5, output_activation="identity", levels="auto"),
        "sin": Scene(seed=5, activation="sin", layers=4, rule="lecun"),
        "gelu": Scene(seed=6, activation="gelu", layers=7, rule="lecun", scale=2.0, quantise="floor"),
        "orthogonal": Scene(seed=9, rule="orthogonal", layers=8, width=20),
        "morph": Scene(seed=9, to_seed=10, part=0.3, layers=4, width=40),
        "inputs": Scene(seed=9, inputs="x,y,r,cos_t,sin_t,0.5", time=-7.3, layers=5, center=("0.3", "-1")),
        "wide with r": Scene(seed=9, inputs="x,r", layers=5, width=50, center=("0.3", "-1"), angle=50),
        "one layer": Scene(layers=1),
        "turned": Scene(seed=11, layers=6, angle=30, center=("0.3", "-1"), radius=0.5),
        "unit": Scene(seed=10, lens="unit", layer=3, unit=4),
        "unit before": Scene(seed=10, lens="unit", layer=3, unit=4, before=True),
        "unit of a wide one": Scene(seed=10, width=70, layers=5, scale=0.3, lens="unit", layer=3, unit=66),
        "rgb": Scene(seed=10, lens="rgb", layer=3, units=(7, 0, 29)),
        "cut": Scene(seed=10, lens="cut", layer=3),
        "auto": Scene(seed=12, layers=8, radius=0.05, levels="auto", quantise="floor"),
        "flat": Scene(
            seed=7, layers=2, width=3, activation="relu", radius=0.1, center=("1", "1"), levels="auto", tied=False
        ),
    }
    found |= {
        "turned hsv": Scene(seed=5, layers=4, reading="hsv", gamma=2.0, cycle=2.0, time=0.1),
        "turned rgb": Scene(seed=5, layers=4, gamma=0.7, invert=True, cycle=1.0, time=0.4),
        "turned palette": Scene(seed=5, layers=4, outputs=1, palette="thermal", invert=True, cycle=1.0, time=0.4),
        "turned round": Scene(seed=5, layers=4, outputs=1, palette="romaO", cycle=-1.0, time=0.4),
        "own": Scene(seed=5, layers=4, outputs=1, stops="#201040@0.1 #f0e0a0@0.6 #ff4000@0.6 #00ffff@1", gamma=1.5),
        "own duotone": Scene(seed=5, layers=4, reading="palette", stops="#20106a #ffe9b0"),
    }
    chance = random.Random(23)
    for n in range(20):
        found[f"random {n}"] = Scene(
            seed=chance.randrange(2**64),
            layers=chance.randint(1, 8),
            width=chance.randint(1, 60),
            tied=chance.random() < 0.5,
            activation=[*ACTIVATIONS][n % len(ACTIVATIONS)],
            output_activation=chance.choice(["sigmoid", "tanh", "sin", "gaussian"]),
            rule=("lecun", "glorot", "he")[n % 3],
            shape=chance.choice(["uniform", "normal"]),
            outputs=chance.choice([1, 3]),
            inputs=chance.choice(["x,y", "x,y,r", "r,x", "y,1,x"]),
            center=(Decimal(chance.uniform(-2, 2)), Decimal(chance.uniform(-2, 2))),
            radius=10.0 ** chance.uniform(-2, 1),
            angle=chance.uniform(-180, 180),
            levels=chance.choice(["plain", "auto"]),
        )
    return found


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Open a page with one picture, in which scene after scene is shown."""
    tab = chromium.tab()
    tab.open(written(tmp_path_factory.mktemp("page"), Scene(layers=1)))
    begin(tab, SIZE)
    yield tab
    assert tab.said == []
    chromium.close(tab)


def ours(scene: Scene, size: tuple[int, int] = SIZE) -> Any:
    return render(scene, size=size, engine="numpy", precision="double")


# What takes seconds each, or is a second of its kind: "wide with r", "unit of a wide one" and "morph" are drawn a layer
# at a time as well, and fifteen random scenes have each activation.
LONG = {"tied 60 x 64", "60 x 64", "8 x 256", *(f"random {n}" for n in range(len(ACTIVATIONS), 20))}


@pytest.mark.every
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in LONG)) for name in scenes()])
def test_a_page_draws_our_picture(name: str, shown: Tab) -> None:
    scene = scenes()[name]
    assert show(shown, scene) == "fine"
    is_ours(pixels(shown), ours(scene))


def test_each_palette_and_reading_colours_as_ours(shown: Tab) -> None:
    """In one test: the shaders of a network are the same for all of them."""
    one = [Scene(seed=5, layers=2, outputs=1, palette=name) for name in PALETTES]
    three = [Scene(seed=5, layers=2, reading=name, palette="batlow") for name in READINGS]
    seen = set()
    for scene in one + three:
        assert show(shown, scene) == "fine"
        is_ours(pixels(shown), ours(scene))
        seen.add(pixels(shown).tobytes())
    assert len(seen) == len(one + three)


def test_narrow_networks_are_drawn_at_once_and_wide_ones_a_layer_at_a_time(shown: Tab) -> None:
    for name, is_fused in {"default": True, "wide with r": False, "one layer": True, "morph": False}.items():
        show(shown, scenes()[name])
        made = "tested.engine.asked(folded(wanted(tested.scene).network, tested.scene, tested.size), true)"
        assert shown.js(f"{made}.isFused") is is_fused, name


def test_what_is_dragged_is_drawn_anew_only_where_it_was_not_seen(shown: Tab) -> None:
    scene = Scene(layers=5, seed=3)
    show(shown, scene)
    moved = scene.looking(pan(scene.view, SIZE, 10.0, -7.0))
    shown.js("globalThis.testedArea = null")
    watch(shown, "Exposure.prototype", "fine", "globalThis.testedArea ??= areaOf(this.missing)")
    assert show(shown, moved) == "fine"
    assert shown.js("testedArea") == 96 * 54 - 86 * 47
    is_ours(pixels(shown), ours(moved))


@pytest.mark.parametrize("steps", [(0.5, 0.25), (4.0,), (0.9, 1.3, 0.8)])
def test_a_zoomed_picture_ends_as_a_new_one(steps: tuple[float, ...], shown: Tab) -> None:
    scene = Scene(layers=5, seed=3)
    show(shown, scene)
    for factor in steps:
        moved = scene.looking(zoom(scene.view, SIZE, (20.0, 30.0), factor))
        assert show(shown, moved) == "fine"
        is_ours(pixels(shown), ours(moved))


def test_scenes_that_come_quickly_end_with_the_last(shown: Tab) -> None:
    found = [replace(Scene(layers=6, seed=7), radius=2.6 * 0.8**n) for n in range(12)]
    texts = [each.to_text() for each in found]
    shown.js(f"(() => {{ for (const each of {texts!r}) tested.show(checkedScene(JSON.parse(each))); }})()")
    assert shown.js("tested.idle") == "fine"
    is_ours(pixels(shown), ours(found[-1]))


def test_a_picture_follows_its_canvas(shown: Tab) -> None:
    scene = Scene(layers=5, seed=3)
    show(shown, scene)
    resize = (
        "document.querySelectorAll('canvas')[1].style.cssText = 'position:fixed;left:0;top:0;width:{}px;height:{}px'"
    )
    try:
        shown.js(resize.format(60, 80))
        shown.until("tested.size[0] === 60 && tested.state === 'fine'")
        is_ours(pixels(shown), ours(scene, (60, 80)))
    finally:
        shown.js(resize.format(*SIZE))
        shown.until("tested.size[0] === 96 && tested.state === 'fine'")


def test_a_fine_screen_has_more_pixels(chromium: Browser, tmp_path: Any) -> None:
    tab = chromium.tab()
    tab.size(640, 360, 2.0)
    tab.open(written(tmp_path, Scene(layers=1)))
    begin(tab, (40, 30))
    scene = Scene(layers=3)
    assert show(tab, scene) == "fine"
    is_ours(pixels(tab), ours(scene, (80, 60)))
    chromium.close(tab)


def test_what_is_seen_on_the_screen_is_the_picture(tab: Tab, tmp_path: Any) -> None:
    tab.open(written(tmp_path, Scene(layers=1)))
    begin(tab, SIZE)
    scene = Scene(layers=5, seed=3)
    assert show(tab, scene) == "fine"
    tab.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seen = np.asarray(Image.open(BytesIO(tab.screenshot())).convert("RGB"))[: SIZE[1], : SIZE[0]]
    is_ours(seen, ours(scene))


@contextmanager
def paced(tab: Tab, rate: float, wide_rate: float = 0.0, late: float = 0.0) -> Iterator[Callable[[], list[float]]]:
    """Have a machine of so many operations a millisecond, by the work of each submission; give the times they took.

    `late`: milliseconds that any answer takes besides.
    """
    own = f"(this.isFused ? {rate} : {wide_rate or rate})"
    tab.js("tested.pace = tested.submissions.pace = new Pace(), globalThis.testedTimes = []")
    watch(tab, "tested.pace", "learn", f"given[1] = {late} + given[0] / {own}; testedTimes.push(given[1])")
    try:
        yield lambda: [each for each in tab.js("testedTimes") if each > 0.0]
    finally:
        tab.js("void (tested.pace = tested.submissions.pace = new Pace(), tested.focus = null)")


@pytest.mark.parametrize(("focus", "inside"), [("[90, 50]", (90, 50)), ("null", (48, 27))])
def test_coarse_comes_first_and_the_pointer_s_place_before_the_rest(
    focus: str, inside: tuple[int, int], shown: Tab
) -> None:
    """Where no pointer has been, the middle."""
    with paced(shown, 20_000):
        shown.js(f"tested.focus = {focus}, globalThis.testedPlaces = [], heard.length = 0")
        watch(shown, "tested.canvas", "paint", "testedPlaces.push(given[2])")
        assert show(shown, Scene(seed=99 + inside[0], layers=20, scale=0.4)) == "fine"
    strides = [each for each in shown.js("heard.filter((each) => each.kind === 'progress').map((each) => each.stride)")]
    assert strides[0] > 1
    assert strides == sorted(strides, reverse=True)
    places = shown.js("testedPlaces")
    assert len(places) > 12
    # The first four: the middle is a corner of each.
    for left, top, width, height in places[:1] if focus != "null" else places[:4]:
        assert left <= inside[0] <= left + width
        assert top <= inside[1] <= top + height


NARROW, WIDE = Scene(layers=20, scale=0.4), Scene(layers=3, width=300, scale=0.1, tied=False)


@pytest.mark.parametrize(("scene", "rate"), [(NARROW, 2e3), (WIDE, 1e5), (NARROW, 1e7)])
def test_nothing_that_is_submitted_takes_longer_than_a_frame(scene: Scene, rate: float, shown: Tab) -> None:
    with paced(shown, rate) as took:
        assert show(shown, replace(scene, seed=int(rate))) == "fine"
        times = took()
    first = 15_000_000 / rate  # before anything is known
    least = max(2 * 300 * 300 * 64 / rate, 2 * 30 * 30 * 20 * 64 / rate)  # a layer of the smallest tile
    assert len(times) > 1
    assert times[0] <= 1.01 * max(first, least)
    assert max(times[1:]) <= max(50.0, 1.01 * least)


def test_a_wide_network_after_narrow_ones_begins_slowly(shown: Tab) -> None:
    """A GPU may be a thousand times as slow with it."""
    with paced(shown, 1e8, 1e5) as took:
        assert show(shown, Scene(layers=20, scale=0.4, seed=71)) == "fine"
        assert shown.js("tested.pace.rate") > 1e6
        count = len(took())
        assert show(shown, Scene(layers=3, width=300, scale=0.1, seed=71)) == "fine"
        times = took()[count:]
    assert len(times) > 3
    assert times[0] <= 151.0
    assert max(times[1:]) <= 116.4  # a layer of the smallest tile


def test_a_machine_that_answers_late_is_not_taken_for_a_slow_one(shown: Tab) -> None:
    """It has much else to do, so that each submission takes longer, however small it is."""
    with paced(shown, 1e6, late=80.0):
        for seed in range(71, 76):
            assert show(shown, Scene(layers=20, scale=0.4, seed=seed)) == "fine"
        assert shown.js("tested.pace.latency") == 80.0
        assert 5e5 < shown.js("tested.pace.rate") <= 1.01e6


# A submission of some work that takes 30 ms, while a frame is drawn that takes 200; the rate that is learned of it.
FRAMED = """(async () => {
  let now = 0;
  const pace = new Pace(), made = new Submissions(tested.gl, pace, () => now);
  pace.rate = 1e6;
  const landed = async () => { while (!made.isLanded()) await new Promise((go) => setTimeout(go, 1)); };
  made.framed(true);
  made.submit(null);
  now += 200;
  await landed();
  made.submit([{work: 3e7, draw: () => 0, isApart: true}].values());
  made.framed(true);
  now += 230;
  await landed();
  return [made.frameMs, pace.rate];
})()"""


def test_the_time_of_a_frame_is_no_submissions(shown: Tab) -> None:
    assert shown.js(FRAMED) == [200, 1e6]


def test_where_frames_are_dear_few_are_drawn(shown: Tab) -> None:
    watch(shown, "tested", "redraw", "globalThis.testedFrames += this.state === 'refining'")
    seen = []
    try:
        for cost in ("-1e9", "1e9"):
            shown.js(f"globalThis.testedFrames = 0, tested.submissions.frameMs = {cost}, tested.drawnAt = -1e6")
            with paced(shown, 1e5):
                watch(shown, "tested", "painted", "if (testedFrames >= 0) this.drawnAt = this.clock() - 1e6")
                assert show(shown, Scene(layers=20, scale=0.4, seed=81)) == "fine"
                shown.js("delete tested.painted")
            seen.append(shown.js("testedFrames"))
    finally:
        shown.js("delete tested.redraw, tested.submissions.frameMs = 0")
    assert seen[0] > 0
    assert seen[1] == 0


def test_a_long_row_is_cut_where_it_would_take_too_long(chromium: Browser, tmp_path: Path) -> None:
    tab, size = chromium.tab(), (400, 8)
    tab.open(written(tmp_path, Scene(layers=1)))
    begin(tab, size)
    scene = Scene(layers=3, width=300, scale=0.1, tied=False)
    with paced(tab, 1e5) as took:
        tab.js("void tested.pace.rates.set(false, 1e5)")
        assert show(tab, scene) == "fine"
        assert len(took()) > 3
        assert max(took()) <= 116.4
    is_ours(pixels(tab), ours(scene, size))
    chromium.close(tab)


@pytest.mark.parametrize(
    ("widths", "activations"),
    [
        ((2, 7, 12, 12, 5), ["tanh", "sin", "relu", "softmax"]),
        ((2, 9, 9, 3), ["tanh", "tanh", "softmax"]),
        ((2, 9, 9, 11), ["tanh", "tanh", "softmax"]),
        ((2, 11), ["softmax"]),
        ((2, 40, 7), ["gaussian", "sigmoid"]),
    ],
)
def test_loaded_weights_are_drawn(widths: tuple[int, ...], activations: list[str], tab: Tab, tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    matrices = [chance.normal(0.0, 0.8, shape) for shape in pairwise(widths)]
    biases = [chance.normal(0.0, 0.3, n_out) for n_out in widths[1:]]
    write_weights(str(tmp_path / "own.npz"), matrices, biases, activations)
    scene = Scene(weights=str(tmp_path / "own.npz"))
    tab.open(written(tmp_path, scene))
    begin(tab, SIZE)
    tab.js("tested.show(fromMapping(TOLD.scene))")
    assert tab.js("tested.idle") == "fine"
    is_ours(pixels(tab), ours(scene))
