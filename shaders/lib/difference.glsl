// Differences f(z + d) - f(z) of four units, exact however small d is: twin of deep/difference.py, which makes the
// reference floats f0 .. f3 of z; docs/perturbation.md, section 3, derives the formulas. `period` is the
// triangle wave's alone.
// Finite for every |z|, |d| <= 1e24, and 0 for d = 0 whatever the floats are, all zeros (units of padding) included.
// The order of (h + d) + r matters: brackets stand where they are needed.
// Valid in 330 core, 430 and 300 es.
#ifndef DIFFERENCE_GLSL
#define DIFFERENCE_GLSL

#include "lib/activation.glsl"

// e^x for |x| <= EXP_MOST; beyond, e^EXP_MOST or next to 0.
real4 bounded_exp(real4 x) {
    return exp_falling(min(x, real4(EXP_MOST)));
}

// e^x - part, part 0..1, as 2^n p + (2^n - part): relatively accurate for both. The bracket's 0 is selected, as in
// expm1_falling.
real4 bounded_exp_minus(real4 x, real4 part) {
    real4 scale;
    real4 p = exp_parts(min(x, real4(EXP_MOST)), scale);
    EXACT real4 sum = scale * p + mix(scale - part, real4(0.0), equal(scale, part));
    return sum;
}

// e^x - 1 for |x| <= EXP_MOST.
real4 bounded_expm1(real4 x) {
    return bounded_exp_minus(x, real4(1.0));
}

// log(1 + y) for 0 <= y <= LOG_MOST: n ln 2 + log(1 + m) with 1 + m = (1 + y) 2^-n within 1/sqrt 2 .. sqrt 2, and the
// latter by artanh's series.
real4 log1p_any(real4 y) {
    y = min(y, real4(LOG_MOST));
    highp ivec4 power = exponent(1.0 + y);
    real4 n = real4(power);
    real4 c = power_of_two(-power);
    EXACT real4 m = c * y + mix(c - 1.0, real4(0.0), equal(c, real4(1.0)));  // as in expm1_falling
    real4 series = twice_artanh_near(m / (m + 2.0));
    EXACT real4 sum = n * LN2_HIGH + (series + n * LN2_LOW);
    return sum;
}

// a where `yes`, else b.
real4 where(bvec4 yes, real4 a, real4 b) {
    return mix(b, a, yes);
}

// a >= 0 with the sign of d.
real4 signed_as(real4 a, real4 d) {
    return where(lessThan(d, real4(0.0)), -a, a);
}

// d
real4 difference_identity(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return d;
}

// Of height sigma(rate z): f0 = -s rate, f1 = shift, f2 = P, f3 = G; m = e^(u - shift) - e^-shift.
real4 logistic_difference(real4 d, real4 f0, real4 f1, real4 f2, real4 f3) {
    real4 m = bounded_exp_minus(f0 * d - f1, exp_falling(-f1));
    return f3 * m / (1.0 + f2 * m);
}

real4 difference_tanh(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return logistic_difference(d, f0, f1, f2, f3);
}

real4 difference_sigmoid(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return logistic_difference(d, f0, f1, f2, f3);
}

// max(d, -h) for z >= 0, max((d + h) + r, 0) for z < 0.
real4 difference_relu(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    bvec4 off = lessThan(f0, real4(0.0));
    return where(off, max((d + f0) + f1, real4(0.0)), max(d, -f0));
}

real4 difference_leaky_relu(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return LEAK_STEP * difference_relu(d, f0, f1, f2, f3, period) + LEAK * d;
}

