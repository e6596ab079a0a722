"""exp, log, erfc, sine and tanh of vectors: from series whose errors are known, for floats and for doubles.

Every number here is a constant of mathematics cut to the lanes' type, or says where it comes from.
"""

import math
from decimal import Context, Decimal

from weightscape.engine.jit.code import Real
from weightscape.engine.jit.vector import (
    Vector,
    exponent,
    larger,
    multiply_add,
    polynomial,
    power_of_two,
    rounded,
    smaller,
    where,
    with_sign,
)
from weightscape.network.activation import chebyshev

EXACT = Context(prec=70)


def _pi(bits: int) -> int:
    """Compute 2^bits pi by Machin's formula, pi = 16 atan(1/5) - 4 atan(1/239), a few units off."""

    def atan_of_inverse(x: int) -> int:
        total, power, n = 0, (1 << bits) // x, 0
        while power:
            total += (-1) ** n * (power // (2 * n + 1))
            power, n = power // (x * x), n + 1
        return total

    return 16 * atan_of_inverse(5) - 4 * atan_of_inverse(239)


# ln 2 and pi / 2 are subtracted in parts: products of all but the last with the whole numbers that occur are exact,
# also where a multiplication and an addition are two instructions. Bits of a part, by the lanes' type.
LN2, HALF_PI = EXACT.ln(Decimal(2)), EXACT.divide(Decimal(_pi(201)), Decimal(1 << 202))
# 2 / pi in six pieces of 24 bits.
TWO_OVER_PI = [math.ldexp(((1 << 345) // _pi(200) >> 24 * (5 - n)) & 0xFFFFFF, -24 * (n + 1)) for n in range(6)]
PART_BITS: dict[Real, int] = {"float": 11, "double": 32}
# ln of the smallest normal number: e^x is 0 below it.
LEAST: dict[Real, float] = {"float": math.log(2.0**-126), "double": math.log(2.0**-1022)}
# Terms of Taylor's series on half of ln 2, on pi / 4, and of log(1 + e)'s in e / (2 + e): what they leave out is below
# a quarter of the last digit.
EXP_TERMS: dict[Real, int] = {"float": 8, "double": 14}
SINE_TERMS: dict[Real, int] = {"float": 5, "double": 9}
LOG_TERMS: dict[Real, int] = {"float": 8, "double": 17}
# The same of log's for arguments within 1/sqrt 2 .. sqrt 2, and of e^a - 1 - a for |a| <= 0.6.
NEAR_LOG_TERMS: dict[Real, int] = {"float": 5, "double": 11}
REST_TERMS: dict[Real, int] = {"float": 8, "double": 15}
# Differences hold exponents below these: what is multiplied by their power stays finite.
MOST: dict[Real, float] = {"float": 88.0, "double": 350.0}
# Angles up to this are reduced by three parts of pi / 2.
NEAR_ANGLES: dict[Real, float] = {"float": 2.0**13, "double": 2.0**20}
# tanh x = x P(x^2) / Q(x^2) for |x| <= 9, where a float's tanh is 1: a rational minimax approximation, relative error
# 2.1e-8, coefficients of rising powers.
TANH_REACH = 9.0
TANH_P = (0.9999999794884262, 0.1338103013730736, 0.0034955933322968506, 2.060916249310252e-05, 1.3354762292261419e-08)
TANH_Q = (1.0, 0.4671434573857866, 0.025877002353770648, 0.0003285643094379107, 7.776601734259795e-07)


def parts(value: Decimal, real: Real, count: int) -> list[float]:
    """Split a number into floats or doubles whose sum it is, all but the last of PART_BITS bits."""
    made = []
    for _ in range(count - 1):
        unit = math.ldexp(1.0, math.frexp(float(value))[1] - PART_BITS[real])
        made.append(math.floor(float(value) / unit) * unit)
        value = EXACT.subtract(value, Decimal(made[-1]))
    return [*made, float(value)]


def exp(x: Vector, low: Vector | None = None) -> Vector:
    """Compute e^x for x <= 0, or e^(x + low) of a sum that would round; 0 where that is no normal number."""
    real = x.code.shape.real
    total = x if low is None else x + low
    n, r = _reduced(larger(total, LEAST[real]), x, low)
    power = polynomial(r, [1.0 / math.factorial(k) for k in range(EXP_TERMS[real])]) * power_of_two(n)
    return where(total < LEAST[real], 0.0, power)


def expm1(x: Vector) -> Vector:
    """Compute e^x - 1, relatively accurate, for x below the largest exponent."""
    real = x.code.shape.real
    x = larger(x, -40.0)  # there it is -1 in either type
    n, r = _reduced(x, x)
    part = r * polynomial(r, [1.0 / math.factorial(k + 1) for k in range(EXP_TERMS[real])])
    power = power_of_two(n)
    return multiply_add(power, part, power - 1.0)


def _reduced(total: Vector, x: Vector, low: Vector | None = None) -> tuple[Vector, Vector]:
    """Find n and r, at most half of ln 2, with x + low = n ln 2 + r where `total` is their sum."""
    n = rounded(total * float(1 / LN2), 2.0**12)
    high, rest = parts(LN2, x.code.shape.real, 2)
    r = multiply_add(n, -rest, multiply_add(n, -high, x))
    return n, r if low is None else r + low


def log1p(e: Vector) -> Vector:
    """Compute log(1 + e) for 0 <= e <= 1: 2 artanh s = 2 (s + s^3 / 3 + ...) with s = e / (2 + e) <= 1/3."""
    s = e / (2.0 + e)
    return s * polynomial(s * s, [2.0 / (2 * k + 1) for k in range(LOG_TERMS[e.code.shape.real])])


def erfcx(x: Vector) -> Vector:
    """Compute e^(x^2) erfc(x) for x >= 0 by Chebyshev's series of network/activation.py, with Clenshaw's recurrence."""
    first, *rest = chebyshev(23 if x.code.shape.real == "double" else 12)
    t = (x - 3.75) / (x + 3.75)
    twice = 2.0 * t
    b1, b2 = x.like(0.0), x.like(0.0)
    for c in reversed(rest):
        b1, b2 = multiply_add(twice, b1, c - b2), b1
    return (multiply_add(t, b1, first - b2)) / (2.0 * x + 1.0)


def exp_minus_square(a: Vector, k: float) -> Vector:
    """Compute e^(-k a^2) for 0 <= a <= 40: a^2 in two parts, since its rounding would cost the tail a^2 ulp."""
    near = rounded(64.0 * a, 2.0**12) * (1.0 / 64.0)
    return exp((near * near) * -k, ((a - near) * (a + near)) * -k)


def tanh(x: Vector) -> Vector:
    """Compute tanh x: of floats by a rational function, of doubles as m / (2 + m) with m = e^2x - 1."""
    if x.code.shape.real == "double":
        m = expm1(abs(x) * -2.0)
        return with_sign(m / (2.0 + m), x)
    x = smaller(larger(x, -TANH_REACH), TANH_REACH)
    square = x * x
    y = x * (polynomial(square, TANH_P) / polynomial(square, TANH_Q))
    return smaller(larger(y, -1.0), 1.0)


def sine(z: Vector, quarters: int = 0) -> Vector:
    """Compute sin(z + quarters pi / 2) for |z| up to NEAR_ANGLES."""
    k = rounded(z * float(1 / HALF_PI), NEAR_ANGLES[z.code.shape.real])
    r = z
    for part in parts(HALF_PI, z.code.shape.real, 3):
        r = multiply_add(k, -part, r)
    return _sine_of_quarter(k, r, quarters)


def sine_far(z: Vector, quarters: int = 0) -> Vector:
    """Compute sin(z + quarters pi / 2) for any |z| < 2^80, of doubles or of floats as doubles.

    z 2/pi modulo 4 (Payne & Hanek 1983): 2/pi is cut into pieces of 24 bits and z into two of 27 at most, so that each
    product is exact, and what of it is a multiple of 4 goes at once. Beyond 144 bits nothing of a turn is left.
    """
    high = _cut(z)
    turns, rest = z.like(0.0), z.like(0.0)
    for piece in TWO_OVER_PI:
        for factor in (high, z - high):
            turns, lost = two_sum(turns, _modulo_4(factor * piece))
            rest = rest + lost
            turns = _modulo_4(turns)
    k = rounded(turns)
    return _sine_of_quarter(k, ((turns - k) + rest) * float(HALF_PI), quarters)


def _cut(z: Vector) -> Vector:
    """Keep a double's upper 26 bits (Dekker 1971)."""
    far = z * (2.0**27 + 1.0)
    return far - (far - z)


def two_sum(a: Vector, b: Vector) -> tuple[Vector, Vector]:
    """Add two numbers, and tell what rounding has lost (Knuth 1969)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _modulo_4(x: Vector) -> Vector:
    """Take multiples of 4 away: |result| <= 2, exact where x has not more than 53 bits."""
    return x - 4.0 * rounded(0.25 * x)


def _sine_of_quarter(k: Vector, r: Vector, quarters: int) -> Vector:
    """Compute sin(r + (k + quarters) pi / 2) for |r| <= pi / 4 by Taylor's series."""
    turn = k + float(quarters)
    place = turn - 4.0 * rounded(0.25 * turn)
    terms, square = SINE_TERMS[r.code.shape.real], r * r
    odd = r * polynomial(square, [(-1.0) ** n / math.factorial(2 * n + 1) for n in range(terms)])
    even = polynomial(square, [(-1.0) ** n / math.factorial(2 * n) for n in range(terms + 1)])
    is_even_quarter = abs(abs(place) - 1.0) > 0.5  # 0, 2 and -2
    value = where(is_even_quarter, odd, even)
    is_upper = (place > -0.5) & (place < 1.5)
    return where(is_upper, value, -value)


def exp_minus(x: Vector, part: Vector | float) -> tuple[Vector, Vector]:
    """Compute e^x - part, 0 <= part <= 1, and e^x, both relatively accurate; x is held below MOST."""
    real = x.code.shape.real
    held = smaller(larger(x, LEAST[real]), MOST[real])
    n, r = _reduced(held, held)
    p = r * polynomial(r, [1.0 / math.factorial(k + 1) for k in range(EXP_TERMS[real])])
    power = power_of_two(n)
    whole = where(x < LEAST[real], 0.0, multiply_add(power, p, power))
    return multiply_add(power, p, power - part), whole


def expm1_rest(a: Vector) -> Vector:
    """Compute e^a - 1 - a for |a| <= 0.6 by its series."""
    return a * a * polynomial(a, [1.0 / math.factorial(k + 2) for k in range(REST_TERMS[a.code.shape.real])])


def log1p_above(y: Vector) -> Vector:
    """Compute log(1 + y) for y >= 0: n ln 2 + 2 artanh(m / (2 + m)), 1 + m = (1 + y) 2^-n within 1/sqrt 2 .. sqrt 2."""
    real = y.code.shape.real
    n = exponent(1.0 + y)
    c = power_of_two(-n)
    m = multiply_add(c, y, c - 1.0)
    s = m / (2.0 + m)
    high, rest = parts(LN2, real, 2)
    series = s * polynomial(s * s, [2.0 / (2 * k + 1) for k in range(NEAR_LOG_TERMS[real])])
    return multiply_add(n, high, multiply_add(n, rest, series))
