"""How large the letters of a picture are: as in a file, or as a window's user has them.

A window tells it with the size of its pictures, which reaches whatever lays one out; in files letters follow the pixels
alone.
"""

from dataclasses import dataclass

from weightscape.network.view import Size


@dataclass(frozen=True)
class Letters:
    """Say how many pixels a length has that is meant for 96 dots an inch, and how much larger the user wants letters.

    Both are 1 in a file.
    """

    density: float = 1.0
    text: float = 1.0

    @property
    def scale(self) -> float:
        """Tell the pixels of one pixel of letters at 96 dots an inch."""
        return self.density * self.text

    def clamped(self, wanted: float, least: float, most: float = float("inf")) -> float:
        """Keep letters that follow the picture's pixels between two sizes, which are meant for 96 dots an inch."""
        return self.text * min(max(wanted, least * self.density), most * self.density)


PLAIN = Letters()
# What a file says of letters that are not as ever: both numbers, which lie within these.
KEYWORD, RANGE = "letters", (0.25, 16.0)


class LetteredSize(tuple[int, int]):
    """A picture's size in pixels that says how large its letters are.

    It is none that says something else, nor a plain one: what is remembered of one picture is not for the other.
    """

    letters: Letters

    def __new__(cls, size: Size, letters: Letters = PLAIN) -> "LetteredSize":
        """Hold width and height, and the letters."""
        made = super().__new__(cls, size)
        made.letters = letters
        return made

    def __eq__(self, other: object) -> bool:
        """Tell whether both have the same pixels and letters."""
        return isinstance(other, tuple) and tuple(self) == tuple(other) and self.letters == letters_of(other)

    def __ne__(self, other: object) -> bool:
        """Tell whether pixels or letters differ."""
        return not self == other

    def __hash__(self) -> int:
        """Hash pixels and letters."""
        return hash((tuple(self), self.letters))


def sized(size: Size, letters: Letters) -> Size:
    """Say with a size how large letters are; as in a file, it is a plain one."""
    return (size[0], size[1]) if letters == PLAIN else LetteredSize(size, letters)


def letters_of(size: object) -> Letters:
    """Tell how large the letters of a picture of such a size are."""
    return size.letters if isinstance(size, LetteredSize) else PLAIN


def told_letters(size: Size) -> dict[str, list[float]]:
    """Say for a file how large its letters are, where they are not as ever."""
    letters = letters_of(size)
    return {} if letters == PLAIN else {KEYWORD: [letters.density, letters.text]}


def parse_letters(text: str) -> Letters:
    """Read the two numbers of told_letters(), with an x between them. Raises ValueError with value and range."""
    try:
        density, size = map(float, text.split("x"))
    except ValueError:
        density = size = 0.0
    low, high = RANGE
    if not (low <= density <= high and low <= size <= high):
        raise ValueError(f"{text!r} is not two numbers in {low:g}..{high:g}")
    return Letters(density, size)
