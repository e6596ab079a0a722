"""The words that a resting pointer is told of what it rests on."""

from __future__ import annotations

from .sheet import Sheet


def hint(sheet: Sheet, text: str) -> None:
    """Show a text beside the pointer, where that is over the item drawn last."""
    im = sheet.im
    if text and im.is_item_hovered() and im.begin_tooltip():
        im.push_text_wrap_pos(min(320 * sheet.scale, sheet.size[0] - 40 * sheet.scale))
        im.text_unformatted(text)
        im.pop_text_wrap_pos()
        im.end_tooltip()
