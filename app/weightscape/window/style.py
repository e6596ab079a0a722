"""The look of all that stands over the picture: one dark, calm style."""

from __future__ import annotations

from typing import Any

Color = tuple[float, float, float, float]

# Display values. Over a white picture the text still has 10:1, the dim text and the accent 6:1.
BACKING: Color = (0.055, 0.065, 0.085, 0.88)
POPUP: Color = (0.075, 0.085, 0.11, 0.985)
TEXT: Color = (0.93, 0.94, 0.96, 1.0)
DIM: Color = (0.71, 0.73, 0.77, 1.0)
ACCENT: Color = (0.53, 0.75, 0.98, 1.0)
VEIL: Color = (0.055, 0.065, 0.085, 0.62)
GRAB: Color = (0.22, 0.41, 0.68, 1.0)  # the number of a slider stays readable on it, 4.8:1
RECORDING: Color = (0.94, 0.23, 0.21, 1.0)
TONES: dict[str, Color] = {
    "calm": (0.45, 0.72, 0.99, 1.0),
    "edge": (0.55, 0.87, 0.55, 1.0),
    "chaotic": (0.99, 0.62, 0.36, 1.0),
    "recording": RECORDING,
}
CLEAR: Color = (0.0, 0.0, 0.0, 0.0)
FAINT, LINE, HOVER, ACTIVE = ((1.0, 1.0, 1.0, alpha) for alpha in (0.09, 0.14, 0.16, 0.22))
FONT_PX = 16.0

# By the names of imgui's colours.
COLORS: dict[str, Color] = {
    "window_bg": BACKING,
    "popup_bg": POPUP,
    "border": LINE,
    "text": TEXT,
    "text_disabled": DIM,
    "frame_bg": FAINT,
    "frame_bg_hovered": HOVER,
    "frame_bg_active": ACTIVE,
    "button": FAINT,
    "button_hovered": HOVER,
    "button_active": ACTIVE,
    "header": ACTIVE,
    "header_hovered": HOVER,
    "header_active": ACTIVE,
    "slider_grab": GRAB,
    "slider_grab_active": GRAB,
    "nav_cursor": CLEAR,
    "check_mark": ACCENT,
    "checkbox_selected_bg": FAINT,
    "input_text_cursor": TEXT,
    "text_selected_bg": (*GRAB[:3], 0.8),
    "scrollbar_bg": CLEAR,
    "scrollbar_grab": ACTIVE,
}
# In pixels at 96 dots an inch, by the names of imgui's style.
SIZES = {
    "window_rounding": 6,
    "popup_rounding": 4,
    "frame_rounding": 4,
    "grab_rounding": 4,
    "scrollbar_rounding": 4,
    "scrollbar_size": 10,
    "grab_min_size": 12,
}
SPACES = {"window_padding": (14, 12), "frame_padding": (8, 4), "item_spacing": (8, 7)}


def dress(im: Any, scale: float) -> None:
    """Give all widgets of imgui the style; scale multiplies every size. All are whole pixels, so that they add up."""
    im.style_colors_dark()
    style = im.get_style()
    for name, color in COLORS.items():
        style.set_color_(getattr(im.Col_, name), color)
    for name, size in SIZES.items():
        setattr(style, name, round(size * scale))
    for name, (across, down) in SPACES.items():
        setattr(style, name, (round(across * scale), round(down * scale)))
    style.font_size_base, style.font_scale_dpi = round(FONT_PX * scale), 1.0
