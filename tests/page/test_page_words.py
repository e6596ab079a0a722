"""What a page says of a scene, against the window's own words."""

import json
import random
from dataclasses import replace
from typing import Any

from random_scene import random_scene
from scripted import Scripts

from weightscape.explore import glide, passing
from weightscape.explore.act import zooming
from weightscape.explore.keep import history
from weightscape.explore.tell import words as tell_words
from weightscape.explore.tell.words import phase, status
from weightscape.page import word
from weightscape.page.fit import LENSES
from weightscape.page.gallery import _about
from weightscape.publish import gallery
from weightscape.scene.command import BY_NAME, COMMANDS
from weightscape.scene.key_help import help_entries
from weightscape.scene.scene import Scene


def some_scenes() -> list[Scene]:
    """Draw scenes as pages show them, and set those at the edges of what is said."""
    drawn = []
    for n in range(150):
        chance = random.Random(n)
        scene = replace(random_scene(chance, -40.0), lens=chance.choice(LENSES))
        drawn.append(replace(scene, beside="", layers=min(scene.layers, 40), width=min(scene.width, 60)))
    edges = [Scene(layers=1), Scene(layers=2, width=1), Scene(radius=2.6e-6), Scene(radius=2.6e7), Scene(scale=1.0)]
    return [*drawn, *edges, Scene(layers=60, scale=0.3), Scene(angle=-7.25), Scene(inputs=("x", "cos_t"), time=3.9996)]


def test_the_status_line_has_the_windows_words(scripts: Scripts) -> None:
    scenes = some_scenes()
    texts = json.dumps([scene.to_text() for scene in scenes])
    found = scripts.tab.js(f"{texts}.map((text) => statusPieces(fromText(text)))")
    assert found == [[[piece.name, piece.text] for piece in status(scene, ())] for scene in scenes]


def test_the_phase_is_the_windows(scripts: Scripts) -> None:
    scenes = some_scenes()
    texts = json.dumps([scene.to_text() for scene in scenes])
    found = scripts.tab.js(f"{texts}.map((text) => phaseWords(fromText(text)))")
    wanted = [(told := phase(scene)) and [told.text, told.tone] for scene in scenes]
    assert found == wanted
    assert {each[0] for each in found if each} == {"calm", "edge of chaos", "chaotic"}


def test_hands_and_time_have_the_windows_pace(scripts: Scripts) -> None:
    found = scripts.tab.js(
        "[WHEEL, TWICE, GLIDE_MS, FARTHEST, FARTHEST_PAN, LONGEST, GESTURE_MS, TURN_MS, FEWEST_LAYERS, LARGEST_WRITTEN]"
    )
    assert found == [
        *(zooming.WHEEL, zooming.DOUBLE_CLICK),
        *(1000 * glide.EASED.seconds, glide.FARTHEST, glide.FARTHEST_PAN),
        *(history.LONGEST, 1000 * history.GESTURE_S, 1000 * passing.TURN_S),
        *(tell_words.FEWEST_LAYERS, tell_words.LARGEST_WRITTEN),
    ]


def test_the_page_does_what_its_help_says(scripts: Scripts) -> None:
    done = set(scripts.tab.js("Object.values(keysOf())"))
    told = {cap["name"] for row in word.words()["help"] for cap in row["caps"] if "name" in cap}
    assert done == told
    assert set(word.ACTIONS) < done
    assert len(done) > 45


def test_help_and_keys_are_the_programs() -> None:
    rows = word.words()["help"]
    program = {entry.help for entry in help_entries()}
    own = {entry.help for entry in (*word.FINGERS, word.CLOSE)}
    assert {row["help"] for row in rows} - own <= program
    caps: list[dict[str, Any]] = [cap for row in rows for cap in row["caps"] if "name" in cap]
    assert all(cap["help"] == BY_NAME[cap["name"]].help for cap in caps)
    assert {button["name"] for button in word.words()["buttons"]} <= {command.name for command in COMMANDS}


def test_the_gallerys_cards_press_no_key_that_a_page_has_not() -> None:
    told = {each.file: _about(each.about) for each in gallery.listed()}
    assert told["porcelain"] == "One output through the colours of twilight."
    assert told["geyser"] == "Triangle waves, ten layers; R for other weathers."
    assert told["mask"].endswith("; Space stops it.")
    assert told["lagoon"] == "Cosines through viridis."


def test_keys_are_named_as_the_table_names_them(scripts: Scripts) -> None:
    cases = [
        ({"key": "R", "shiftKey": True}, "shift+r"),
        ({"key": "r"}, "r"),
        ({"key": "{", "shiftKey": True}, "{"),
        ({"key": "[", "ctrlKey": True, "altKey": True}, "["),
        ({"key": "ArrowUp", "shiftKey": True}, "shift+up"),
        ({"key": "Z", "ctrlKey": True, "shiftKey": True}, "ctrl+shift+z"),
        ({"key": "z", "metaKey": True}, "ctrl+z"),
        ({"key": " "}, "space"),
        ({"key": "Home", "shiftKey": True}, "shift+home"),
        ({"key": "F1"}, "f1"),
        ({"key": "Shift", "shiftKey": True}, ""),
        ({"key": "Tab"}, ""),
    ]
    for values, name in cases:
        assert scripts.tab.js(f"keyName(new KeyboardEvent('keydown', {json.dumps(values)}))") == name, values
