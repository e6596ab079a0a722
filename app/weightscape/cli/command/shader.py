"""The command `shader`: which shaders there are, and the text of one as a driver gets it."""

import click

from weightscape.cli.scene_option import Given, SceneCommand
from weightscape.cli.still_option import given_or, naming, parsed


@click.command(cls=SceneCommand)
@click.argument("name", required=False)
@click.option("--precision", metavar="NAME", help="of the numbers: auto single double perturbed wide [single]")
@click.option("--software", is_flag=True, help="as for a software driver, in place of a GPU")
@click.option("--variant", "number", metavar="N", help="which, where the scene takes several [1]")
@click.option("--define", "-D", "defines", metavar="NAME[=VALUE]", multiple=True, help="one more (may be repeated)")
@click.option("--glsl", metavar="VERSION", help="such as 330 or '300 es' [400; for .comp 430]")
@click.option("--lines", is_flag=True, help="begin each line with the file and the line that it is from")
def shader(
    given: Given,
    name: str | None,
    precision: str | None,
    software: bool,
    number: str | None,
    defines: tuple[str, ...],
    glsl: str | None,
    lines: bool,
) -> None:
    """Print a shader as drivers get it; without NAME, list all.

    The defines are those that SCENE needs, at the precision that is named. The list begins with how many variants of a
    shader SCENE takes. More in docs/shaders.md, section 12.
    """
    from weightscape.cli.shader_text import defines_of, listing, parse_define, parse_number, parse_version, taken, text
    from weightscape.settings import parse_precision

    chosen = taken(given.scene, given_or("single", "--precision", parse_precision, precision), software)
    if name is None:
        click.echo(listing(chosen))
        return
    own = dict(parsed("--define", parse_define, each) for each in defines)
    wanted = given_or(1, "--variant", parse_number, number)
    with naming("shader"):
        found, count = defines_of(name, chosen, wanted, own)
    if count > 1 and number is None:
        click.echo(f"weightscape: this is the first of {count} variants; --variant N prints another", err=True)
    click.echo(text(name, found, given_or("", "--glsl", parse_version, glsl), lines), nl=False)