// Relu's difference and that of e^min(z, 0) - 1, with one exponential for its four cases: from left to left near
// (e^z (e^d - 1)) and far (e^b - e^z), from left to right, from right to anywhere.
real4 difference_elu(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 b = min((d + f0) + f1, real4(0.0));
    bvec4 left = lessThan(f0, real4(0.0));
    bvec4 stays = lessThan(b, real4(0.0));
    real4 far = real4(greaterThan(d, real4(60.0)));
    real4 near_m = where(greaterThan(far, real4(0.0)), real4(1.0), f2);
    real4 x = where(left, where(stays, where(greaterThan(far, real4(0.0)), b, d), f0), b);
    real4 m = where(left, where(stays, near_m, real4(-1.0)), real4(1.0));
    far = where(left, where(stays, far, real4(0.0)), real4(0.0));
    real4 rest = m * bounded_exp_minus(min(x, real4(60.0)), 1.0 - far) - far * f2;
    return difference_relu(d, f0, f1, f2, f3, period) + rest;
}

// log(1 + sigma(z) (e^d - 1)) with f2 = sigma(z), f3 = sigma(-z); z and b change roles for d < 0; beyond |d| = 60
// term by term.
real4 difference_softplus(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 a = abs(d);
    real4 x = bounded_exp(-min(a, real4(60.0)));
    real4 q = -bounded_expm1(-min(a, real4(60.0)));
    real4 near = log1p_any(f2 * q / where(lessThan(d, real4(0.0)), f3 + f2 * x, x));
    real4 tail = log1p_unit(min(f2, f3) / max(max(f2, f3), real4(0.5)));
    real4 far = difference_relu(d, f0, f1, f2, f3, period)
        + (log1p_unit(exp_falling(-abs((d + f0) + f1))) - tail);
    return where(lessThanEqual(a, real4(60.0)), signed_as(near, d), far);
}

// Near: Taylor's series of phi with f'(z) d split off, f2 = f'(z), f3 = Q(|z|). Far: d Phi(min) + max times
// Phi(b) - Phi(z), the latter between the two small tails.
#define GELU_TERM(n) { \
    next = -(x * now + before) * (real(1.0) / real(n)); before = now; now = next; \
    power *= a; total += now * power * (real(1.0) / real(n + 1)); }

real4 difference_gelu(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 zero = real4(0.0);
    real4 x = clamp(f0, real4(-40.0), real4(40.0));
    real4 wide = max(real4(1.0), abs(f0));
    real4 a = clamp(d, -GELU_NEAR / wide, GELU_NEAR / wide);
    real4 next;
    real4 before = zero;
    real4 now = real4(1.0);
    real4 power = a;
    real4 total = zero;
    GELU_TERM(1) GELU_TERM(2) GELU_TERM(3) GELU_TERM(4) GELU_TERM(5) GELU_TERM(6)
    GELU_TERM(7) GELU_TERM(8) GELU_TERM(9) GELU_TERM(10) GELU_TERM(11) GELU_TERM(12)
#ifdef DOUBLE
    GELU_TERM(13) GELU_TERM(14) GELU_TERM(15) GELU_TERM(16) GELU_TERM(17) GELU_TERM(18) GELU_TERM(19) GELU_TERM(20)
#endif
    real4 density = exp_minus_square(min(abs(x), real4(SQUARE_MOST)), 0.5) * PER_ROOT_2PI;
    real4 near = f2 * a + density * (x * total + a * (a + total));
    real4 b = (d + f0) + f1;
    bvec4 right_z = greaterThan(f0, zero);
    bvec4 right_b = greaterThan(b, zero);
    real4 tail_b = normal_tail(abs(b));
    real4 P = where(right_z, 1.0 - f3, f3);
    real4 P_b = where(right_b, 1.0 - tail_b, tail_b);
    real4 right = where(right_z, f3, 1.0 - f3) - where(right_b, tail_b, 1.0 - tail_b);
    bvec4 on_right = greaterThan(where(right_z, f0 + b, zero), zero);
    real4 rise = where(on_right, right, P_b - P);
    bvec4 up = greaterThan(d, zero);
    real4 far = d * where(up, P, P_b) + where(up, b, f0) * rise;
    return where(lessThanEqual(abs(d), GELU_NEAR / wide), near, far);
}

