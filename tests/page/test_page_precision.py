"""Where single precision ends a live page says so, and shows what is true."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from browser import Browser, Tab
from live import written
from scripted import Scripts
from shown import begin, is_ours, pixels, show, watch

from weightscape import Scene, render
from weightscape.cli.cli import run
from weightscape.page import fit
from weightscape.scene.scene import from_text

SIZE = (96, 54)


@pytest.fixture
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    tab = chromium.tab()
    tab.open(written(tmp_path_factory.mktemp("page"), Scene(layers=1)))
    begin(tab, SIZE)
    # Whatever is painted is compared with the program, not only what is fine at last.
    tab.js("globalThis.testedPainted = []")
    watch(tab, "tested", "take", "testedPainted.push(sceneText(given[0].scene))")
    yield tab
    assert tab.said == []
    chromium.close(tab)


def ends(tab: Tab) -> list[str]:
    """List what was said of the end of precision."""
    said: list[str] = tab.js("heard.filter((each) => each.kind === 'end of precision').map((each) => each.text)")
    return said


# They begin two steps from the end: each is a picture of seconds. Of farther views is the test of random networks.
NEAR = [
    Scene(radius=2.6 / 4**10),
    Scene(layers=8, levels="auto", radius=2.6 / 4**6),
    Scene(layers=20, width=60, levels="auto", radius=2.6 / 4**6),
]


@pytest.mark.parametrize("scene", NEAR)
def test_zooming_in_ends_where_single_precision_does(scene: Scene, shown: Tab) -> None:
    last, radius, found = scene.radius, scene.radius, "fine"
    while found == "fine":
        last, radius = radius, radius / 4
        assert radius > 1e-9
        found = show(shown, replace(scene, radius=radius))
    assert found == "refused"
    assert last < scene.radius
    (said,) = ends(shown)
    assert said == "single precision ends here: the program shows it"
    assert shown.js("tested.scene.radius") == last
    true = replace(scene, radius=last)
    is_ours(pixels(shown), render(true, size=SIZE, engine="numpy", precision="double"))
    # The last view is a picture still, and nothing of the refused one was painted.
    assert all(f'"radius": {radius!r}' not in text for text in shown.js("testedPainted"))


def test_the_command_that_it_names_shows_the_scene(shown: Tab, capsys: pytest.CaptureFixture[str]) -> None:
    scene = Scene(seed=8, layers=60)
    assert show(shown, scene) == "refused"
    (said,) = ends(shown)
    assert said == "single precision cannot hold this picture: the program shows it"
    command = shown.js("commandOf(tested.scene)")
    assert command.startswith("weightscape explore 'weightscape:#")
    assert run(["show", command.split("'")[1]]) == 0
    assert from_text(capsys.readouterr().out) == scene
    assert np.ptp(pixels(shown)) == 0, "noise is never seen"


def test_a_refused_network_leaves_the_last_true_picture(shown: Tab) -> None:
    true = Scene(layers=5, seed=3)
    assert show(shown, true) == "fine"
    assert show(shown, Scene(seed=8, layers=60)) == "refused"
    assert shown.js("sceneText(tested.scene)") == true.to_text()
    is_ours(pixels(shown), render(true, size=SIZE, engine="numpy", precision="double"))
    assert show(shown, replace(true, seed=4)) == "fine"
    is_ours(pixels(shown), render(replace(true, seed=4), size=SIZE, engine="numpy", precision="double"))


def test_what_is_shown_is_true_and_what_is_refused_is_not(shown: Tab) -> None:
    """Of chaotic networks; a picture whose worst pixels are a few steps off may be refused, too."""
    chance = np.random.default_rng(4)
    outcomes = {"fine": 0, "refused": 0}
    for _ in range(8):
        scene = Scene(
            seed=int(chance.integers(10**6)),
            layers=int(chance.integers(10, 40)),
            width=int(chance.integers(8, 28)),
            tied=bool(chance.integers(2)),
            scale=float(chance.uniform(0.6, 1.6)),
            radius=float(10 ** chance.uniform(-3, 1)),
            levels=str(chance.choice(["plain", "auto"])),
        )
        outcome = show(shown, scene)
        outcomes[outcome] += 1
        truth = render(scene, size=SIZE, engine="numpy", precision="double")
        if outcome == "fine":
            is_ours(pixels(shown), truth)
        else:
            single = render(scene, size=SIZE, engine="numpy", precision="single")
            assert np.abs(single.astype(int) - truth).max() >= 1
    assert min(outcomes.values()) >= 2


def test_pages_are_refused_by_the_scripts_own_rule(scripts: Scripts) -> None:
    scenes = [Scene(radius=10.0**-n, center=(Decimal("0.31"), Decimal("0.2"))) for n in range(12)]
    scenes += [replace(scene, inputs=("x", "y", "r"), width=30, lens="unit", layer=2) for scene in scenes]
    own = "(text, size) => { const scene = fromText(text), {network} = folded(wanted(scene).network, scene, size);"
    own += " return tellsApart(network, {columns: size[0], rows: size[1], stride: 1}); }"
    found = [scripts.tab.js(f"({own})({scene.to_text()!r}, {[*fit.SIZE]})") for scene in scenes]
    assert found == [fit.tells_apart(scene) for scene in scenes]
    assert set(found) == {True, False}
    assert scripts.tab.js("DISTINCT") == fit.DISTINCT
