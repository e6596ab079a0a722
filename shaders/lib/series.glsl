// What single precision needs to make the functions of activation.glsl, slope.glsl and difference.glsl: exact powers of
// two, series as long as a float is, and where functions end. series64.glsl has the same names in double precision.
// Valid in 330 core, 430 and 300 es.
#ifndef SERIES_GLSL
#define SERIES_GLSL

const float PREACTIVATION_LIMIT = 1e24;
const float EXP_MOST = 88.0;           // e^x that is still a float
const float EXP_LEAST = -88.0;         // e^x is 0 from -87.7 on
const float LN2_HIGH = 0.693359375;    // ln 2 in two pieces, the first of which is exact in n
const float LN2_LOW = -2.12194440e-4;  // (Cody and Waite 1980)
const float PER_LN2 = 1.44269504;
const float PER_ROOT_2PI = 0.398942280;
const float LOG_MOST = 1e37;           // of log1p_any
const float GRAINS = 64.0;             // the square of a number below SQUARE_MOST, rounded to 1/GRAINS, is exact
const float GRAIN = 0.015625;
const float SQUARE_MOST = 14.0;        // e^(-a^2 / 2) is 0 from here on
const float LEAK = 0.01;               // the slope of leaky_relu on the left
const float LEAK_STEP = 0.99;          // 1 - LEAK
const float GELU_NEAR = 1.0;           // |d| max(1, |z|) up to which Taylor's series serves a difference of gelu
const float SILU_NEAR = 0.6;           // |d| up to which e^d - 1 - d does one of silu
const float TINY = 1e-30;              // e^-|z| that is too small for a quotient

// 2^n for -127 <= n <= 127, but 0 for -127: the exponent's bits.
float power_of_two(highp int n) {
    return intBitsToFloat((n + 127) << 23);
}

vec4 power_of_two(highp ivec4 n) {
    return intBitsToFloat((n + 127) << 23);
}

// The n of y = 2^n m, y >= 1, m within 1/sqrt 2 .. sqrt 2: the bits below are those of 1/sqrt 2.
highp ivec4 exponent(vec4 y) {
    return (floatBitsToInt(y) - 0x3f3504f3) >> 23;
}

// e^r - 1 for |r| <= 0.35: r + r^2/2! + ... + r^7/7!, of which no leading 1 eats the small r.
vec4 expm1_reduced(vec4 r) {
    return r + r * r * (0.5 + r * (1.66666667e-1 + r * (4.16666667e-2
        + r * (8.33333333e-3 + r * (1.38888889e-3 + r * 1.98412698e-4)))));
}

// e^a - 1 - a for |a| <= 0.6, by its series to a^9 / 9!.
vec4 expm1_rest(vec4 a) {
    return a * a * (0.5 + a * (1.66666667e-1 + a * (4.16666667e-2 + a * (8.33333333e-3 + a * (1.38888889e-3
        + a * (1.98412698e-4 + a * (2.48015873e-5 + a * 2.75573192e-6)))))));
}

// 2 artanh(w) for |w| <= 1/3, by its series up to w^13 / 13.
vec4 twice_artanh(vec4 w) {
    vec4 s = w * w;
    return 2.0 * w + 2.0 * w * s * (3.33333333e-1 + s * (0.2 + s * (1.42857143e-1
        + s * (1.11111111e-1 + s * (9.09090909e-2 + s * 7.69230769e-2)))));
}

// The same for |w| <= 0.172, up to w^9 / 9.
vec4 twice_artanh_near(vec4 w) {
    vec4 s = w * w;
    return 2.0 * w + 2.0 * w * s * (3.33333333e-1 + s * (0.2 + s * (1.42857143e-1 + s * 1.11111111e-1)));
}

// The normal distribution's upper tail Q(a) times e^(a^2 / 2), a >= 0: t P(t), t = 1 / (1 + 0.35 a), P fitted here by
// reweighted least squares to a relative 3e-8 on [0, 13.2].
vec4 tail_ratio(vec4 a) {
    vec4 t = 1.0 / (1.0 + 0.35 * a);
    vec4 p = 1.39621705e-1 + t * (1.39856741e-1 + t * (1.19868763e-1 + t * (1.05370529e-1 + t * (-2.27939729e-2
        + t * (1.58726737e-1 + t * (-2.55331397e-1 + t * (1.43790200e-1 - t * 2.91093327e-2)))))));
    return t * p;
}

// x less n quarter turns, with pi/2 in three pieces, exact up to |x| = 12,867 (Cephes, sinf.c, twice its pi/4). Beyond,
// the error grows to 1e-6 at 1e5 and 0.03 at 1e6, where neighbouring floats are as far apart; r is held where the
// polynomials stay finite.
vec4 reduced(vec4 x, out vec4 n) {
    n = floor(x * 0.636619772 + 0.5);
    EXACT vec4 r = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.5497899548918821e-8;
    return clamp(r, vec4(-1.0), vec4(1.0));
}

// sin r = r + r s (this) with s = r^2, |r| <= pi/4.
vec4 sine_rest(vec4 s) {
    return -1.6666654611e-1 + s * (8.3321608736e-3 - s * 1.9515295891e-4);
}

// cos r = (1 - s/2) + s^2 (this)
vec4 cosine_rest(vec4 s) {
    return 4.166664568298827e-2 + s * (-1.388731625493765e-3 + s * 2.443315711809948e-5);
}

#endif
