"""The card of a first start, the help's search line, and when what is pointed at is explained."""

import json
import math
from pathlib import Path

import pytest

from weightscape.explore.tell.card import COMFORT, FLY, LINES, Card, state_file
from weightscape.explore.tell.guide import help_table, in_force
from weightscape.explore.tell.search import ALSO, Search
from weightscape.explore.tell.tips import REST_S, Tips
from weightscape.scene.command import COMMANDS
from weightscape.scene.key_help import FIRST, MOST_USEFUL, help_entries
from weightscape.scene.scene import Scene
from weightscape.window.message import Pointed


def test_a_card_ticks_off_what_is_done_and_is_gone_after_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "card.json"
    card = Card(path)
    names = {command.name for command in COMMANDS} | {FLY}
    assert {each for *_, commands in LINES for each in commands} <= names
    for n, (_, _, _, commands) in enumerate(LINES):
        rows = card.rows()
        assert rows is not None
        assert [row.is_on for row in rows] == [k < n for k in range(len(LINES))] + [False]
        assert rows[-1].text == COMFORT
        card.did(commands[-1])
        assert Card(path).rows() == card.rows()  # as a new start finds it
    assert card.rows() is None


def test_a_card_that_is_clicked_away_stays_away(tmp_path: Path) -> None:
    Card(tmp_path / "card.json").close()
    assert Card(tmp_path / "card.json").rows() is None


@pytest.mark.parametrize(
    "written", [b"", b"soup", b"[1]", b'{"done": 3}', b'{"done": [["reroll"], null]}', b"\xff" * 9]
)
def test_a_broken_file_is_a_first_start(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "card.json").write_bytes(written)
    card = Card(tmp_path / "card.json")
    assert card.rows() == Card(None).rows()
    card.did("reroll")
    assert json.loads((tmp_path / "card.json").read_text()) == {"done": ["reroll"]}


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    card = Card(tmp_path / "file" / "card.json")
    card.close()
    assert card.rows() is None


def test_the_state_folder_is_the_one_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_STATE_DIR", str(tmp_path))
    assert state_file() == tmp_path / "card.json"


def typed(search: Search, *names: str) -> list[bool]:
    return [search.takes(name) for name in names]


def test_signs_are_typed_and_other_keys_are_not() -> None:
    search = Search()
    assert typed(search, "space", "backspace", "escape", "enter", "up", "f11", "ctrl+c", "h", "?") == [False] * 9
    assert typed(search, "z", "o", "h", "space", "shift+a", "[", "?", "backspace", "f1") == [True] * 8 + [False]
    assert search.text == "zoh a["
    assert typed(search, "escape", "escape") == [True, False]
    assert typed(search, "shift+h", *"x" * 99) == [True] * 100
    assert len(search.text) < 30


def found(text: str) -> list[str]:
    search = Search()
    search.text = text
    return [entry.keys for entry in help_entries() if search.finds(entry)]


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("zoom", ["Wheel", "+ = -"], ["R"]),
        ("LAY", ["[ ]", "{ }", "T"], ["S Ctrl+S"]),
        ("shift+m", ["Shift+M"], ["M"]),
        ("f2", ["F2"], ["F11 F"]),
        ("next layer", ["K Shift+K"], ["[ ]"]),
        ("|j|", ["Q"], ["J"]),
        ("[", ["[ ]"], ["{ }"]),
        ("esc", ["Esc Ctrl+Q"], ["R"]),
        ("undo", ["Backspace Ctrl+Z"], ["R"]),
        ("chaos", ["↑ ↓"], ["R"]),
    ],
)
def test_a_search_finds_words_and_keys(text: str, some: list[str], none: list[str]) -> None:
    rows = found(text)
    assert set(some) <= set(rows)
    assert not set(none) & set(rows)


