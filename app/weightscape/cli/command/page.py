"""The command `page`: a scene, or the shipped gallery, as one file that any browser draws live."""

import os
from typing import TYPE_CHECKING

import click

from weightscape.cli.output_option import chosen, named
from weightscape.cli.say import opening
from weightscape.cli.scene_option import Given, SceneCommand, scene_options
from weightscape.cli.still_option import parsed

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene


class PageCommand(SceneCommand):
    """A command whose callback also hears whether any option names a scene."""

    def prepare(self, ctx: click.Context) -> None:
        """Look whether the scene's options were used, then make the scene in their place."""
        is_named = any(ctx.params[each.name] is not None for each in scene_options() if each.name)
        super().prepare(ctx)
        ctx.params["is_named"] = is_named


@click.command("page", cls=PageCommand)
@click.option("-o", "--output", metavar="FILE", required=True, help="the page, an .html; - for stdout")
def live_page(given: Given, is_named: bool, output: str) -> None:
    """Write a live page of SCENE, or of the shipped gallery where no option names a scene.

    It is one file, which asks for no other. Any browser with WebGL 2 opens it, on a phone as well, and draws the
    network live; its address holds what is seen. It has the lenses outputs, cut, rgb and unit, in single precision.
    """
    from weightscape.publish.still import suffix

    chosen(output, None, ("html",)) or parsed("-o", lambda path: suffix(path, (".html",)), output)
    if is_named:
        write_page(given.scene, output)
    else:
        _write_gallery(output)
    named(output)


def write_page(scene: "Scene", output: str) -> None:
    """Write a scene's page. Raises SceneError, FileError."""
    from weightscape.page.page import page

    _write(output, page(scene, output))


def _write_gallery(output: str) -> None:
    from weightscape.cli.progress import progress
    from weightscape.engine.choice import opened
    from weightscape.page.gallery import cards
    from weightscape.page.page import page
    from weightscape.publish.gallery import scene
    from weightscape.settings import gpu, settings

    engine = settings().engine or "auto"
    with progress(os.path.basename(output)) as bar, opened(engine, gpu=gpu()) as choice:
        opening(engine)(choice)
        made = cards(choice.engine, progress=bar)
    _write(output, page(scene("figure-11"), output, made))


def _write(output: str, text: str) -> None:
    from weightscape.file.whole_file import whole_file

    with whole_file(output) as file:
        file.write(text.encode())
