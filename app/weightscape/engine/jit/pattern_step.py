"""Steps that count linear pieces (network/pattern.py): sums of the words of units that are on, as whole numbers."""

from weightscape.engine.jit.code import BYTES
from weightscape.engine.jit.step import Step, each_vector
from weightscape.engine.jit.vector import Vector
from weightscape.network.pattern import MODULUS, WORDS


def forget(step: Step) -> None:
    """Begin sums with 0."""
    target = step.scratch("target")
    with each_vector(step) as at:
        step.put(Vector(step, step.number(0.0)), target, at)


def count(step: Step) -> None:
    """Add the words of the units that are above their threshold: `data` has a threshold and WORDS words a unit."""
    shape, n_in = step.shape, step.row("n_in")
    source, target, data = step.scratch("source"), step.scratch("target"), step.row("data")
    whole = f"i{8 * BYTES[shape.real]}"
    with step.loop(step.job("strips")) as strip:
        z = step.place(source, step.times(step.times(strip.index, n_in), shape.points), shape.real)
        sums = step.place(target, step.times(strip.index, WORDS * shape.points), shape.real)
        places = [str(n) for n in range(0, WORDS * shape.points, shape.lanes)]
        before = [step.load(shape.whole, sums, each, whole, step.aligned()) for each in places]
        with step.loop(n_in, before, shape.whole) as unit:
            row = step.place(data, step.times(unit.index, 1 + WORDS), whole)
            threshold = Vector(step, step.spread(step.load(shape.real, row)))
            words = [step.spread(step.load(whole, row, str(1 + n)), whole) for n in range(WORDS)]
            at = step.times(unit.index, shape.points)
            are_on = [step.vector(z, step.sum(at, v * shape.lanes)) > threshold for v in range(shape.vectors)]
            unit.carry(
                step.value(f"add {shape.whole} {total}, {are_on[n % shape.vectors].kept(words[n // shape.vectors])}")
                for n, total in enumerate(unit.carried)
            )
        for each, total in zip(places, unit.carried, strict=True):
            step.store(shape.whole, total, step.place(sums, each, whole), step.aligned())


def words(step: Step) -> None:
    """Make numbers of the sums of words, modulo 2^16."""
    shape, target = step.shape, step.scratch("target")
    with each_vector(step) as at:
        place = step.place(target, at, shape.real)
        total = step.load(shape.whole, place, align=step.aligned())
        low = step.value(f"and {shape.whole} {total}, {step.whole(MODULUS - 1)}")
        step.store(shape.text, step.value(f"uitofp {shape.whole} {low} to {shape.text}"), place, step.aligned())