def test_a_search_for_nothing_finds_all_and_for_nonsense_says_so() -> None:
    assert len(found("")) == len(help_entries()) > 40
    assert found("qqq") == []
    (row,) = help_table([])
    assert (row.keys, row.presses) == ("", ())


def test_twelve_rows_stand_first_and_each_command_once() -> None:
    entries = help_entries()
    assert [entry.group for entry in entries[:13]].count(FIRST) == len(MOST_USEFUL) == 12
    names = [name for entry in entries for name in entry.commands]
    assert sorted(names) == sorted(command.name for command in COMMANDS)
    assert ALSO.keys() <= set(names)


def test_every_row_of_a_command_can_be_pressed() -> None:
    keys = {key for command in COMMANDS for key in command.keys}
    for entry in help_entries():
        assert bool(entry.presses) == bool(entry.commands)
        assert set(entry.presses) <= keys
        assert len(entry.presses) == len(entry.keys.split()) or not entry.presses


def test_what_is_on_is_marked() -> None:
    is_on = in_force(Scene(lens="atlas", levels="auto"), panel=True, record=False)
    marked = [row.keys for row in help_table(help_entries(), is_on) if row.is_on]
    assert marked == ["Shift+M", "Tab", "L"]


SCALE = Pointed("scale", "size of the weights (default 0.7 for rule fixed, else 1); the mark")
CHOICE = Pointed("rule=he")


def nothing(wanted: object) -> list[int]:
    return [7] * len(list(wanted))  # type: ignore[call-overload]


def test_an_explanation_comes_after_a_rest_and_stays_at_its_place() -> None:
    tips = Tips(lambda: None)
    assert not tips.is_at_something
    tips.see(SCALE, (1, 1), 10.0)
    assert tips.is_at_something
    assert tips.next_s() == 10.0 + REST_S
    assert tips.tip(Scene(), 8, 10.0 + 0.9 * REST_S, nothing) is None
    tips.see(SCALE, (2, 1), 10.2)  # a pointer that moves does not rest
    assert not tips.has_news(10.0 + REST_S)
    assert tips.has_news(10.2 + REST_S)
    tip = tips.tip(Scene(), 8, 10.2 + REST_S, nothing)
    assert tip is not None
    assert tip.text.startswith("How large the weights are.")
    assert tip.note == "the mark"
    assert [(thumb.label, thumb.texture) for thumb in tip.pictures] == [("less", 7), ("more", 7)]
    assert tips.next_s() == math.inf
    tips.see(SCALE, (3, 1), 11.0)
    assert tips.tip(Scene(), 8, 11.0, nothing) == tip
    tips.see(CHOICE, (3, 2), 12.0)
    assert tips.tip(Scene(), 8, 12.0, nothing) is None
    tips.see(None, (0, 0), 13.0)
    assert tips.tip(Scene(), 8, 99.0, nothing) is None


def test_examples_stand_still_while_time_runs() -> None:
    drawn: list[object] = []

    def note(wanted: object) -> list[int]:
        drawn.append(wanted)
        return nothing(wanted)

    tips = Tips(lambda: None)
    tips.see(CHOICE, (1, 1), 1.0)
    for scene in (Scene(time=0.1), Scene(time=0.2), Scene(seed=44)):
        tips.tip(scene, 8, 2.0, note)
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_key_takes_an_explanation_away() -> None:
    tips = Tips(lambda: None)
    tips.see(SCALE, (1, 1), 1.0)
    tips.dismiss()
    tips.see(SCALE, (1, 1), 1.1)
    assert tips.tip(Scene(), 8, 9.0, nothing) is None


def test_what_has_no_explanation_keeps_its_hint_and_has_no_picture() -> None:
    tips = Tips(lambda: None)
    tips.see(Pointed("new", "a hint"), (1, 1), 1.0)
    tip = tips.tip(Scene(), 8, 2.0, nothing)
    assert tip is not None
    assert (tip.text, tip.note, tip.pictures) == ("", "a hint", ())
