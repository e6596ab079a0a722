"""The overlay draws what the panel laid out: readable, whole, leaving neither GL state nor memory behind."""

import dataclasses
import os
from pathlib import Path
from typing import Any

from guest import HUD, SLIDER, Guest, Host, show

from weightscape.window.message import Piece, Row
from weightscape.window.panel import Hud


def test_the_overlay_draws_light_letters_on_a_dark_strip(window: Host) -> None:
    brightness = window.run(luminances)
    strip, picture = brightness[-24:], brightness[:-40]
    assert all(abs(value - 0.465) < 0.01 for row in picture for value in row)
    dark, light = min(min(row) for row in strip), max(max(row) for row in strip)
    linear = [((value + 0.055) / 1.055) ** 2.4 for value in (dark, light)]
    assert (linear[1] + 0.05) / (linear[0] + 0.05) > 4.5
    assert any(value > 0.8 for row in strip for value in row[:100])


def test_every_sign_of_the_status_line_is_in_the_font(window: Host) -> None:
    window.run(show, Hud(status=(Piece("\ufffd"),)))
    missing = window.run(Guest.picture)
    for sign in "σ×±—√∞²…":
        window.run(show, Hud(status=(Piece(sign),)))
        assert window.run(Guest.picture) != missing, sign


def test_the_overlay_leaves_the_state_of_gl_as_it_was(window: Host) -> None:
    before, after = window.run(state_around_draw)
    assert before == after


def test_a_new_overlay_draws_the_same_picture(window: Host) -> None:
    before = window.run(Guest.picture)
    window.run(replace_overlay)
    assert window.run(Guest.picture) == before


def test_nothing_grows_over_three_hundred_frames(window: Host) -> None:
    textures, buffers, kilobytes = window.run(run_frames, 300)
    assert max(textures, buffers) <= 1  # the name that asking takes
    assert kilobytes < 2048


def luminances(guest: Guest) -> list[list[float]]:
    import numpy as np

    width, height = guest.window.size_px
    pixels = np.frombuffer(guest.picture(), "u1").reshape(height, width, 3)[::-1]
    return (pixels @ (0.2126, 0.7152, 0.0722) / 255).tolist()


def state_around_draw(guest: Guest) -> list[Any]:
    """The boxes, and what a half transparent triangle leaves with the depth test on and blending off."""
    import moderngl

    data, ctx = guest.panel.frame(HUD).draw_data, guest.ctx
    target = ctx.simple_framebuffer((64, 48))
    place = "vec4(gl_VertexID / 2 * 4 - 1, gl_VertexID % 2 * 4 - 1, 0, 1)"
    white = ctx.program(
        vertex_shader=f"#version 330\nvoid main() {{ gl_Position = {place}; }}",
        fragment_shader="#version 330\nout vec4 c; void main() { c = vec4(0.5); }",
    )
    triangle = ctx.vertex_array(white, [])
    states = []
    for overlaid in (False, True):
        target.use()
        target.viewport, target.scissor = (3, 4, 20, 10), (5, 6, 7, 8)
        ctx.enable_only(moderngl.DEPTH_TEST)
        if overlaid:
            guest.overlay.draw(data, (64, 48))
        state: list[Any] = [ctx.fbo is target, target.viewport, target.scissor, ctx.wireframe]
        target.scissor = None
        for depth in (0.0, 1.0):
            target.clear(depth=depth)
            triangle.render(vertices=3)
            state.append(target.read(components=4))
        states.append(state)
    ctx.enable_only(moderngl.NOTHING)
    for thing in (triangle, white, target):
        thing.release()
    return states


def replace_overlay(guest: Guest) -> None:
    from weightscape.gpu.overlay import Overlay

    guest.overlay.release()
    guest.overlay = Overlay(guest.ctx)
    guest.step()


def run_frames(guest: Guest, count: int) -> tuple[int, int, float]:
    """Draw so many frames; how much the next free GL names and the memory (in kB) have grown."""
    rows = tuple(Row(f"f{number}", "help") for number in range(40))
    variants: list[dict[str, Any]] = [
        {"controls": (SLIDER,)},
        {"help": rows, "notice": "saved"},
        {"prompt": "Seed"},
        {"progress": 0.5},
    ]
    huds = [dataclasses.replace(HUD, **variant) for variant in variants]

    def frames(count: int) -> None:
        for number in range(count):
            guest.hud = huds[number % len(huds)]
            guest.step()

    def next_names() -> tuple[int, int]:
        texture, buffer = guest.ctx.texture((1, 1), 4), guest.ctx.buffer(reserve=4)
        texture.release()
        buffer.release()
        return texture.glo, buffer.glo

    frames(60)
    before, start = next_names(), resident_kb()
    frames(count)
    after = next_names()
    return after[0] - before[0], after[1] - before[1], resident_kb() - start


def resident_kb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024
