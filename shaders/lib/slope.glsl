// Derivatives of the activations of four units at once, twin of `derivative` in network/activation.py: slope_tanh here
// is that of tanh there. At a kink they take the left side (relu 0, leaky_relu 0.01), or 0 where the sides are
// opposite (abs, triangle). Finite for every |z| <= 1e24 and relatively accurate, tails included; where a slope goes
// through 0 with z elsewhere than at 0 or a multiple of pi/2 (gelu, silu), absolutely.
// Valid in 330 core, 430 and 300 es.
#ifndef SLOPE_GLSL
#define SLOPE_GLSL

#include "lib/activation.glsl"

// By what tangents are multiplied in a layer, counted from 0, beside the slope: a power of two, such that k layers
// multiply by the one next to 2^(k shrink / 1024) (deep/tangent.py, units).
real layer_shrink(int shrink, int layer) {
    int power = (((layer + 1) * shrink + 512) >> 10) - ((layer * shrink + 512) >> 10);
    return power_of_two(power);
}

// 1, or 0 where z stands still at its clamp (clamp_preactivation), and so does whatever moves it.
real4 within_limit(real4 z) {
    return real4(lessThan(abs(z), real4(PREACTIVATION_LIMIT)));
}

// 1
real4 slope_identity(real4 z) {
    return real4(1.0);
}

// sigma(z) sigma(-z) = e / (1 + e)^2, e = e^-|z|: no 1 - sigma^2, of whose tails nothing would be left
real4 slope_sigmoid(real4 z) {
    real4 e = exp_falling(-abs(z));
    real4 n = 1.0 / (1.0 + e);
    return e * n * n;
}

// 1 / cosh^2 z = 4 sigma'(2 z)
real4 slope_tanh(real4 z) {
    return 4.0 * slope_sigmoid(2.0 * z);
}

// [z > 0]
real4 slope_relu(real4 z) {
    return real4(greaterThan(z, real4(0.0)));
}

// 1 right, 0.01 left
real4 slope_leaky_relu(real4 z) {
    return mix(real4(LEAK), real4(1.0), greaterThan(z, real4(0.0)));
}

// e^min(z, 0)
real4 slope_elu(real4 z) {
    return exp_falling(min(z, real4(0.0)));
}

// sigma(z)
real4 slope_softplus(real4 z) {
    return activation_sigmoid(z);
}

// Phi(z) + z phi(z): on the left Q(a) - a phi(a), a = |z|, on the right 1 less that
real4 slope_gelu(real4 z) {
    real4 a = min(abs(z), real4(SQUARE_MOST));
    real4 left = normal_tail(a) - a * (PER_ROOT_2PI * exp_minus_square(a, 0.5));
    return mix(left, 1.0 - left, greaterThan(z, real4(0.0)));
}

// sigma(z) (1 + z sigma(-z)): with e = e^-|z|, (1 + e + z e) / (1 + e)^2 right, e (1 + e + z) / (1 + e)^2 left
real4 slope_silu(real4 z) {
    real4 e = exp_falling(-abs(z));
    real4 n = 1.0 / (1.0 + e);
    bvec4 left = lessThan(z, real4(0.0));
    real4 rise = 1.0 + e + z * mix(e, real4(1.0), left);
    return rise * mix(real4(1.0), e, left) * n * n;
}

// 1 / (1 + |z|)^2, in this order: 1e48 is no float
real4 slope_softsign(real4 z) {
    real4 n = 1.0 / (1.0 + abs(z));
    return n * n;
}

// cos z
real4 slope_sin(real4 z) {
    return sin_quarter(z, 1.0);
}

// -sin z
real4 slope_cos(real4 z) {
    return sin_quarter(z, 2.0);
}

// -2 z e^(-z^2)
real4 slope_gaussian(real4 z) {
    return -2.0 * z * exp_minus_square(min(abs(z), real4(SQUARE_MOST)), 1.0);
}

// The sign of z
real4 slope_abs(real4 z) {
    return sign(z);
}

// 1 near 0, -1 near 2: even, and u = |z| mod 4 is exact, as in activation_triangle. Only compared: of u - 2 a compiler
// may make (|z| - 2) - 4 floor(|z| / 4), which is rounded.
real4 slope_triangle(real4 z) {
    real4 a = abs(z);
    real4 u = a - 4.0 * floor(a * 0.25);
    real4 rises = real4(lessThan(u, real4(1.0))) + real4(greaterThan(u, real4(3.0)));
    return rises - real4(greaterThan(u, real4(1.0))) * real4(lessThan(u, real4(3.0)));
}

#endif
