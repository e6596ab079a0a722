// Derivatives of the activations of four units at once, twin of `derivative` in network/activation.py: slope_tanh here
// is that of tanh there. At a kink they take the left side (relu 0, leaky_relu 0.01), or 0 where the sides are
// opposite (abs, triangle). Finite for every |z| <= 1e24 and relatively accurate, tails included; where a slope goes
// through 0 with z elsewhere than at 0 or a multiple of pi/2 (gelu, silu), absolutely.
// Needs lib/activation.glsl; valid in 330 core, 430 and 300 es.
#ifndef SLOPE_GLSL
#define SLOPE_GLSL

// By what tangents are multiplied in a layer, counted from 0, beside the slope: a power of two, such that k layers
// multiply by the one next to 2^(k shrink / 1024) (deep/tangent.py, units).
float layer_shrink(int shrink, int layer) {
    int power = (((layer + 1) * shrink + 512) >> 10) - ((layer * shrink + 512) >> 10);
    return intBitsToFloat((127 + power) << 23);
}

// 1, or 0 where z stands still at its clamp (clamp_preactivation), and so does whatever moves it.
vec4 within_limit(vec4 z) {
    return vec4(lessThan(abs(z), vec4(1e24)));
}

// 1
vec4 slope_identity(vec4 z) {
    return vec4(1.0);
}

// sigma(z) sigma(-z) = e / (1 + e)^2, e = e^-|z|: no 1 - sigma^2, of whose tails nothing would be left
vec4 slope_sigmoid(vec4 z) {
    vec4 e = exp_falling(-abs(z));
    vec4 n = 1.0 / (1.0 + e);
    return e * n * n;
}

// 1 / cosh^2 z = 4 sigma'(2 z)
vec4 slope_tanh(vec4 z) {
    return 4.0 * slope_sigmoid(2.0 * z);
}

// [z > 0]
vec4 slope_relu(vec4 z) {
    return vec4(greaterThan(z, vec4(0.0)));
}

// 1 right, 0.01 left
vec4 slope_leaky_relu(vec4 z) {
    return mix(vec4(0.01), vec4(1.0), greaterThan(z, vec4(0.0)));
}

// e^min(z, 0)
vec4 slope_elu(vec4 z) {
    return exp_falling(min(z, vec4(0.0)));
}

// sigma(z)
vec4 slope_softplus(vec4 z) {
    return activation_sigmoid(z);
}

// Phi(z) + z phi(z): on the left Q(a) - a phi(a), a = |z|, on the right 1 less that
vec4 slope_gelu(vec4 z) {
    vec4 a = min(abs(z), vec4(13.5));
    vec4 left = normal_tail(a) - a * (0.398942280 * exp_minus_square(a, 0.5));
    return mix(left, 1.0 - left, greaterThan(z, vec4(0.0)));
}

// sigma(z) (1 + z sigma(-z)): with e = e^-|z|, (1 + e + z e) / (1 + e)^2 right, e (1 + e + z) / (1 + e)^2 left
vec4 slope_silu(vec4 z) {
    vec4 e = exp_falling(-abs(z));
    vec4 n = 1.0 / (1.0 + e);
    bvec4 left = lessThan(z, vec4(0.0));
    vec4 rise = 1.0 + e + z * mix(e, vec4(1.0), left);
    return rise * mix(vec4(1.0), e, left) * n * n;
}

// 1 / (1 + |z|)^2, in this order: 1e48 is no float
vec4 slope_softsign(vec4 z) {
    vec4 n = 1.0 / (1.0 + abs(z));
    return n * n;
}

// cos z
vec4 slope_sin(vec4 z) {
    return sin_quarter(z, 1.0);
}

// -sin z
vec4 slope_cos(vec4 z) {
    return sin_quarter(z, 2.0);
}

// -2 z e^(-z^2)
vec4 slope_gaussian(vec4 z) {
    return -2.0 * z * exp_minus_square(min(abs(z), vec4(10.0)), 1.0);
}

// The sign of z
vec4 slope_abs(vec4 z) {
    return sign(z);
}

// 1 near 0, -1 near 2: even, and u = |z| mod 4 is exact, as in activation_triangle. Only compared: of u - 2 a compiler
// may make (|z| - 2) - 4 floor(|z| / 4), which is rounded.
vec4 slope_triangle(vec4 z) {
    vec4 a = abs(z);
    vec4 u = a - 4.0 * floor(a * 0.25);
    vec4 rises = vec4(lessThan(u, vec4(1.0))) + vec4(greaterThan(u, vec4(3.0)));
    return rises - vec4(greaterThan(u, vec4(1.0))) * vec4(lessThan(u, vec4(3.0)));
}

#endif
