"""Every key of the table is pressed in a real window; whatever it did, one step back brings the scene before it."""

from collections.abc import Iterator

import pytest
from patience import until
from program import Program, running

from weightscape.scene.command import COMMANDS
from weightscape.scene.scene import Scene

START = Scene(layers=5, width=8, rule="lecun")
OPTIONS = ("--size", "480x320", "--layers", "5", "--width", "8", "--rule", "lecun")
# What has to be pressed afterwards, where a key opens something or begins it.
CLOSING = {
    "breed": "escape",
    "article": "escape",
    "fullscreen": "f11",
    "help": "escape",
    "panel": "tab",
    "pilot": "escape",
    "record": "v",
    "type_seed": "escape",
}
# What another thread looks for, while other keys are answered.
SOUGHT = ("dive",)
LEAVING = ("close", "quit")  # test_explore.py has them
KEYS = [(command.name, key) for command in COMMANDS if command.name not in LEAVING for key in command.keys]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("keys"), *OPTIONS) as program:
        yield program


def done(program: Program) -> None:
    """Wait until all keys so far have been answered, one after the other, and the view stands."""
    program.said_after("f12", "no such key")
    moves = "ask", "glide", "arrive"
    until(lambda: [e for e in program.diary() if e["event"] in moves][-1]["event"] != "glide", "a still view")


def test_there_are_many_keys() -> None:
    assert len(KEYS) > 80
    assert set(CLOSING) <= {name for name, _ in KEYS}


@pytest.mark.every
@pytest.mark.parametrize(("name", "key"), KEYS, ids=[f"{name}-{key}" for name, key in KEYS])
def test_one_step_back_undoes_a_key(program: Program, name: str, key: str) -> None:
    done(program)
    assert program.scene() == START
    (program.asked_after if name in SOUGHT else program.key)(key)
    if name in CLOSING:
        program.key(CLOSING[name])
    done(program)
    if program.scene() != START:
        program.key("backspace")
    until(lambda: program.scene().to_text() == START.to_text(), "the scene before")  # of running time more is asked for
    assert program.said("fault") == []
    assert program.process.poll() is None
