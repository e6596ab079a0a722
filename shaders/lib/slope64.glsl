// Derivatives of the activations of four units at once in double precision, twin of `derivative` in
// network/activation.py as slope.glsl is: the same names, kinks and tails.
// Needs lib/activation64.glsl; valid in 430 core; literals as in activation64.glsl.
#ifndef SLOPE_GLSL
#define SLOPE_GLSL

// By what tangents are multiplied in a layer, counted from 0, beside the slope: a power of two, such that k layers
// multiply by the one next to 2^(k shrink / 1024) (deep/tangent.py, units).
double layer_shrink(int shrink, int layer) {
    int power = (((layer + 1) * shrink + 512) >> 10) - ((layer * shrink + 512) >> 10);
    return power_of_two(power);
}

// 1, or 0 where z stands still at its clamp (clamp_preactivation), and so does whatever moves it.
dvec4 within_limit(dvec4 z) {
    return dvec4(lessThan(abs(z), dvec4(1e24LF)));
}

// 1
dvec4 slope_identity(dvec4 z) {
    return dvec4(1.0);
}

// sigma(z) sigma(-z) = e / (1 + e)^2, e = e^-|z|: no 1 - sigma^2, of whose tails nothing would be left
dvec4 slope_sigmoid(dvec4 z) {
    dvec4 e = exp_falling(-abs(z));
    dvec4 n = 1.0 / (1.0 + e);
    return e * n * n;
}

// 1 / cosh^2 z = 4 sigma'(2 z)
dvec4 slope_tanh(dvec4 z) {
    return 4.0 * slope_sigmoid(2.0 * z);
}

// [z > 0]
dvec4 slope_relu(dvec4 z) {
    return dvec4(greaterThan(z, dvec4(0.0)));
}

// 1 right, 0.01 left
dvec4 slope_leaky_relu(dvec4 z) {
    return mix(dvec4(0.010000000000000001LF), dvec4(1.0), greaterThan(z, dvec4(0.0)));
}

// e^min(z, 0)
dvec4 slope_elu(dvec4 z) {
    return exp_falling(min(z, dvec4(0.0)));
}

// sigma(z)
dvec4 slope_softplus(dvec4 z) {
    return activation_sigmoid(z);
}

// Phi(z) + z phi(z): on the left Q(a) - a phi(a), a = |z|, on the right 1 less that
dvec4 slope_gelu(dvec4 z) {
    dvec4 a = min(abs(z), dvec4(40.0));
    dvec4 left = normal_tail(a) - a * (0.39894228040143271LF * exp_minus_square(a, 0.5LF));
    return mix(left, 1.0 - left, greaterThan(z, dvec4(0.0)));
}

// sigma(z) (1 + z sigma(-z)): with e = e^-|z|, (1 + e + z e) / (1 + e)^2 right, e (1 + e + z) / (1 + e)^2 left
dvec4 slope_silu(dvec4 z) {
    dvec4 e = exp_falling(-abs(z));
    dvec4 n = 1.0 / (1.0 + e);
    bvec4 left = lessThan(z, dvec4(0.0));
    dvec4 rise = 1.0 + e + z * mix(e, dvec4(1.0), left);
    return rise * mix(dvec4(1.0), e, left) * n * n;
}

// 1 / (1 + |z|)^2
dvec4 slope_softsign(dvec4 z) {
    dvec4 n = 1.0 / (1.0 + abs(z));
    return n * n;
}

// cos z
dvec4 slope_sin(dvec4 z) {
    return sin_quarter(z, 1.0LF);
}

// -sin z
dvec4 slope_cos(dvec4 z) {
    return sin_quarter(z, 2.0LF);
}

// -2 z e^(-z^2)
dvec4 slope_gaussian(dvec4 z) {
    return -2.0 * z * exp_minus_square(min(abs(z), dvec4(40.0)), 1.0LF);
}

// The sign of z
dvec4 slope_abs(dvec4 z) {
    return sign(z);
}

// 1 near 0, -1 near 2: even, and u = |z| mod 4 is exact, as in activation_triangle. Only compared: of u - 2 a compiler
// may make (|z| - 2) - 4 floor(|z| / 4), which is rounded.
dvec4 slope_triangle(dvec4 z) {
    dvec4 a = abs(z);
    dvec4 u = a - 4.0 * floor(a * 0.25);
    dvec4 rises = dvec4(lessThan(u, dvec4(1.0))) + dvec4(greaterThan(u, dvec4(3.0)));
    return rises - dvec4(greaterThan(u, dvec4(1.0))) * dvec4(lessThan(u, dvec4(3.0)));
}

#endif
