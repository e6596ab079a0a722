"""How large letters are travels with a picture's size, and stays what it is on the way."""

import copy
import pickle

import pytest

from weightscape.draw.chart import unit
from weightscape.draw.lettering import PLAIN, LetteredSize, Letters, letters_of, parse_letters, sized, told_letters

SIZE = 640, 400
LARGE = LetteredSize(SIZE, Letters(2.0, 1.25))


def test_a_size_with_letters_is_another_one_than_without_them() -> None:
    assert LARGE != SIZE
    assert SIZE != LARGE
    assert LetteredSize(SIZE, Letters(2.0, 1.25)) == LARGE
    assert LetteredSize(SIZE, Letters(1.25, 2.0)) != LARGE
    assert len({SIZE, LARGE, LetteredSize(SIZE, Letters(2.0))}) == 3


def test_plain_letters_leave_a_plain_size() -> None:
    assert type(sized(LARGE, PLAIN)) is tuple
    assert sized(LARGE, PLAIN) == SIZE == LetteredSize(SIZE)
    assert letters_of(SIZE) == PLAIN
    assert told_letters(SIZE) == {}


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda size: pickle.loads(pickle.dumps(size))])
def test_a_copy_has_the_same_letters(copied: object) -> None:
    assert callable(copied)
    assert copied(LARGE) == LARGE


def test_letters_grow_with_the_monitors_scale_where_the_picture_does_not() -> None:
    assert unit(sized(SIZE, Letters(2.0))) == 2 * unit(SIZE)
    # Where the picture grows as well, they follow it as they did.
    assert unit(sized((2560, 1440), Letters(2.0))) == unit((2560, 1440)) == 2 * unit((1280, 720))


@pytest.mark.parametrize("size", [(640, 400), (1280, 720), (3840, 2160)])
def test_letters_grow_with_the_users_text_size_in_every_picture(size: tuple[int, int]) -> None:
    assert unit(sized(size, Letters(1.0, 1.5))) == 1.5 * unit(size)


def test_what_is_told_of_letters_is_read_again() -> None:
    (told,) = told_letters(LARGE).values()
    assert parse_letters("x".join(map(str, told))) == letters_of(LARGE)


@pytest.mark.parametrize("text", ["", "2", "2xy", "nanx1", "0x1", "1x99", "1x1x1"])
def test_other_letters_are_refused_with_their_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"not two numbers in 0.25..16"):
        parse_letters(text)
