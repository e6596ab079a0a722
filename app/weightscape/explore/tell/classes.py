"""What the dots over a picture are, in words for the window; files stay without them."""

from weightscape.picture.tally import MOST, Tally
from weightscape.window.message import Classes


def classes(found: Tally, is_split: bool = False) -> Classes:
    """Say of points how many there are of which class, and how many the network decides otherwise.

    In a split view it is said on the left.
    """
    rows = []
    for each in found.classes[:MOST]:
        wrong = f", {each.wrong:,} misclassified" if each.wrong else ""
        rows.append((each.colour, f"{each.name}: {each.count:,}{wrong}"))
    rest = len(found.classes) - MOST
    more = (f"{rest:,} more class{'es' * (rest > 1)}",) if rest > 0 else ()
    return Classes((*found.lines, *more), tuple(rows), is_split)
