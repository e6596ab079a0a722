// Slopes f'(z + d) of four units at a difference d from the reference z, twin of `slope` in deep/difference.py: made
// of the reference floats f0 .. f3 that the difference itself is made of (lib/difference.glsl). Of tanh and sigmoid
// they are in the unit that f3 is in; of the piecewise linear ones numbers may be scaled, slopes stay what they are.
// Finite for every |z|, |d| <= 1e24, and for units of padding, whose floats are all zeros.
// Valid in 330 core, 430 and 300 es.
#ifndef DIFFERENCE_SLOPE_GLSL
#define DIFFERENCE_SLOPE_GLSL

#include "lib/difference.glsl"
#include "lib/slope.glsl"

// From z + d = (d + f0) + f1. Its sign is right next to a kink, too: there d + f0 is exact.
#define SLOPE_OF_SUM(name, SLOPE) \
    real4 name(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) { return SLOPE((d + f0) + f1); }

SLOPE_OF_SUM(difference_slope_identity, slope_identity)
SLOPE_OF_SUM(difference_slope_relu, slope_relu)
SLOPE_OF_SUM(difference_slope_leaky_relu, slope_leaky_relu)
SLOPE_OF_SUM(difference_slope_elu, slope_elu)
SLOPE_OF_SUM(difference_slope_softplus, slope_softplus)
SLOPE_OF_SUM(difference_slope_gelu, slope_gelu)
SLOPE_OF_SUM(difference_slope_silu, slope_silu)
SLOPE_OF_SUM(difference_slope_softsign, slope_softsign)
SLOPE_OF_SUM(difference_slope_gaussian, slope_gaussian)

// G rate y / ((1 - P) + P y)^2 with y = e^(u - shift), u = -s rate d: the names of logistic_difference.
real4 logistic_slope(real4 d, real4 f0, real4 f1, real4 f2, real4 f3) {
    real4 y = bounded_exp(f0 * d - f1);
    real4 n = 1.0 / ((1.0 - f2) + f2 * y);
    return (f3 * f0) * (y * n) * n;
}

real4 difference_slope_tanh(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return logistic_slope(d, f0, f1, f2, f3);
}

real4 difference_slope_sigmoid(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return logistic_slope(d, f0, f1, f2, f3);
}

// C cos d - S sin d with f0 = S, f1 = C
real4 difference_slope_sin(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return f1 * sin_quarter(d, 1.0) - f0 * sin_quarter(d, 0.0);
}

// The same a quarter turn on, which is in the floats.
real4 difference_slope_cos(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return difference_slope_sin(d, f0, f1, f2, f3, period);
}

// The sign of z + d, from f0 = sign z and f1 + f2 = 2 |z|
real4 difference_slope_abs(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    return sign(((d * f0 + 0.5 * f1) + 0.5 * f2) * f0);
}

// Which of the difference's three straight pieces is on: u rises, the two others fall.
real4 difference_slope_triangle(real4 d, real4 f0, real4 f1, real4 f2, real4 f3, real period) {
    real4 u = f0 * (d - period * floor(d / period + 0.5));
    real4 v = (u + f1) + f2;
    real4 w = ((period - u) - f1) - f2;
    bvec4 falls = greaterThanEqual(max(u - w, -v - u), real4(0.0));
    return where(falls, real4(-1.0), real4(1.0)) * (f3 * f0);
}

#endif
