"""The command table: complete, unambiguous, and each change does what its help says."""

from collections import Counter
from dataclasses import fields, replace

import pytest

from weightscape.lens.split import other
from weightscape.network.activation import ACTIVATIONS
from weightscape.scene.colour_command import STEPPED
from weightscape.scene.command import BY_KEY, BY_NAME, COMMANDS, STAYS, apply, tried
from weightscape.scene.key_help import PAIRS, help_rows, key_label
from weightscape.scene.mean_field import of_scene
from weightscape.scene.palette import READINGS
from weightscape.scene.scene import Scene

FIXED_KEYS = {  # what other programs have taught hands: these keys stay
    "r": "reroll",
    "backspace": "back",
    "[": "fewer_layers",
    "]": "more_layers",
    "{": "narrower",
    "}": "wider",
    "a": "activation",
    "t": "tied",
    "s": "screenshot",
    "ctrl+c": "copy",
    "ctrl+v": "paste",
    "ctrl+l": "copy_link",
    "space": "pause",
    "h": "help",
    "f1": "help",
    "tab": "panel",
    "f11": "fullscreen",
    "0": "reset_view",
    "home": "reset_view",
    "escape": "close",
    "up": "scale_up",
    "down": "scale_down",
    "ctrl+y": "forward",
    "ctrl+s": "screenshot",
    "ctrl+q": "quit",
    "?": "help",
}


def changed(name: str, scene: Scene, chance: int = 0) -> Scene:
    return apply(next(command for command in COMMANDS if command.name == name), scene, chance)


def test_every_command_has_a_name_a_key_and_help_and_none_is_there_twice() -> None:
    keys = Counter(key for command in COMMANDS for key in command.keys)
    names = Counter(command.name for command in COMMANDS)

    assert all(command.keys and command.help for command in COMMANDS)
    assert {1} == set(keys.values()) == set(names.values())


def test_the_promised_keys_do_what_was_promised() -> None:
    assert {key: BY_KEY[key].name for key in FIXED_KEYS} == FIXED_KEYS


def test_help_lists_every_command_under_its_group() -> None:
    rows = help_rows()
    groups = [group for group, _, _ in rows]

    paired = {name for pair in PAIRS for name in pair}
    assert {command.help for command in COMMANDS if command.name not in paired} <= {text for _, _, text in rows}
    assert set(PAIRS.values()) <= {text for _, _, text in rows}
    keys = " ".join(keys for _, keys, _ in rows).split()
    assert all(key_label(key) in keys for command in COMMANDS for key in command.keys if command.name != "preset")
    assert groups == sorted(groups, key=("First", "Network", "View", "Lens", "Window").index)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("r", "R"),
        ("shift+r", "Shift+R"),
        ("up", "↑"),
        ("[", "["),
        ("+", "+"),
        ("escape", "Esc"),
        ("page_down", "PageDown"),
        ("shift+page_up", "Shift+PageUp"),
    ],
)
def test_keys_are_written_for_people(key: str, label: str) -> None:
    assert label == key_label(key)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.change], ids=lambda c: c.name)
@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        Scene(layers=1, width=1),
        Scene(layers=256, width=512),
        Scene(tied=False, layers=61, width=512),
        Scene(rule="he", activation="relu", scale=1e6),
        Scene(scale=0.0),
        Scene(seed=2**64 - 1, radius=1e-300),
        Scene(radius=1e12),
        Scene(time=1e6, outputs=1, palette="grey"),
    ],
    ids=str,
)
def test_no_command_leaves_the_range(command, scene: Scene) -> None:
    result = scene
    for _ in range(3):
        result = apply(command, result, 2**63 - 1)

    assert result == Scene(**{name: getattr(result, name) for name in result.__dataclass_fields__})


def test_another_seed_has_nothing_mixed_in_or_edited() -> None:
    edited = Scene(mix="5:0.5", edits="3:4:5=0.5", silenced="3:4")
    assert changed("reroll", edited, 7) == Scene(seed=7)
    assert changed("next_seed", edited) == Scene(seed=44)


def test_a_smaller_network_forgets_the_edits_that_it_has_not() -> None:
    edited = Scene(layers=5, edits="3:4:5=0.5,5:4:1=2", silenced="3:4,4:0")
    assert changed("fewer_layers", edited) == Scene(layers=4, edits="3:4:5=0.5", silenced="3:4")


def test_reroll_takes_the_number_it_is_given() -> None:
    assert Scene(seed=123) == changed("reroll", Scene(), 5_000_123)


def test_layers_step_by_one_and_stop_at_the_ends() -> None:
    assert Scene(layers=28) == changed("more_layers", Scene())
    assert Scene(layers=26) == changed("fewer_layers", Scene())
    assert Scene(layers=1) == changed("fewer_layers", Scene(layers=1))
    assert Scene(layers=256) == changed("more_layers", Scene(layers=256))


@pytest.mark.parametrize("name", ["activation", "wider", "narrower", "rule"])
def test_a_network_that_changes_its_kind_keeps_its_stretch(name: str) -> None:
    before = Scene()
    after = changed(name, before)

    assert of_scene(before).stretch == pytest.approx(of_scene(after).stretch, rel=0.01)
    assert before.scale != after.scale


@pytest.mark.parametrize("name", ["activation_raw", "wider_raw", "narrower_raw", "rule_raw"])
def test_the_raw_way_leaves_the_scale_alone(name: str) -> None:
    assert Scene().scale == changed(name, Scene()).scale
    assert Scene() != changed(name, Scene())


def test_activations_come_round_again() -> None:
    scene = Scene()
    for _ in ACTIVATIONS:
        scene = changed("activation_raw", scene)

    assert Scene() == scene


