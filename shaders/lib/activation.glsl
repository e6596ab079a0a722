// Activation functions of four units at once, twin of network/activation.py: `activation_tanh` here is `tanh` there.
// Why not the driver's exp, sin and tanh: GLSL promises no precision for them, and some give NaN beyond |z| = 44.
// So: + - * /, floor, min, max, selections and exact powers of two, finite for every |z| <= 1e24.
// With DOUBLE in double precision: what differs stands in series.glsl and series64.glsl.
// Valid in 330 core, 430 and 300 es; the head has to say `precision highp float` and what EXACT is (gpu/source.py).
#ifndef ACTIVATION_GLSL
#define ACTIVATION_GLSL

#include "lib/real.glsl"
#ifdef DOUBLE
#include "lib/series64.glsl"
#else
#include "lib/series.glsl"
#endif

// Pre-activations end at +-1e24: no later sum or product of finite weights can overflow.
real4 clamp_preactivation(real4 z) {
    return clamp(z, real4(-PREACTIVATION_LIMIT), real4(PREACTIVATION_LIMIT));
}

// Split x <= EXP_MOST into e^x = scale (1 + p): scale = 2^n, n = round(x / ln 2). Below EXP_LEAST scale is 0.
real4 exp_parts(real4 x, out real4 scale) {
    x = max(x, real4(EXP_LEAST));
    real4 n = floor(x * PER_LN2 + 0.5);
    scale = power_of_two(ivec4(n));
    EXACT real4 r = (x - n * LN2_HIGH) - n * LN2_LOW;
    return expm1_reduced(r);
}

// e^x for x <= 0, relative error 1e-7 (in double precision 1e-15), 0 below EXP_LEAST.
real4 exp_falling(real4 x) {
    real4 scale;
    real4 p = exp_parts(x, scale);
    return scale + scale * p;
}

// e^x - 1 for x <= 0 as 2^n p + (2^n - 1), whose bracket is exact: relatively accurate without a branch. Where it is 0,
// that 0 is selected: some compilers add a constant last, and 2^n p + 2^n - 1 would lose a small p. No sum passes a
// selection, in no dialect, and where it is not 0, the order costs an ulp.
real4 expm1_falling(real4 x) {
    real4 scale;
    real4 p = exp_parts(x, scale);
    EXACT real4 sum = scale * p + mix(scale - 1.0, real4(0.0), equal(scale, real4(1.0)));
    return sum;
}

// log(1 + y) for 0 <= y <= 1: 2 artanh(w), w = y / (2 + y) <= 1/3.
real4 log1p_unit(real4 y) {
    return twice_artanh(y / (2.0 + y));
}

// Rounded to GRAIN.
real4 coarse(real4 a) {
    return floor(a * GRAINS + 0.5) * GRAIN;
}

// e^(-k a^2) for 0 <= a <= SQUARE_MOST, k = 1 or 1/2. The square of the coarse a is exact, and the rest is a small
// exponent; rounding a^2 itself would cost the tail a relative error of a^2 6e-8 (in double precision a^2 1e-16).
real4 exp_minus_square(real4 a, real k) {
    real4 c = coarse(a);
    return exp_falling(-k * (c * c)) * (1.0 + expm1_reduced(-k * ((a - c) * (a + c))));
}

// The normal distribution's upper tail Q(a), a >= 0, 0 beyond SQUARE_MOST.
real4 normal_tail(real4 a) {
    a = min(a, real4(SQUARE_MOST));
    return exp_minus_square(a, 0.5) * tail_ratio(a);
}

// sin(x + turn pi/2), turn 0, 1 or 2: a sine or cosine by the quadrant.
real4 sin_quarter(real4 x, real turn) {
    real4 n;
    real4 r = reduced(x, n);
    real4 s = r * r;
    real4 sine = r + r * s * sine_rest(s);
    real4 cosine = (1.0 - 0.5 * s) + s * s * cosine_rest(s);
    real4 half_turns = (n + turn) * 0.5;
    real4 quarter = half_turns - floor(half_turns);
    real4 back = floor(half_turns) * 0.5;
    real4 value = mix(sine, cosine, greaterThan(quarter, real4(0.25)));
    value = mix(value, -value, greaterThan(back - floor(back), real4(0.25)));
    return clamp(value, real4(-1.0), real4(1.0));
}

// z
real4 activation_identity(real4 z) {
    return z;
}

// tanh z: an odd rational of degrees 9 and 8, which is +-1 at the clamp (Eigen's generic_fast_tanh_float); for doubles
// (1 - e^-2|z|) / (1 + e^-2|z|) with z's sign.
real4 activation_tanh(real4 z) {
#ifdef DOUBLE
    real4 m = expm1_falling(-2.0 * abs(z));
    return sign(z) * (-m / (2.0 + m));
#else
    z = clamp(z, real4(-7.90738964), real4(7.90738964));
    real4 s = z * z;
    real4 p = 1.340216100e-1 + s * (3.520756727e-3 + s * (2.102733560e-5 + s * 1.394553628e-8));
    real4 q = 1.0 + s * (4.673548340e-1 + s * (2.597254514e-2 + s * (3.326951409e-4 + s * 8.015776984e-7)));
    return (z * s * p + z) / q;
#endif
}

// 1 / (1 + e^-z), as e^z / (1 + e^z) on the left: only ever a falling exponential.
real4 activation_sigmoid(real4 z) {
    real4 e = exp_falling(-abs(z));
    return mix(real4(1.0), e, lessThan(z, real4(0.0))) / (1.0 + e);
}

// max(0, z)
real4 activation_relu(real4 z) {
    return max(z, real4(0.0));
}

// max(0.01 z, z)
real4 activation_leaky_relu(real4 z) {
    return max(LEAK * z, z);
}

// z for z > 0, e^z - 1 below: one of the two terms is always 0.
real4 activation_elu(real4 z) {
    return max(z, real4(0.0)) + expm1_falling(min(z, real4(0.0)));
}

// log(1 + e^z) = max(0, z) + log(1 + e^-|z|)
real4 activation_softplus(real4 z) {
    return max(z, real4(0.0)) + log1p_unit(exp_falling(-abs(z)));
}

// z Phi(z) = max(0, z) - |z| Q(|z|)
real4 activation_gelu(real4 z) {
    return max(z, real4(0.0)) - abs(z) * normal_tail(abs(z));
}

// z / (1 + e^-z)
real4 activation_silu(real4 z) {
    return z * activation_sigmoid(z);
}

// z / (1 + |z|)
real4 activation_softsign(real4 z) {
    return z / (1.0 + abs(z));
}

// sin z
real4 activation_sin(real4 z) {
    return sin_quarter(z, 0.0);
}

// cos z = sin(z + pi/2), the quarter turn added to the quadrant and not to z
real4 activation_cos(real4 z) {
    return sin_quarter(z, 1.0);
}

// e^(-z^2)
real4 activation_gaussian(real4 z) {
    return exp_minus_square(min(abs(z), real4(SQUARE_MOST)), 1.0);
}

// |z|, as series64.glsl says why
real4 activation_abs(real4 z) {
    return max(z, -z);
}

// (2/pi) asin(sin(pi z / 2)) without them: u = |z| mod 4 is exact, up to 1, down to -1, up to 0, then z's sign.
real4 activation_triangle(real4 z) {
    real4 a = abs(z);
    real4 u = a - 4.0 * floor(a * 0.25);
    return sign(z) * min(u, max(2.0 - u, u - 4.0));
}

#endif
