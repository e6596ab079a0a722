"""Steps that carry points: from their inputs into strips, through products, to the answer; and the walk over tiles."""

from collections.abc import Iterator

from weightscape.engine.jit.code import Turn
from weightscape.engine.jit.step import JOB, ROW, Step
from weightscape.engine.jit.vector import Vector


def spread(step: Step) -> None:
    """Copy the points' inputs, of the copy `source`, from (copies, inputs, points of a chunk) into strips."""
    points = step.shape.points
    chunk, first, n, target = step.job("chunk"), step.job("first"), step.row("n_out"), step.scratch("target")
    copy = step.times(step.times(step.row("source"), n), chunk)
    source = step.place(step.job("inputs"), copy, step.shape.real)
    with step.loop(step.job("strips")) as strip, step.loop(n) as each:
        there = step.times(step.sum(first, strip.index), points)
        there = step.sum(there, step.times(each.index, chunk))
        here = step.times(step.sum(step.times(strip.index, n), each.index), points)
        for k in range(0, points, step.shape.lanes):
            step.put(step.vector(source, step.sum(there, k)), target, step.sum(here, k))


def product(step: Step, units: int, has_biases: bool = True) -> None:
    """Multiply by blocks of `units` units' weights: a block is their biases, then for each input their weights.

    Tangents pass biases over.
    """
    shape = step.shape
    source, target, data = step.scratch("source"), step.scratch("target"), step.row("data")
    n_in, n_out, unit = step.row("n_in"), step.row("n_out"), step.row("unit")
    strips, count = step.job("strips"), step.row("count")
    size = step.times(step.sum(n_in, 1), units)
    places = [(r, v) for r in range(units) for v in range(shape.vectors)]
    with step.loop(count) as block, step.loop(strips) as strip:
        weights = step.place(data, step.times(block.index, size), shape.real)
        h = step.place(source, step.times(step.times(strip.index, n_in), shape.points), shape.real)
        biases = [
            step.spread(step.load(shape.real, weights, str(r))) if has_biases else step.number(0.0)
            for r in range(units)
        ]
        with step.loop(n_in, [biases[r] for r, _ in places], shape.text) as turn:
            turn.carry(_added(step, h, weights, turn))
        first = step.sum(step.sum(unit, step.times(block.index, units)), step.times(strip.index, n_out))
        for (r, v), total in zip(places, turn.carried, strict=True):
            here = step.sum(step.times(step.sum(first, r), shape.points), v * shape.lanes)
            step.put(Vector(step, total), target, here)


def _added(step: Step, h: str, weights: str, turn: Turn) -> Iterator[str]:
    """Add an input times its weights to the sums of a block: units one after the other, each of all vectors."""
    shape = step.shape
    units = len(turn.carried) // shape.vectors
    at = step.times(turn.index, shape.points)
    inputs = [step.vector(h, step.sum(at, v * shape.lanes)) for v in range(shape.vectors)]
    row = step.times(step.sum(turn.index, 1), units)
    for r in range(units):  # one weight at a time, so that few registers are taken
        weight = step.spread(step.load(shape.real, weights, step.sum(row, r)))
        for v, each in enumerate(inputs):
            yield step.call("fmuladd", each.name, weight, turn.carried[r * shape.vectors + v])


def tap(step: Step) -> None:
    """Copy units to channels of the answer (points, channels): `data` are pairs of both, `n_out` counts channels."""
    shape = step.shape
    source, answers, channels, data = step.scratch("source"), step.job("answers"), step.row("n_out"), step.row("data")
    n_in, count = step.row("n_in"), step.row("count")
    with step.loop(step.job("strips")) as strip:
        first = step.times(step.sum(step.job("first"), strip.index), shape.points)
        left = step.least(step.value(f"sub nsw i64 {step.job('points')}, {first}"), shape.points)
        with step.loop(count) as pair:
            at = step.times(pair.index, 2)
            unit, channel = step.load("i64", data, at), step.load("i64", data, step.sum(at, 1))
            here = step.times(step.sum(step.times(strip.index, n_in), unit), shape.points)
            with step.loop(left) as point:
                number = step.load(shape.real, source, step.sum(here, point.index))
                there = step.sum(step.times(step.sum(first, point.index), channels), channel)
                step.store(shape.real, number, step.place(answers, there, shape.real))


def walk(step: Step) -> None:
    """Call `count` steps, whose rows stand at %row, for one tile after the other."""
    shape = step.shape
    points, tile = step.job("points"), step.job("tile")
    strips = step.value(f"sdiv i64 {step.sum(points, shape.points - 1)}, {shape.points}")
    tiles = step.value(f"sdiv i64 {step.value(f'sub i64 {step.sum(strips, tile)}, 1')}, {tile}")
    with step.loop(tiles) as turn:
        first = step.times(turn.index, tile)
        step.store("i64", first, step.place("%job", str(JOB.index("first")), "i64"))
        left = step.least(step.value(f"sub nsw i64 {strips}, {first}"), tile)
        step.store("i64", left, step.place("%job", str(JOB.index("strips")), "i64"))
        with step.loop("%count") as each:
            row = step.place("%row", step.times(each.index, len(ROW)), "i64")
            step.do(f"call void {step.load('ptr', row)}(ptr {row}, ptr %job)")
