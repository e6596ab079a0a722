// Activation functions of four units at once, twin of network/activation.py: `activation_tanh` here is `tanh` there.
// Why not the driver's exp, sin and tanh: GLSL promises no precision for them, and some give NaN beyond |z| = 44.
// So: + - * /, floor, min, max, selections and exact powers of two, finite for every |z| <= 1e24.
// Valid in 330 core, 430 and 300 es; the head has to say `precision highp float` and what EXACT is (gpu/source.py).
#ifndef ACTIVATION_GLSL
#define ACTIVATION_GLSL

// Pre-activations end at +-1e24: no later sum or product of finite weights can overflow.
vec4 clamp_preactivation(vec4 z) {
    return clamp(z, vec4(-1e24), vec4(1e24));
}

// e^r - 1 for |r| <= 0.35: r + r^2/2! + ... + r^7/7!, of which no leading 1 eats the small r.
vec4 expm1_reduced(vec4 r) {
    return r + r * r * (0.5 + r * (1.66666667e-1 + r * (4.16666667e-2
        + r * (8.33333333e-3 + r * (1.38888889e-3 + r * 1.98412698e-4)))));
}

// Split x <= 0 into e^x = scale (1 + p): scale = 2^n, n = round(x / ln 2), and ln 2 in two pieces, the first of
// which is exact in n (Cody and Waite 1980). Below x = -87.7 the exponent's bits are all 0, and so is scale.
vec4 exp_parts(vec4 x, out vec4 scale) {
    x = max(x, vec4(-88.0));
    vec4 n = floor(x * 1.44269504 + 0.5);
    highp ivec4 bits = ivec4(n) + 127;
    scale = intBitsToFloat(bits << 23);
    EXACT vec4 r = (x - n * 0.693359375) + n * 2.12194440e-4;
    return expm1_reduced(r);
}

// e^x for x <= 0, relative error 1e-7, 0 below -87.7.
vec4 exp_falling(vec4 x) {
    vec4 scale;
    vec4 p = exp_parts(x, scale);
    return scale + scale * p;
}

// e^x - 1 for x <= 0 as 2^n p + (2^n - 1), whose bracket is exact: relatively accurate without a branch. Where it is 0,
// that 0 is selected: some compilers add a constant last, and 2^n p + 2^n - 1 would lose a small p. No sum passes a
// selection, in no dialect, and where it is not 0, the order costs an ulp.
vec4 expm1_falling(vec4 x) {
    vec4 scale;
    vec4 p = exp_parts(x, scale);
    EXACT vec4 sum = scale * p + mix(scale - 1.0, vec4(0.0), equal(scale, vec4(1.0)));
    return sum;
}

// log(1 + y) for 0 <= y <= 1: 2 artanh(w), w = y / (2 + y) <= 1/3, by its series up to w^13 / 13.
vec4 log1p_unit(vec4 y) {
    vec4 w = y / (2.0 + y);
    vec4 s = w * w;
    return 2.0 * w + 2.0 * w * s * (3.33333333e-1 + s * (0.2 + s * (1.42857143e-1
        + s * (1.11111111e-1 + s * (9.09090909e-2 + s * 7.69230769e-2)))));
}

// e^(-k a^2) for 0 <= a <= 14, k = 1 or 1/2. The square of a rounded to 1/64 is exact, and the rest is a small
// exponent; rounding a^2 itself would cost the tail a relative error of a^2 6e-8.
vec4 exp_minus_square(vec4 a, float k) {
    vec4 c = floor(a * 64.0 + 0.5) * 0.015625;
    return exp_falling(-k * (c * c)) * (1.0 + expm1_reduced(-k * ((a - c) * (a + c))));
}

// The normal distribution's upper tail Q(a), a >= 0: e^(-a^2 / 2) t P(t), t = 1 / (1 + 0.35 a), P fitted here by
// reweighted least squares to a relative 3e-8 on [0, 13.2]; beyond, the exponential is 0.
vec4 normal_tail(vec4 a) {
    a = min(a, vec4(13.5));
    vec4 t = 1.0 / (1.0 + 0.35 * a);
    vec4 p = 1.39621705e-1 + t * (1.39856741e-1 + t * (1.19868763e-1 + t * (1.05370529e-1 + t * (-2.27939729e-2
        + t * (1.58726737e-1 + t * (-2.55331397e-1 + t * (1.43790200e-1 - t * 2.91093327e-2)))))));
    return exp_minus_square(a, 0.5) * (t * p);
}

