"""A link holds a whole scene, is short, and says what is wrong with it; what it once was it stays."""

import json
import random
import re
import shutil
import tracemalloc
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from patience import ran
from random_scene import random_scene

from weightscape.publish import gallery
from weightscape.scene import link as link_file
from weightscape.scene.link import ALPHABET, BEFORE, CHECK, HEAD, LONGEST, ORDER, PRIME, from_link, is_link, link
from weightscape.scene.link_code import Writer
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.scene_error import SceneError

ROOT = Path(__file__).parents[2]
FIRST: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "first_links.json").read_text(encoding="utf-8"))
LONG = "-0." + "1234567890" * 30 + "7"
DEEP = Scene(center=(Decimal(LONG), Decimal("1e12")), radius=1e-300)
PLANE = Scene(
    inputs=("x", "y", "0.5"), origin=(0.1, -1e6), u=(1 / 3, 0.0), v=(-2e-300, -0.0), beside='{"activation": "relu"}'
)


def refused(text: str) -> str:
    """Read a link that cannot be read; give the one line that says why."""
    with pytest.raises(SceneError) as caught:
        from_link(text)
    assert caught.value.field == "link"
    assert "\n" not in caught.value.reason
    assert len(caught.value.reason) < 250
    return caught.value.reason


def coded(total: int, version: str = "1") -> str:
    """Make a whole link of a payload."""
    payload = link_file._spelled(total)
    text = version + link_file._spelled(HEAD + CHECK + len(payload), 2) + payload
    return f"#{text}{link_file._spelled(link_file._number(text) % PRIME, CHECK)}"


def test_every_field_has_its_place_and_the_remainder_finds_wrong_characters() -> None:
    assert sorted(ORDER) == sorted(each.name for each in fields(Scene))
    assert len(set(ORDER)) == len(ORDER)
    assert all(PRIME % divisor for divisor in range(2, 4097))
    assert 64**CHECK - 4 < PRIME < 64**CHECK


@pytest.mark.parametrize("fragment", FIRST)
def test_what_was_a_link_of_a_scene_stays_one(fragment: str) -> None:
    scene = from_text(json.dumps(FIRST[fragment]))
    assert from_link(f"#{fragment}") == scene
    assert link(scene) == BEFORE + fragment


def test_first_links_have_every_choice() -> None:
    told = {each.name: each.metadata["choices"] for each in fields(Scene) if "choices" in each.metadata}
    assert len(told) > 7
    assert {name: sorted({found.get(name, getattr(Scene(), name)) for found in FIRST.values()}) for name in told} == {
        name: sorted(choices) for name, choices in told.items()
    }


@pytest.mark.parametrize("scene", [DEEP, PLANE, Scene(center=(Decimal("0.10"), Decimal("-0.0")))])
def test_a_link_brings_back_all_digits(scene: Scene) -> None:
    again = from_link(link(scene))
    assert again == scene
    assert repr(again) == repr(scene)
    assert len(link(scene)) < 1000


@pytest.mark.slow
def test_any_random_scene_has_less_than_300_characters() -> None:
    """With every number in all its digits, and some stops: 260 is the longest of 1,500."""
    chance = random.Random(16)
    lengths = []
    for _ in range(1500):
        scene = random_scene(chance)
        text = link(scene)
        assert repr(from_link(text)) == repr(scene)
        lengths.append(len(text))
    assert max(lengths) < 300
    assert max(lengths) > 150  # the scenes are full indeed


def test_links_of_plain_scenes_are_short() -> None:
    assert len(link(Scene())) == 20
    assert len(link(Scene(seed=123456))) < 30
    assert len(link(Scene(seed=123456, layers=12, activation="sin", rule="lecun", scale=1.6, tied=False))) < 40


def test_shipped_scenes_are_links_but_for_planes_through_784_inputs() -> None:
    known = {name: gallery.scene(name) for name in gallery.names()}
    linked = {name for name, scene in known.items() if not scene.origin}
    assert len(linked) > 40
    assert all(from_link(link(known[name])) == known[name] for name in linked)


