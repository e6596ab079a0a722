"""Names of the networks that a weights file held one after the other, while a window follows it.

The first one bears the file's own name, each later one a number besides. Such names are for this process alone: in
what is written the file stands without a number.
"""

import re

MARK = "\0epoch "
# As the mark stands within JSON.
WRITTEN = re.compile(r"\\u0000epoch \d+")


def epoch_name(file: str, number: int) -> str:
    """Name the network with a number, counted from 1, of a file."""
    return f"{file}{MARK}{number}" if number > 1 else file


def file_of(name: str) -> str:
    """Tell the file that a network was read from."""
    return name.partition(MARK)[0]


def number_of(name: str) -> int:
    """Tell which one of its file's networks a name stands for, counted from 1; 0 where the mark has no number."""
    _, mark, number = name.partition(MARK)
    return (int(number) if number.isdecimal() and len(number) < 10 else 0) if mark else 1


def unnumbered(beside: str) -> str:
    """Give the JSON of a split view's right half without numbers of networks."""
    return WRITTEN.sub("", beside)
