"""Numbers in a scene's texts, as a live page reads them, too."""

import re

LONGEST = 32
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def is_decimal(text: str) -> bool:
    """Tell whether a text is a decimal number of at most 32 characters, such as 0.5 or -1e-3."""
    return len(text) <= LONGEST and DECIMAL.fullmatch(text) is not None