@pytest.mark.parametrize("count", [10, 4096])
def test_what_is_too_long_is_told_at_once(count: int) -> None:
    chance = random.Random(count)
    rows = [tuple(chance.uniform(-1, 1) for _ in range(count)) for _ in range(3)]
    scene = Scene(origin=rows[0], u=rows[1], v=rows[2])
    if count == 10:
        assert len(link(scene)) < 500
    else:
        with pytest.raises(SceneError, match=r"^link: it would be over 4,095 characters"):
            link(scene)


def test_the_longest_link_is_read_and_a_longer_one_is_not_written() -> None:
    def beside(count: int) -> Scene:
        return Scene(beside=json.dumps({"lens": "x" * count}))

    most = max(count for count in range(3470, 3510) if _fits(beside(count)))
    text = link(beside(most))
    assert LONGEST - 4 < len(text) - len(BEFORE) <= LONGEST
    assert from_link(text) == beside(most)
    assert not _fits(beside(most + 1))


def _fits(scene: Scene) -> bool:
    try:
        return bool(link(scene))
    except SceneError:
        return False


@pytest.mark.parametrize(
    ("scene", "name"),
    [
        (Scene(weights="nets/own.npz"), "own.npz"),
        (Scene(weights="nets/digits-relu"), "digits-relu"),
        (Scene(weights="nets\\digits-relu"), "digits-relu"),
        (Scene(weights="two\nlines"), r"two\nlines"),
        (Scene(beside='{"weights": "C:\\\\nets\\\\own.npz"}'), "own.npz"),
    ],
)
def test_weights_of_the_users_own_are_in_no_link(scene: Scene, name: str) -> None:
    with pytest.raises(SceneError, match=f"link: it cannot hold '{re.escape(name)}', a file of yours"):
        link(scene)


def test_shipped_weights_are_named_and_no_link_names_a_file() -> None:
    scene = Scene(weights="digits-relu", beside='{"weights": "street-light"}')
    assert from_link(link(scene)) == scene
    for told in ("/etc/passwd", "own.npz", "x" * 3000, "\0"):
        writer = Writer()
        for name in ORDER:
            writer.put(int(name == "weights"), 2)
            if name == "weights":
                writer.text(told)
        assert "did not come with this program" in refused(coded(writer.total()))


def test_what_is_no_unicode_text_is_in_no_link() -> None:
    with pytest.raises(SceneError, match="link: it cannot hold what is not Unicode text"):
        link(Scene(beside="\udc80"))
    writer = Writer()
    for name in ORDER:
        writer.put(int(name == "beside"), 2)
        if name == "beside":
            writer.text("\udc80")
    assert refused(coded(writer.total())) == "a newer program made it (what is not Unicode text)"


@pytest.mark.parametrize("wrapped", [" {}\n", "<{}>", '"{}"', "'{}'", "“{}”", "({})", "{}.", "{}, ", "see {}!"])
def test_a_link_is_opened_in_whatever_it_is_wrapped(wrapped: str) -> None:
    scene = Scene(seed=7, layers=5)
    text = wrapped.format(link(scene))
    assert is_link(text)
    assert from_link(text) == scene


def test_what_stands_before_the_fragment_does_not_matter() -> None:
    scene = random_scene(random.Random(3))
    fragment = link(scene).partition("#")[2]
    broken = f"{fragment[:70]}\n  {fragment[70:]}"
    for text in (f"#{fragment}", f"https://example.org/page.html?a=b#{fragment}", f"weightscape:#{broken}"):
        assert is_link(text)
        assert from_link(text) == scene


@pytest.mark.parametrize("text", ["", "soup", "{}", '{"weights": "a#b"}', "net#3.png", "figure-11", "file.png"])
def test_other_texts_are_no_links(text: str) -> None:
    assert not is_link(text)
    assert "cut" in refused(text) or "broken" in refused(text)


def test_a_cut_link_says_so_wherever_it_was_cut() -> None:
    text = link(random_scene(random.Random(5)))
    for end in range(len("weightscape:"), len(text)):
        assert is_link(text[:end])
        assert refused(text[:end]).startswith("it is cut: ")