def test_colours_go_through_every_reading_then_some_palettes_and_back_to_rgb() -> None:
    seen = [Scene()]
    while changed("colours", seen[-1]) != Scene(palette=STEPPED[-1]):
        seen.append(changed("colours", seen[-1]))

    assert [(scene.outputs, scene.reading) for scene in seen[: len(READINGS)]] == [(3, name) for name in READINGS]
    assert [(scene.outputs, scene.palette) for scene in seen[len(READINGS) :]] == [(1, name) for name in STEPPED]
    # From colours that the key does not step through it begins anew.
    own = Scene(outputs=1, palette="ice", stops="#000000 #ffffff")
    assert changed("colours", own) == Scene(outputs=1, palette=STEPPED[0])


def test_of_a_loaded_network_reading_and_palette_step_together() -> None:
    seen = [Scene(weights="net.npz")]
    for _ in STEPPED:
        seen.append(changed("colours", seen[-1]))

    assert seen[-1] == seen[0]
    assert len({(scene.reading, scene.palette) for scene in seen}) == len(STEPPED)
    assert {scene.reading for scene in seen} == {*READINGS}
    assert {scene.outputs for scene in seen} == {3}


def test_a_scene_with_a_weights_file_keeps_its_network() -> None:
    scene = Scene(weights="net.npz")

    assert scene == changed("reroll", scene, 7)
    assert scene == changed("more_layers", scene)
    assert replace(scene, radius=scene.radius / 1.25) == changed("zoom_in", scene)


def test_a_command_that_changes_nothing_says_why() -> None:
    def reason(key: str, scene: Scene) -> str:
        return tried(BY_KEY[key], scene, 7)[1]

    assert reason("]", Scene()) == ""
    assert reason("[", Scene(layers=1)) == "fewer layers: nothing to change here"
    assert reason("]", Scene(layers=256)) == "more layers: layers: 257 is not in 1..256"
    assert "the limit is 16,000,000" in reason("t", Scene(layers=100, width=512))
    assert "R goes back to random ones" in reason("]", Scene(weights="a.npz"))


def test_what_a_lens_looks_at_stays_inside_of_a_smaller_network() -> None:
    scene = Scene(lens="unit", layers=3, layer=3, unit=2, width=5)
    assert apply(BY_KEY["["], scene, 0) == replace(scene, layers=2, layer=2)
    deep = Scene(lens="rgb", layers=4, layer=2, units=(4, 0, 3), width=5)
    assert apply(BY_KEY["("], deep, 0) == replace(deep, width=4, units=(3, 0, 3))
    assert apply(BY_KEY["("], Scene(width=2), 0) == Scene(width=1), "the outputs have no unit to look at"


def test_the_split_view_shows_what_differs_at_once_and_keeps_it() -> None:
    start = Scene(seed=7, tied=False, activation="relu")
    split = apply(BY_KEY["b"], start, 0)
    assert other(replace(split, seed=8, activation="tanh")) == replace(start, tied=True)
    assert other(replace(split, seed=8, tied=True, weights="a.npz", to_seed=3)) == other(split)
    assert apply(BY_KEY["b"], split, 0) == start
    zero = Scene(seed=0, scale=0.0, rule="he", bias_scale=0.0)
    kept = other(replace(apply(BY_KEY["b"], zero, 0), seed=5, scale=2.0, bias_scale=1.0))
    assert kept == replace(zero, tied=False)


def test_where_layers_cannot_be_independent_the_right_half_has_the_next_seed() -> None:
    large = Scene(layers=100, width=512)
    assert other(apply(BY_KEY["b"], large, 0)) == replace(large, seed=large.seed + 1)


def test_beside_a_loaded_network_are_its_units() -> None:
    loaded = Scene(weights="a.npz")
    assert other(apply(BY_KEY["b"], loaded, 0)) == replace(loaded, lens="units", layer=1)
    units = replace(loaded, lens="units", layer=2)
    assert other(apply(BY_KEY["b"], units, 0)) == replace(units, lens="outputs")


@pytest.mark.parametrize("key", ["e", "shift+e", "u", "m"])
def test_lenses_that_look_at_a_layer_begin_in_the_middle(key: str) -> None:
    assert apply(BY_KEY[key], Scene(layers=9), 0).layer == 4
    assert apply(BY_KEY[key], Scene(layers=1), 0).layer == 1


def test_a_lens_keeps_the_layer_only_where_that_means_the_same() -> None:
    cut = apply(BY_KEY["e"], Scene(layers=9), 0)
    assert cut.layer == 4
    assert apply(BY_KEY["u"], replace(cut, layer=7), 0).layer == 7
    assert apply(BY_KEY["q"], replace(cut, layer=7), 0).layer == 0
    assert apply(BY_KEY["w"], replace(cut, layer=7), 0).layer == 0
    assert apply(BY_KEY["e"], Scene(weights="a.npz"), 0).layer == 1


def test_activations_that_a_loaded_networks_file_does_not_tell_have_their_keys() -> None:
    scene = Scene(weights="net.npz")
    for name, field in (("activation", "activation"), ("activation_raw", "activation"), ("output_activation",) * 2):
        assert tried(BY_NAME[name], scene, 0) == (scene, STAYS)
        new, said = tried(BY_NAME[name], scene, 0, (field,))
        assert said == ""
        assert {each.name for each in fields(Scene) if getattr(new, each.name) != getattr(scene, each.name)} == {field}
    every = ("activation", "output_activation")
    for command in (each for each in COMMANDS if each.group == "Network" and each.change):
        if command.name.removesuffix("_raw") not in every:
            assert tried(command, scene, 0, every) == (scene, STAYS), command.name