// f'(z) d + z rho + d (sigma(b) - sigma(z)) near; d sigma(min) + max (sigma(b) - sigma(z)) far; f2 = e^-|z|,
// f3 = f'(z).
real4 difference_silu(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 zero = real4(0.0);
    real4 high = 1.0 / (1.0 + f2);
    real4 low = f2 * high;
    bvec4 left = lessThan(f0, zero);
    real4 S = where(left, low, high);
    real4 slope = low * high;
    real4 a = clamp(d, real4(-SILU_NEAR), real4(SILU_NEAR));
    real4 m = bounded_expm1(a);
    real4 n = 1.0 + S * m;
    real4 near = f3 * a + (f0 * (slope * (expm1_rest(a) - S * m * a)) + a * (slope * m)) / n;
    real4 b = (d + f0) + f1;
    real4 at_b = activation_sigmoid(b);
    real4 size = min(abs(d), real4(60.0));
    real4 x = bounded_exp(-size);
    real4 q = -bounded_expm1(-size);
    real4 side = where(left, -d, d);
    real4 rise = signed_as(low * q / where(lessThan(side, zero), f2 + x, 1.0 + f2 * x), d);
    bvec4 known = lessThan(abs(d), where(greaterThan(f2, real4(TINY)), real4(60.0), zero));
    rise = where(known, rise, at_b - S);
    bvec4 up = greaterThan(d, zero);
    real4 far = d * where(up, S, at_b) + where(up, b, f0) * rise;
    return where(lessThanEqual(abs(d), real4(SILU_NEAR)), near, far);
}

// (d + [b and z of opposite sign] 2 b |z|) / ((1 + |z|) (1 + |b|)), f2 = 1 / (1 + |z|).
real4 difference_softsign(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 b = (d + f0) + f1;
    real4 across = b * (2.0 * (abs(f0) * f2));
    bvec4 crossed = notEqual(lessThan(b, real4(0.0)), lessThan(f0, real4(0.0)));
    return (d * f2 + where(crossed, across, real4(0.0))) / (1.0 + abs(b));
}

// 2 sin(d/2) (C cos(d/2) - S sin(d/2)) with f2 = -2 S, f3 = 2 C.
real4 difference_sin(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 s = sin_quarter(0.5 * d, 0.0);
    return s * (f3 * sin_quarter(0.5 * d, 1.0) + s * f2);
}

// The same a quarter turn on, which is in the floats.
real4 difference_cos(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return difference_sin(d, f0, f1, f2, f3, period);
}

// f2 (e^tau - 1) with tau = -d (d + 2 z) <= 1; uphill e^(-b^2) - f2 with b = c + e, c the sum of the coarse z and d,
// which is exact, and e the sum of what is left. |d| ends at 2^51: its square is a float.
real4 difference_gaussian(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    d = clamp(d, real4(-2251799813685248.0), real4(2251799813685248.0));
    real4 tau = -d * ((d + 2.0 * f0) + 2.0 * f1);
    real4 coarse_z = coarse(f0);
    real4 coarse_d = coarse(d);
    real4 c = clamp(coarse_z + coarse_d, real4(-SQUARE_MOST), real4(SQUARE_MOST));
    real4 e = clamp(((f0 - coarse_z) + (d - coarse_d)) + f1, real4(-2.0 * GRAIN), real4(2.0 * GRAIN));
    real4 top = exp_falling(-(c * c)) * (1.0 + expm1_reduced(clamp(-e * (2.0 * c + e), real4(-1.0), real4(1.0))));
    return where(lessThanEqual(tau, real4(1.0)), f2 * bounded_expm1(min(tau, real4(1.0))), top - f2);
}

// max(u, -(u + 2 |z|)), u = d towards the outside: f0 = sign z, f1 + f2 = 2 |z|.
real4 difference_abs(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 u = f0 * d;
    return max(u, -((u + f1) + f2));
}

// Everything in units of 4 / period, z counted from the nearest kink: f3 = -1 where that is a maximum.
real4 difference_triangle(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 u = f0 * (d - period * floor(d / period + 0.5));
    real4 v = (u + f1) + f2;
    real4 w = ((period - u) - f1) - f2;
    return f3 * max(min(u, w), -v);
}

#endif