def test_one_wrong_character_or_two_that_changed_places_break_a_link() -> None:
    fragment = link(Scene(seed=123456, layers=12, activation="sin")).partition("#")[2]
    for place in range(len(fragment)):
        for char in ALPHABET:
            if char != fragment[place]:
                said = refused(f"#{fragment[:place]}{char}{fragment[place + 1 :]}")
                assert said.startswith("it is broken: " if not 1 <= place < HEAD else "it is ")
        a, b = fragment[place : place + 2].ljust(2, "A")
        if a != b and place + 1 < len(fragment):
            assert refused(f"#{fragment[:place]}{b}{a}{fragment[place + 2 :]}").startswith("it is ")
    assert "is no character of a link" in refused(f"#{fragment[:5]}é{fragment[6:]}")
    assert refused(f"#{fragment}A").startswith("it is broken: it has ")


def test_a_newer_link_says_so() -> None:
    assert refused(coded(12345, "2")) == "a newer program made it: it is of version 2, this one reads 1"
    assert refused(coded(1 << 60)) == "a newer program made it: it tells more than this one knows of"
    activation = Writer()
    for value in (0, 0, 0, 1):
        activation.put(value, 2)
    activation.small(200, 16)
    assert refused(coded(activation.total())) == (
        "a newer program made it (its activation is none of those that there are)"
    )
    layers = Writer()
    layers.put(0, 2)
    layers.put(1, 2)
    layers.small(300, 512)
    assert refused(coded(layers.total())) == "a newer program made it (layers: 300 is not in 1..256)"


def mutant(chance: random.Random, texts: list[str]) -> str:
    """Change a link as hands and programs do; or, with check digits that fit, as someone who means harm."""
    fragment = chance.choice(texts)
    kind = chance.randrange(5)
    if kind == 0:
        chars = list(fragment)
        for _ in range(chance.randint(1, 6)):
            chars[chance.randrange(len(chars))] = chance.choice([*ALPHABET, "%", "é", " ", "\0"])
        return "#" + "".join(chars)
    if kind == 1:
        place, other = chance.randrange(len(fragment)), chance.choice(texts)
        return f"#{fragment[:place]}{other[chance.randrange(len(other)) :]}"
    if kind == 2:
        return coded(chance.getrandbits(chance.choice([8, 40, 200, 2000, 24_000])))
    if kind == 3:  # the beginning of a scene, and then something else
        total = link_file._number(fragment[HEAD:-CHECK])
        return coded(total ^ (1 << chance.randrange(total.bit_length() + 2)))
    return coded((1 << chance.choice([60, 700, 9000, 24_000])) - 1 - chance.getrandbits(30))


def fuzz(count: int, seed: int) -> tuple[int, int]:
    """Read so many mutants: a scene, or one line; tell how many were scenes, and the most memory that one took."""
    chance = random.Random(seed)
    texts = [*FIRST, link(DEEP).partition("#")[2], link(PLANE).partition("#")[2]]
    scenes = most = 0
    for _ in range(count):
        text = mutant(chance, texts)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        try:
            scene = from_link(text)
        except SceneError:
            refused(text)
        else:
            assert from_link(link(scene)) == scene
            scenes += 1
        most = max(most, tracemalloc.get_traced_memory()[1] - before)
    return scenes, most


@pytest.mark.slow
@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_mutated_link_is_a_scene_or_one_line_and_fills_no_memory(count: int) -> None:
    tracemalloc.start()
    try:
        scenes, most = fuzz(count, 16)
    finally:
        tracemalloc.stop()
    assert 0 < scenes < count / 2
    assert most < 4_000_000


def test_the_page_tells_the_fields_in_order_and_its_reader_reads() -> None:
    page = (ROOT / "docs" / "files-and-films.md").read_text(encoding="utf-8")
    script = re.search(r"```js\n(.*?)```", page, re.S)
    assert script
    assert re.findall(r'^  \["(\w+)", ', script[1], re.M) == [*ORDER]
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node to run it")
    told = "(name, value) => typeof value === 'bigint' ? value.toString() : value"
    main = f"const all = {json.dumps([*FIRST])};\nconsole.log(JSON.stringify(all.map((each) => read(each)), {told}));"
    found = ran(node, "-e", f"{script[1]}\n{main}", encoding="utf-8")
    assert found.returncode == 0, found.stderr
    for fragment, values in zip(FIRST, json.loads(found.stdout), strict=True):
        assert Scene(**values) == from_link(f"#{fragment}")
