"""The command `info`: what this machine has."""

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def info(as_json: bool) -> None:
    """Print versions, OpenGL, limits, and which engine `auto` takes."""
    import json

    from weightscape.bench.info import facts, report

    found = facts()
    click.echo(json.dumps(found, indent=2) if as_json else report(found))
