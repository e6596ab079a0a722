"""Float textures to draw into."""

from typing import Any

import moderngl


def made(ctx: moderngl.Context, size: tuple[int, int], count: int = 1, filter: int = moderngl.NEAREST) -> Any:
    """Make a framebuffer of `count` RGBA float32 textures of `size`; clamped at the edges."""
    textures = [ctx.texture(size, 4, dtype="f4") for _ in range(count)]
    for texture in textures:
        texture.filter = filter, filter
        texture.repeat_x = texture.repeat_y = False
    return ctx.framebuffer(textures)


def free(ctx: moderngl.Context, target: moderngl.Framebuffer) -> None:
    """Free a framebuffer and its textures, and unbind it first: moderngl would bind it again later."""
    attachments: Any = target.color_attachments
    for texture in attachments:
        texture.release()
    drop(ctx, target)


def drop(ctx: moderngl.Context, target: moderngl.Framebuffer) -> None:
    """Free a framebuffer whose textures stay."""
    if ctx.fbo is target:
        ctx.detect_framebuffer(0).use()
    target.release()
