"""The command `bench`: how quick this machine is, beside other programs."""

import click

from weightscape.cli.still_option import parsed


@click.command()
@click.option("--quick", is_flag=True, help="small pictures and few rounds: a minute in place of many")
@click.option("--engine", "engines", metavar="NAME", multiple=True, help="only this engine (may be repeated) [all]")
@click.option(
    "--network",
    "networks",
    metavar="LxW",
    multiple=True,
    help="only this many layers x units (may be repeated) [five usual ones]",
)
@click.option(
    "--size", metavar="WxH", help="size of the picture [512x512, --quick: 128x128] or window [two usual ones]"
)
@click.option("--rounds", metavar="N", help="how often each is timed, in turns [5, --quick: 3]")
@click.option("--growth/--no-growth", default=True, help="how cost grows with layers, width and pixels [yes]")
@click.option("--precision", metavar="NAME", help="floats of the table: single double [single]")
@click.option("--live", is_flag=True, help="measure the window instead, opened for each network and size")
@click.option("--plot", metavar="FILE", help="draw all of it, too (.png)")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def bench(
    quick: bool,
    engines: tuple[str, ...],
    networks: tuple[str, ...],
    size: str | None,
    rounds: str | None,
    growth: bool,
    precision: str | None,
    live: bool,
    plot: str | None,
    as_json: bool,
) -> None:
    """Measure this machine: engines, its peak, and rivals.

    Rivals are NumPy as in a notebook and, where installed, PyTorch, JAX and ONNX Runtime, on the CPU and a CUDA GPU.
    """
    import json
    from functools import partial

    from weightscape.bench.chart import chart
    from weightscape.bench.contest import measured
    from weightscape.bench.live import lively
    from weightscape.bench.report import report
    from weightscape.cli.bench_option import live_plan, plan
    from weightscape.cli.progress import progress
    from weightscape.publish.still import suffix

    if live and (plot is not None or rounds is not None or precision is not None):
        raise click.UsageError("--live goes with neither --plot nor --rounds nor --precision")
    measure = (
        partial(lively, live_plan(quick, engines, networks, size))
        if live
        else partial(measured, plan(quick, engines, networks, size, rounds, growth, precision))
    )
    if plot is not None:
        parsed("--plot", lambda name: suffix(name, (".png",)), plot)
    with chart(plot) as draw:
        with progress("bench") as tell:
            found = measure(tell)
        click.echo(json.dumps(found, indent=2) if as_json else report(found))
        draw(found)
