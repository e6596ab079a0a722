"""Every word that the window shows is explained in two sentences."""

import re
from dataclasses import fields

import pytest

from weightscape.scene.command import COMMANDS
from weightscape.scene.scene import Scene
from weightscape.scene.term import SAME, TERMS, explained

CHOICES = {each.name: tuple(map(str, each.metadata["choices"])) for each in fields(Scene) if "choices" in each.metadata}
# Settings that the command line alone has.
UNSEEN = ("quantise",)


@pytest.mark.parametrize("name", TERMS)
def test_an_explanation_is_two_sentences(name: str) -> None:
    assert len(re.findall(r"[.!?](?=\s|$)", TERMS[name])) == 2
    assert TERMS[name][-1] == "."


def test_every_choice_is_explained_and_none_that_is_not_there() -> None:
    expected = {f"{field}={value}" for field, values in CHOICES.items() if field not in UNSEEN for value in values}
    assert len(expected) > 50
    assert {name for name in expected if not explained(name)} == set()
    assert {name for name in TERMS if "=" in name and not name.startswith(("status=", "button="))} <= expected


def test_a_word_that_is_explained_as_another_one_leads_there() -> None:
    assert SAME
    assert all(same in TERMS and name not in TERMS for name, same in SAME.items())
    assert explained("no such word") == ""


def test_every_button_is_a_command() -> None:
    buttons = {name.partition("=")[2] for name in TERMS if name.startswith("button=")}
    assert len(buttons) > 4
    assert buttons <= {command.name for command in COMMANDS}
