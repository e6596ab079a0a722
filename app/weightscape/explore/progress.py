"""What a window is waiting for, in a word or two."""

from weightscape.explore.explorer import Explorer
from weightscape.scene.lens_name import lens_word
from weightscape.window.message import Piece


def progress(explorer: Explorer) -> Piece | None:
    """Say what is being waited for: an errand, a picture, its finer passes, its samples; None for nothing."""
    text = _told(explorer)
    return Piece(text, "progress", short=_short(explorer)) if text else None


def _told(explorer: Explorer) -> str:
    if explorer.errands.name:
        return f"{explorer.errands.name} …"
    if explorer.is_late:
        return "drawing …" if explorer.scene.lens == "outputs" else f"looking: {lens_word(explorer.scene.lens)} …"
    if explorer.flow.is_on:
        return ""
    if explorer.done < 1.0:
        return f"{100 * explorer.done:.0f} %"
    is_rough = explorer.samples < explorer.rest_samples
    return f"{explorer.samples} of {explorer.rest_samples} samples" if is_rough else ""


def _short(explorer: Explorer) -> str:
    """Say the same for narrow windows."""
    if explorer.errands.name or explorer.is_late or explorer.flow.is_on:
        return "…"
    return f"{100 * explorer.done:.0f} %" if explorer.done < 1.0 else f"{explorer.samples}/{explorer.rest_samples}"
