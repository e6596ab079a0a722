"""The columns that the help's rows stand in: as few as show all of them. Draws nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from weightscape.window.message import Row
from weightscape.window.over.key_cap import cap_height, placed
from weightscape.window.sheet import Sheet

MOST_COLUMNS = 4
LOOSE_PX, TIGHT_PX = 11, 7  # between two rows
FEWEST = 3  # rows of a heading's that stand in a column
SHORTEST_LINE_EM = 9.0  # narrower columns of text are tiresome to read; found by eye

Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """Rows under each other, in pixels: how wide the keys and the words are, how high each row is."""

    rows: Rows = ()
    keys: float = 0.0
    words: float = 0.0
    heights: tuple[float, ...] = ()


def arranged(sheet: Sheet, rows: Rows, width: float, height: float, gap: float) -> list[Column]:
    """Lay the rows out in as few columns as need no more than the height; where none do, as low as can be.

    What a heading stands over stays in one column, if that is possible, closer together if need be.
    """
    found: list[list[Column]] = []
    for together, pad in ((True, LOOSE_PX), (True, TIGHT_PX), (False, LOOSE_PX), (False, TIGHT_PX)):
        for count in range(1, MOST_COLUMNS + 1):
            columns = _measured(sheet, dealt(rows, count, together), width, gap, pad * sheet.scale)
            if columns:
                found.append(columns)
                if tall_of(columns) <= height:
                    return columns
    return min(found, key=tall_of)


def dealt(rows: Rows, count: int, together: bool) -> list[Rows]:
    """Deal the rows out to at most count columns, about equally long; a heading never ends a column.

    Unless all that a heading stands over stays together, it is repeated where a column begins in between, and no
    column begins with less than FEWEST rows of a heading's, or leaves less.
    """
    blocks = _blocks(rows)
    limit = max(-(-len(rows) // count), 1)
    while True:
        columns = _filled(blocks, limit, together)
        if len(columns) <= count:
            return columns
        limit += 1


def _blocks(rows: Rows) -> list[Rows]:
    """Take each heading with what it stands over."""
    blocks: list[Rows] = []
    for row in rows:
        if row[0] and blocks:
            blocks[-1] += (row,)
        else:
            blocks.append((row,))
    return blocks


def _filled(blocks: list[Rows], limit: int, together: bool) -> list[Rows]:
    """Fill columns of at most `limit` rows one after another; longer only where a block that stays whole is."""
    columns: list[Rows] = [()]
    for block in blocks:
        heading = () if block[0][0] else block[:1]
        while len(columns[-1]) + len(block) > limit:
            first = min(limit - len(columns[-1]), len(block) - FEWEST)
            if not together and first >= FEWEST + len(heading):
                columns[-1] += block[:first]
                block = heading + block[first:]
            elif not columns[-1]:
                break
            columns.append(())
        columns[-1] += block
    return columns


def tall_of(columns: list[Column]) -> float:
    """Tell how high the highest column is."""
    return max(sum(column.heights) for column in columns)


def _measured(sheet: Sheet, parts: list[Rows], width: float, gap: float, pad: float) -> list[Column]:
    """Give each column its widths and heights, wrapping the longest texts; none where the room is too narrow."""
    keys = [max((_keys_width(sheet, row[0]) for row in part), default=0.0) + 12 * sheet.scale for part in parts]
    words = [max((sheet.width(row[1]) for row in part), default=0.0) + sheet.scale for part in parts]
    if len(parts) == 1:
        keys = [min(keys[0], 0.5 * width)]
    longest = _level(words, width - sum(keys) - gap * (len(parts) - 1))
    if len(parts) > 1 and longest < SHORTEST_LINE_EM * sheet.em:
        return []
    columns = []
    for part, caps, long in zip(parts, keys, words, strict=True):
        room = min(long, longest)
        heights = [_height(sheet, row, room, pad, is_first=row is part[0]) for row in part]
        heights[-1:] = [height - round(0.6 * pad) for height in heights[-1:]]  # below it is the edge
        columns.append(Column(part, caps, room, tuple(heights)))
    return columns


def _level(widths: list[float], room: float) -> float:
    """Tell how wide the widest may be, so that all together need no more than the room."""
    ordered = sorted(widths)
    for index, width in enumerate(ordered):
        share = room / (len(ordered) - index)
        if width > share:
            return share
        room -= width
    return math.inf


def _keys_width(sheet: Sheet, keys: str) -> float:
    return max((cap.x + cap.width + 4 * sheet.scale for cap in placed(sheet, keys)), default=0.0)


def _height(sheet: Sheet, row: Row, words: float, pad: float, is_first: bool) -> float:
    if not row[0]:
        return float(round(sheet.em + (11 * sheet.scale if is_first else 11 * sheet.scale + pad)))
    lines = sheet.im.calc_text_size(row[1], wrap_width=words + 1).y
    return float(round(max(lines, lowest(sheet, row)) + pad))


def lowest(sheet: Sheet, row: Row) -> float:
    """Tell how high the lines of a row's caps are."""
    return placed(sheet, row.keys)[-1].y + cap_height(sheet) - 5 * sheet.scale
