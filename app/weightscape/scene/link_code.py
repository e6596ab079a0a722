"""Whole numbers one after the other in a single one, as the payload of a link has them (docs/files-and-films.md).

Each number v in 0..k-1 is a digit to its own base k; the first one is the lowest. So a number costs what it tells, and
whoever reads needs division alone.
"""

from decimal import Decimal

# Bases of small numbers, each as large as what mostly stands there.
FEW, SOME, MANY, LETTER = 16, 32, 512, 128
# No number of a scene has more digits, and no exponent is larger: a reader refuses what would fill its memory.
MOST_DIGITS, MOST_EXPONENT = 1000, 10**7


class CodeError(ValueError):
    """A code that no writer of this version has written."""


class Writer:
    """Collect digits, the first one to be read first."""

    def __init__(self) -> None:
        self._digits: list[tuple[int, int]] = []
        self.bits = 0

    def put(self, value: int, base: int) -> None:
        """Write a number in 0..base-1."""
        self._digits.append((value, base))
        self.bits += base.bit_length() - 1

    def small(self, value: int, base: int) -> None:
        """Write a number from 0 on; one above base-2 is marked by base-1, and its rest follows to the base's square."""
        rest = value - (base - 1)
        self.put(min(value, base - 1), base)
        if rest >= 0:
            self.small(rest, base * base)

    def whole(self, value: int) -> None:
        """Write a number of any size, from 0 on: how many decimal digits, then those."""
        count = len(str(value))
        self.small(count - 1, SOME)
        self.put(value, 10**count)

    def number(self, value: Decimal) -> None:
        """Write a decimal number with its very digits: 0.DIGITS times 10 to a power."""
        sign, digits, exponent = value.as_tuple()
        assert isinstance(exponent, int)
        power = exponent + len(digits)
        self.whole(int("".join(map(str, digits))))
        self.put(sign, 2)
        self.small(2 * power if power >= 0 else -2 * power - 1, FEW)

    def text(self, value: str) -> None:
        """Write how many characters, then their numbers in Unicode."""
        self.small(len(value), SOME)
        for char in value:
            self.small(ord(char), LETTER)

    def total(self) -> int:
        """Make one number of all."""
        total = 0
        for value, base in reversed(self._digits):
            total = total * base + value
        return total


class Reader:
    """Take digits in the order in which they were written; after the last one all are 0."""

    def __init__(self, total: int) -> None:
        self.rest = total

    def take(self, base: int) -> int:
        """Read a number in 0..base-1."""
        self.rest, value = divmod(self.rest, base)
        return value

    def small(self, base: int) -> int:
        """Read what small() has written."""
        value = self.take(base)
        return value if value < base - 1 else value + self.small(base * base)

    def count(self, most: int) -> int:
        """Read how many there are. Raises CodeError above `most`."""
        return _at_most(most, self.small(FEW))

    def whole(self) -> tuple[int, int]:
        """Read a number of any size, and how many digits it has."""
        count = 1 + _at_most(MOST_DIGITS, self.small(SOME))
        return self.take(10**count), count

    def number(self) -> Decimal:
        """Read a decimal number. Raises CodeError for an exponent out of all range."""
        value, count = self.whole()
        sign, power = self.take(2), _at_most(MOST_EXPONENT, self.small(FEW))
        power = -(power + 1) // 2 if power % 2 else power // 2
        return Decimal(f"{'-' * sign}{value:0{count}d}e{power - count}")

    def text(self, most: int) -> str:
        """Read text. Raises CodeError for more than `most` characters, or one that is none of Unicode."""
        count = _at_most(most, self.small(SOME))
        numbers = [_at_most(0x10FFFF, self.small(LETTER)) for _ in range(count)]
        if any(0xD800 <= number < 0xE000 for number in numbers):
            raise CodeError("what is not Unicode text")
        return "".join(map(chr, numbers))


def _at_most(most: int, value: int) -> int:
    if value > most:
        raise CodeError(f"more than {most}")
    return value