// sin(x + turn pi/2): x - n pi/2 with pi/2 in three pieces, exact up to |x| = 12,867 (Cephes, sinf.c, twice its
// pi/4), then a sine or cosine by the quadrant. Beyond, the error grows to 1e-6 at 1e5 and 0.03 at 1e6, where
// neighbouring floats are as far apart; r is held where the polynomials stay finite.
vec4 sin_quarter(vec4 x, float turn) {
    vec4 n = floor(x * 0.636619772 + 0.5);
    EXACT vec4 r = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.5497899548918821e-8;
    r = clamp(r, vec4(-1.0), vec4(1.0));
    vec4 s = r * r;
    vec4 sine = r + r * s * (-1.6666654611e-1 + s * (8.3321608736e-3 - s * 1.9515295891e-4));
    vec4 cosine = (1.0 - 0.5 * s) + s * s * (4.166664568298827e-2 + s * (-1.388731625493765e-3
        + s * 2.443315711809948e-5));
    vec4 half_turns = (n + turn) * 0.5;
    vec4 quarter = half_turns - floor(half_turns);
    vec4 back = floor(half_turns) * 0.5;
    vec4 value = mix(sine, cosine, greaterThan(quarter, vec4(0.25)));
    value = mix(value, -value, greaterThan(back - floor(back), vec4(0.25)));
    return clamp(value, vec4(-1.0), vec4(1.0));
}

// z
vec4 activation_identity(vec4 z) {
    return z;
}

// tanh z: odd rational of degrees 9 and 8, which is +-1 at the clamp (Eigen's generic_fast_tanh_float).
vec4 activation_tanh(vec4 z) {
    z = clamp(z, vec4(-7.90738964), vec4(7.90738964));
    vec4 s = z * z;
    vec4 p = 1.340216100e-1 + s * (3.520756727e-3 + s * (2.102733560e-5 + s * 1.394553628e-8));
    vec4 q = 1.0 + s * (4.673548340e-1 + s * (2.597254514e-2 + s * (3.326951409e-4 + s * 8.015776984e-7)));
    return (z * s * p + z) / q;
}

// 1 / (1 + e^-z), as e^z / (1 + e^z) on the left: only ever a falling exponential.
vec4 activation_sigmoid(vec4 z) {
    vec4 e = exp_falling(-abs(z));
    return mix(vec4(1.0), e, lessThan(z, vec4(0.0))) / (1.0 + e);
}

// max(0, z)
vec4 activation_relu(vec4 z) {
    return max(z, vec4(0.0));
}

// max(0.01 z, z)
vec4 activation_leaky_relu(vec4 z) {
    return max(0.01 * z, z);
}

// z for z > 0, e^z - 1 below: one of the two terms is always 0.
vec4 activation_elu(vec4 z) {
    return max(z, vec4(0.0)) + expm1_falling(min(z, vec4(0.0)));
}

// log(1 + e^z) = max(0, z) + log(1 + e^-|z|)
vec4 activation_softplus(vec4 z) {
    return max(z, vec4(0.0)) + log1p_unit(exp_falling(-abs(z)));
}

// z Phi(z) = max(0, z) - |z| Q(|z|)
vec4 activation_gelu(vec4 z) {
    return max(z, vec4(0.0)) - abs(z) * normal_tail(abs(z));
}

// z / (1 + e^-z)
vec4 activation_silu(vec4 z) {
    return z * activation_sigmoid(z);
}

// z / (1 + |z|)
vec4 activation_softsign(vec4 z) {
    return z / (1.0 + abs(z));
}

// sin z
vec4 activation_sin(vec4 z) {
    return sin_quarter(z, 0.0);
}

// cos z = sin(z + pi/2), the quarter turn added to the quadrant and not to z
vec4 activation_cos(vec4 z) {
    return sin_quarter(z, 1.0);
}

// e^(-z^2)
vec4 activation_gaussian(vec4 z) {
    return exp_minus_square(min(abs(z), vec4(10.0)), 1.0);
}

// |z|
vec4 activation_abs(vec4 z) {
    return abs(z);
}

// (2/pi) asin(sin(pi z / 2)) without them: u = |z| mod 4 is exact, up to 1, down to -1, up to 0, then z's sign.
vec4 activation_triangle(vec4 z) {
    vec4 a = abs(z);
    vec4 u = a - 4.0 * floor(a * 0.25);
    return sign(z) * min(u, max(2.0 - u, u - 4.0));
}

#endif
