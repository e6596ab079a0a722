// Slopes f'(z + d) of four units in double precision at a difference d from the reference z, twin of `slope` in
// deep/difference.py as difference_slope.glsl is.
// Needs lib/difference64.glsl and lib/slope64.glsl; valid in 430 core.
#ifndef DIFFERENCE_SLOPE_GLSL
#define DIFFERENCE_SLOPE_GLSL

// From z + d = (d + f0) + f1. Its sign is right next to a kink, too: there d + f0 is exact.
#define SLOPE_OF_SUM(name, SLOPE) \
    dvec4 name(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) { return SLOPE((d + f0) + f1); }

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
dvec4 logistic_slope(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3) {
    dvec4 y = bounded_exp(f0 * d - f1);
    dvec4 n = 1.0 / ((1.0 - f2) + f2 * y);
    return (f3 * f0) * (y * n) * n;
}

dvec4 difference_slope_tanh(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return logistic_slope(d, f0, f1, f2, f3);
}

dvec4 difference_slope_sigmoid(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return logistic_slope(d, f0, f1, f2, f3);
}

// C cos d - S sin d with f0 = S, f1 = C
dvec4 difference_slope_sin(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return f1 * sin_quarter(d, 1.0LF) - f0 * sin_quarter(d, 0.0LF);
}

// The same a quarter turn on, which is in the floats.
dvec4 difference_slope_cos(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return difference_slope_sin(d, f0, f1, f2, f3, period);
}

// The sign of z + d, from f0 = sign z and f1 + f2 = 2 |z|
dvec4 difference_slope_abs(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return sign(((d * f0 + 0.5 * f1) + 0.5 * f2) * f0);
}

// Which of the difference's three straight pieces is on: u rises, the two others fall.
dvec4 difference_slope_triangle(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 u = f0 * (d - period * floor(d / period + 0.5));
    dvec4 v = (u + f1) + f2;
    dvec4 w = ((period - u) - f1) - f2;
    bvec4 falls = greaterThanEqual(max(u - w, -v - u), dvec4(0.0));
    return where(falls, dvec4(-1.0), dvec4(1.0)) * (f3 * f0);
}

#endif
