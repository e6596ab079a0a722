"""What keys do to a scene in a page, against the program's own table of commands."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from random_scene import random_scene
from scripted import Scripts, caught, of_scene

from weightscape.explore.act import lens_action
from weightscape.explore.explorer import Explorer
from weightscape.network.activation import ACTIVATIONS
from weightscape.page.network_table import table
from weightscape.picture.network_memory import network
from weightscape.scene import mean_field
from weightscape.scene.command import BY_NAME, COMMANDS, STAYS, tried
from weightscape.scene.key_help import key_label
from weightscape.scene.scene import Scene

TRIED = """(name, text, chance) => {
    const [scene, why] = tried(COMMANDS.find((each) => each.name === name), fromText(text), BigInt(chance));
    return [sceneText(scene), why];
}"""
# Of the explorer itself: the lens's layers and units.
ACTIONS = {name: getattr(lens_action, name) for name in ("layer_on", "layer_back", "unit_on", "unit_back")}
LENSES = ("outputs", "cut", "rgb", "unit")
ALIVE = ("narrower", "wider", "activation", "rule")


def plain_scenes(count: int) -> list[Scene]:
    """Draw scenes that a page shows, of the sizes of weights that people look at."""
    made = []
    for n in range(count):
        chance = random.Random(n)
        scene = random_scene(chance, -100.0)
        changes: dict[str, Any] = {"layers": chance.randint(1, 40), "width": chance.choice([1, 2, 7, 30, 64, 512])}
        if chance.random() < 0.5:
            changes |= {"rule": "fixed", "bias_scale": None, "scale": chance.uniform(0.0, 1.5)}
        lens, layer = chance.choice(LENSES), chance.randint(0, changes["layers"])
        units = changes["width"] if 0 < layer < changes["layers"] else scene.outputs
        a, b, c, unit = (chance.randrange(units) for _ in range(4))
        own = {
            "cut": {"layer": layer},
            "rgb": {"layer": layer, "units": (a, b, c)},
            "unit": {"layer": layer, "unit": unit},
        }
        looks = {"lens": "outputs", "layer": 0, "unit": 0, "units": (0, 1, 2), "before": False, "probe": (0.0, 0.0)}
        made.append(
            replace(
                scene,
                **(looks | {"turn": 30.0, "tilt": 50.0, "lift": 1.0} | changes | {"lens": lens} | own.get(lens, {})),
            )
        )
    return made


def acted(action: Callable[[Explorer, str], None], scene: Scene) -> Scene:
    """Let an action of the window have a scene, and tell which one it shows."""
    shown = [scene]
    action(cast(Explorer, SimpleNamespace(scene=scene, show=shown.append, say=lambda words: None)), "")
    return shown[-1]


def scripted_names(scripts: Scripts) -> list[str]:
    names: list[str] = scripts.tab.js("COMMANDS.map(({name}) => name)")
    return names


def test_every_key_of_the_list_is_there_with_the_program_s_words(scripts: Scripts) -> None:
    found = scripts.tab.js("COMMANDS.map(({change, ...others}) => others)")
    assert [each["name"] for each in found] == [each.name for each in COMMANDS if each.name in scripted_names(scripts)]
    for each in found:
        command = BY_NAME[each["name"]]
        assert (each["keys"], each["help"], each["group"]) == ([*command.keys], command.help, command.group)
        assert each["labels"] == [key_label(key) for key in command.keys]
    keys = {key for each in found for key in each["keys"]}
    assert keys >= {
        "r",
        "shift+r",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "a",
        "shift+a",
        "o",
        "i",
        "d",
        "t",
        "up",
        "down",
        "left",
    }
    assert keys >= {"right", "c", "l", "+", "-", "0", "<", ">", "e", "u", "shift+e", "k", ";", ":", "shift+b", ",", "."}


def test_what_a_command_makes_of_a_scene_is_the_same_scene(scripts: Scripts) -> None:
    scenes = [Scene(), *plain_scenes(60)]
    for name in scripted_names(scripts):
        if name in ALIVE:
            continue
        found = scripts.tab.js(caught(TRIED, *([name, scene.to_text(), str(7**20)] for scene in scenes)))
        for scene, (text, why) in zip(scenes, found, strict=True):
            if name in ACTIONS:
                assert text == acted(ACTIONS[name], scene).to_text(), name
            else:
                new, reason = tried(BY_NAME[name], scene, 7**20)
                assert (text, why) == (new.to_text(), reason), (name, scene)


@pytest.mark.parametrize("name", ALIVE)
def test_the_stretch_is_kept_at_the_same_scale(scripts: Scripts, name: str) -> None:
    scenes = [Scene(), *plain_scenes(20)]
    found = scripts.tab.js(caught(TRIED, *([name, scene.to_text(), "1"] for scene in scenes)))
    differing = 0
    for scene, (text, why) in zip(scenes, found, strict=True):
        new, reason = tried(BY_NAME[name], scene, 1)
        assert why == reason
        differing += text != new.to_text()
        made = json.loads(text)
        assert made | {"scale": new.scale} == json.loads(new.to_text())
        # Four digits of what is found by halving: the last of them may turn on the last place of a sum.
        assert made["scale"] == pytest.approx(new.scale, rel=1.1e-3 if new.scale else 0.0), scene
    assert differing <= 2


@pytest.mark.every
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_mean_field_is_python_s(scripts: Scripts, activation: str) -> None:
    for sigma_w, sigma_b in ((0.3, 0.1), (0.9, 0.3), (1.4, 0.0), (3.0, 2.0)):
        found = scripts.tab.js(f"meanField('{activation}', {sigma_w}, {sigma_b})")
        wanted = mean_field.mean_field(activation, sigma_w, sigma_b)
        assert found["chi1"] == pytest.approx(wanted.chi1, rel=1e-6)
        if np.isfinite(wanted.q):
            assert found["q"] == pytest.approx(wanted.q, rel=1e-6)


def test_a_loaded_network_stays_as_it_is(scripts: Scripts) -> None:
    scene = Scene(weights="digits-relu", origin=(0.0,) * 784, u=(0.1,) * 784, v=(0.2,) * 784)
    scripts.tab.js(f"(Object.assign(TOLD.networks, {json.dumps({scene.weights: table(network(scene))})}), 0)")
    for name in ("wider", "tied", "scale_up"):
        assert scripts.tab.js(f"({TRIED})('{name}', {json.dumps(scene.to_text())}, 1)") == [scene.to_text(), STAYS]
    for at in (scene, replace(scene, lens="unit", layer=2, unit=15), replace(scene, lens="unit", layer=0, unit=9)):
        for name, action in ACTIONS.items():
            there = scripts.tab.js(f"({TRIED})('{name}', {json.dumps(at.to_text())}, 1)")
            assert there == [acted(action, at).to_text(), ""]


def test_a_lens_without_units_says_which_have_them(scripts: Scripts) -> None:
    scene = Scene(lens="cut", layer=3)
    text, why = scripts.tab.js(f"({TRIED})('unit_on', {json.dumps(scene.to_text())}, 1)")
    assert text == scene.to_text()
    assert why == "the lens cut has no unit; these have: U unit"


def test_the_last_seed_is_followed_by_the_first(scripts: Scripts) -> None:
    text = json.dumps(Scene(seed=2**64 - 1).to_text())
    assert json.loads(scripts.tab.js(f"({TRIED})('next_seed', {text}, 1)")[0])["seed"] == 0


def test_networks_of_many_commands_stay_drawable(scripts: Scripts) -> None:
    chance, names, scene = random.Random(11), scripted_names(scripts), Scene(layers=4)
    chosen = json.dumps([chance.choice(names) for _ in range(150)])
    step = "(scene, name) => tried(COMMANDS.find((each) => each.name === name), scene, 99n)[0]"
    assert scripts.tab.js(f"wanted({chosen}.reduce({step}, {of_scene(scene)})).channels") in (1, 3)
