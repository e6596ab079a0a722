"""Links: what the scripts write the program reads, and the other way round; the documented reader reads both."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from random_scene import random_scene
from scripted import Scripts, caught

from weightscape.scene.link import from_link, link
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

ROOT = Path(__file__).resolve().parents[2]
FIRST: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "first_links.json").read_text(encoding="utf-8"))
READ = "(text) => sceneText(fromLink(text))"


def some_scenes() -> list[Scene]:
    """Draw scenes, and set those that hold what random ones do not."""
    return [
        *(random_scene(random.Random(n), -250.0) for n in range(200)),
        Scene(),
        Scene(seed=2**64 - 1, to_seed=0, part=0.25),
        Scene(rule="orthogonal", bias_scale=0.0, scale=-0.0),
        Scene(inputs=("x", "0.5", "-1000000.0", "1e-05", "0.0")),
        Scene(weights="digits-relu", origin=(0.5, -0.0, 1e-9), u=(1.0, 2.0, 3.0), v=(0.1, 0.2, 0.3)),
        Scene(
            beside=json.dumps({"seed": 7, "lens": "unit", "weights": "digits-relu", "note": "äß€𝄞"}, ensure_ascii=False)
        ),
        Scene(center=("0.00", "-0")),
        Scene(center=("1e11", "-123.4500")),
    ]


def test_links_are_written_alike(scripts: Scripts) -> None:
    scenes = some_scenes()
    texts = json.dumps([scene.to_text() for scene in scenes])
    assert scripts.tab.js(f"{texts}.map((text) => link(fromText(text)))") == [link(scene) for scene in scenes]


def test_links_of_python_are_read(scripts: Scripts) -> None:
    scenes = some_scenes()
    assert scripts.tab.js(caught(READ, *([link(scene)] for scene in scenes))) == [scene.to_text() for scene in scenes]


def test_the_first_links_are_read_for_ever(scripts: Scripts) -> None:
    texts = scripts.tab.js(caught(READ, *([f"#{fragment}"] for fragment in FIRST)))
    assert texts == [from_link(f"#{fragment}").to_text() for fragment in FIRST]
    assert len(texts) > 10


def test_links_are_taken_out_of_what_they_are_wrapped_in(scripts: Scripts) -> None:
    bare = link(Scene(seed=12345))
    texts = [f"<{bare}>", f"  “{bare}”", f"{bare[:20]}\n{bare[20:]}", f"https://example.org/page?x=1{bare[12:]})"]
    assert scripts.tab.js(caught(READ, *([text] for text in texts))) == [from_link(text).to_text() for text in texts]


def mutated(chance: random.Random, text: str) -> str:
    """Change, drop or double a character, or make the check fit what is changed."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = chance.randrange(len(text))
    made = chance.choice(
        [
            text[:place] + chance.choice([*letters, "é", "!"]) + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[:place],
        ]
    )
    if len(made) < 8 or not set(made) <= set(letters) or chance.random() < 0.3:
        return made
    made = made[0] + letters[len(made) // 64] + letters[len(made) % 64] + made[3:-4]
    number = 0
    for char in made:
        number = number * 64 + letters.index(char)
    rest = number % 16_777_213
    return made + "".join(letters[rest // 64**n % 64] for n in (3, 2, 1, 0))


def read_in_python(text: str) -> Any:
    try:
        return from_link(text).to_text()
    except SceneError as error:
        return {"field": error.field, "reason": error.reason}


def printable(read: Any) -> Any:
    """Leave out quoted characters of which Unicode's editions say different things: whether they can be printed."""
    return json.loads(re.sub(r"'.*[^ -~].*'|'.*\\\\[uU].*'", "''", json.dumps(read, ensure_ascii=False)))


def test_broken_links_are_refused_in_the_same_words(scripts: Scripts) -> None:
    chance, whole = random.Random(9), [link(scene).partition("#")[2] for scene in some_scenes()]
    texts = [f"#{mutated(chance, chance.choice(whole))}" for _ in range(600)] + ["", "#", "#1", "#1AA", "#1AHAAAA"]
    found = scripts.tab.js(caught(READ, *([text] for text in texts)))
    wanted = [read_in_python(text) for text in texts]
    for text, one, other in zip(texts, found, wanted, strict=True):
        assert printable(one) == printable(other), text
    said = {re.split(r"[:(]", each["reason"])[0] for each in wanted if isinstance(each, dict)}
    assert said >= {"it is cut", "it is broken", "a newer program made it", "a newer program made it "}
    assert sum(isinstance(each, str) for each in wanted) > 10


@pytest.mark.every
@pytest.mark.parametrize(
    "scene",
    [
        Scene(weights="/home/me/mine.npz"),
        Scene(beside='{"weights": "C:\\\\nets\\\\mine.npz"}'),
        Scene(beside="\ud800"),
        Scene(origin=(0.123456789,) * 500, u=(0.987654321,) * 500, v=(0.5,) * 500),
    ],
)
def test_what_no_link_holds_is_refused_in_the_same_words(scripts: Scripts, scene: Scene) -> None:
    with pytest.raises(SceneError) as caught_there:
        link(scene)
    text = json.dumps(scene.to_text())
    fault = scripts.fault(f"link(fromText({text}))")
    assert fault == [caught_there.value.field, caught_there.value.reason]


def test_the_documented_reader_reads_what_the_scripts_write(scripts: Scripts) -> None:
    page = (ROOT / "docs" / "files-and-films.md").read_text(encoding="utf-8")
    script = re.search(r"```js\n(.*?)```", page, re.S)
    assert script
    scenes = some_scenes()
    texts = json.dumps([scene.to_text() for scene in scenes])
    read = f"((text) => {{ {script[1]}\n return read(text); }})"
    found = scripts.tab.js(
        f"{texts}.map((text) => sceneText(checkedScene({read}(link(fromText(text)).replace(/.*#/, '')))))"
    )
    assert found == [scene.to_text() for scene in scenes]
