// Differences f(z + d) - f(z) of four units, exact however small d is: twin of deep/difference.py, which makes the
// reference floats f0 .. f3 of z; docs/perturbation.md, section 3, derives the formulas. `period` is the
// triangle wave's alone.
// Finite for every |z|, |d| <= 1e24, and 0 for d = 0 whatever the floats are, all zeros (units of padding) included.
// The order of (h + d) + r matters: brackets stand where they are needed.
// Needs lib/activation.glsl; valid in 330 core, 430 and 300 es.
#ifndef DIFFERENCE_GLSL
#define DIFFERENCE_GLSL

// e^x for |x| <= 88; beyond, e^88 or 0.
vec4 bounded_exp(vec4 x) {
    return exp_falling(min(x, vec4(88.0)));
}

// e^x - part, part 0..1, as 2^n p + (2^n - part): relatively accurate for both. The bracket's 0 is selected, as in
// expm1_falling.
vec4 bounded_exp_minus(vec4 x, vec4 part) {
    vec4 scale;
    vec4 p = exp_parts(min(x, vec4(88.0)), scale);
    EXACT vec4 sum = scale * p + mix(scale - part, vec4(0.0), equal(scale, part));
    return sum;
}

// e^x - 1 for |x| <= 88.
vec4 bounded_expm1(vec4 x) {
    return bounded_exp_minus(x, vec4(1.0));
}

// log(1 + y) for 0 <= y <= 1e37: e ln 2 + log(1 + m) with 1 + m = (1 + y) 2^-e within 1/sqrt 2 .. sqrt 2 (the bits
// below are those of 1/sqrt 2), and the latter by artanh's series.
vec4 log1p_any(vec4 y) {
    y = min(y, vec4(1e37));
    highp ivec4 e = (floatBitsToInt(1.0 + y) - 0x3f3504f3) >> 23;
    vec4 c = intBitsToFloat((127 - e) << 23);
    EXACT vec4 m = c * y + mix(c - 1.0, vec4(0.0), equal(c, vec4(1.0)));  // as in expm1_falling
    vec4 w = m / (m + 2.0);
    vec4 s = w * w;
    vec4 series = 2.0 * w + 2.0 * w * s * (3.33333333e-1 + s * (0.2 + s * (1.42857143e-1 + s * 1.11111111e-1)));
    EXACT vec4 sum = vec4(e) * 0.693359375 + (series - vec4(e) * 2.12194440e-4);
    return sum;
}

// a where `yes`, else b.
vec4 where(bvec4 yes, vec4 a, vec4 b) {
    return mix(b, a, yes);
}

// a >= 0 with the sign of d.
vec4 signed_as(vec4 a, vec4 d) {
    return where(lessThan(d, vec4(0.0)), -a, a);
}

// d
vec4 difference_identity(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    return d;
}

// Of height sigma(rate z): f0 = -s rate, f1 = shift, f2 = P, f3 = G; m = e^(u - shift) - e^-shift.
vec4 logistic_difference(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3) {
    vec4 m = bounded_exp_minus(f0 * d - f1, exp_falling(-f1));
    return f3 * m / (1.0 + f2 * m);
}

vec4 difference_tanh(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    return logistic_difference(d, f0, f1, f2, f3);
}

vec4 difference_sigmoid(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    return logistic_difference(d, f0, f1, f2, f3);
}

// max(d, -h) for z >= 0, max((d + h) + r, 0) for z < 0.
vec4 difference_relu(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    bvec4 off = lessThan(f0, vec4(0.0));
    return where(off, max((d + f0) + f1, vec4(0.0)), max(d, -f0));
}

vec4 difference_leaky_relu(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    return 0.99 * difference_relu(d, f0, f1, f2, f3, period) + 0.01 * d;
}

// Relu's difference and that of e^min(z, 0) - 1, with one exponential for its four cases: from left to left near
// (e^z (e^d - 1)) and far (e^b - e^z), from left to right, from right to anywhere.
vec4 difference_elu(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 b = min((d + f0) + f1, vec4(0.0));
    bvec4 left = lessThan(f0, vec4(0.0));
    bvec4 stays = lessThan(b, vec4(0.0));
    vec4 far = vec4(greaterThan(d, vec4(60.0)));
    vec4 near_m = where(greaterThan(far, vec4(0.0)), vec4(1.0), f2);
    vec4 x = where(left, where(stays, where(greaterThan(far, vec4(0.0)), b, d), f0), b);
    vec4 m = where(left, where(stays, near_m, vec4(-1.0)), vec4(1.0));
    far = where(left, where(stays, far, vec4(0.0)), vec4(0.0));
    vec4 rest = m * bounded_exp_minus(min(x, vec4(60.0)), 1.0 - far) - far * f2;
    return difference_relu(d, f0, f1, f2, f3, period) + rest;
}

// log(1 + sigma(z) (e^d - 1)) with f2 = sigma(z), f3 = sigma(-z); z and b change roles for d < 0; beyond |d| = 60
// term by term.
vec4 difference_softplus(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 a = abs(d);
    vec4 x = bounded_exp(-min(a, vec4(60.0)));
    vec4 q = -bounded_expm1(-min(a, vec4(60.0)));
    vec4 near = log1p_any(f2 * q / where(lessThan(d, vec4(0.0)), f3 + f2 * x, x));
    vec4 tail = log1p_unit(min(f2, f3) / max(max(f2, f3), vec4(0.5)));
    vec4 far = difference_relu(d, f0, f1, f2, f3, period)
        + (log1p_unit(exp_falling(-abs((d + f0) + f1))) - tail);
    return where(lessThanEqual(a, vec4(60.0)), signed_as(near, d), far);
}

// Near: Taylor's series of phi with f'(z) d split off, f2 = f'(z), f3 = Q(|z|). Far: d Phi(min) + max times
// Phi(b) - Phi(z), the latter between the two small tails.
#define GELU_TERM(n) { \
    next = -(x * now + before) * (1.0 / n); before = now; now = next; \
    power *= a; total += now * power * (1.0 / (n + 1.0)); }

vec4 difference_gelu(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 zero = vec4(0.0);
    vec4 x = clamp(f0, vec4(-40.0), vec4(40.0));
    vec4 wide = max(vec4(1.0), abs(f0));
    vec4 a = clamp(d, -1.0 / wide, 1.0 / wide);
    vec4 next;
    vec4 before = zero;
    vec4 now = vec4(1.0);
    vec4 power = a;
    vec4 total = zero;
    GELU_TERM(1.0) GELU_TERM(2.0) GELU_TERM(3.0) GELU_TERM(4.0) GELU_TERM(5.0) GELU_TERM(6.0)
    GELU_TERM(7.0) GELU_TERM(8.0) GELU_TERM(9.0) GELU_TERM(10.0) GELU_TERM(11.0) GELU_TERM(12.0)
    vec4 density = exp_minus_square(min(abs(x), vec4(14.0)), 0.5) * 0.398942280;
    vec4 near = f2 * a + density * (x * total + a * (a + total));
    vec4 b = (d + f0) + f1;
    bvec4 right_z = greaterThan(f0, zero);
    bvec4 right_b = greaterThan(b, zero);
    vec4 tail_b = normal_tail(abs(b));
    vec4 P = where(right_z, 1.0 - f3, f3);
    vec4 P_b = where(right_b, 1.0 - tail_b, tail_b);
    vec4 right = where(right_z, f3, 1.0 - f3) - where(right_b, tail_b, 1.0 - tail_b);
    bvec4 on_right = greaterThan(where(right_z, f0 + b, zero), zero);
    vec4 rise = where(on_right, right, P_b - P);
    bvec4 up = greaterThan(d, zero);
    vec4 far = d * where(up, P, P_b) + where(up, b, f0) * rise;
    return where(lessThanEqual(abs(d), 1.0 / wide), near, far);
}

// e^a - 1 - a for |a| <= 0.6, by its series to a^9 / 9!.
vec4 expm1_rest(vec4 a) {
    return a * a * (0.5 + a * (1.66666667e-1 + a * (4.16666667e-2 + a * (8.33333333e-3 + a * (1.38888889e-3
        + a * (1.98412698e-4 + a * (2.48015873e-5 + a * 2.75573192e-6)))))));
}

// f'(z) d + z rho + d (sigma(b) - sigma(z)) near; d sigma(min) + max (sigma(b) - sigma(z)) far; f2 = e^-|z|,
// f3 = f'(z).
vec4 difference_silu(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 zero = vec4(0.0);
    vec4 high = 1.0 / (1.0 + f2);
    vec4 low = f2 * high;
    bvec4 left = lessThan(f0, zero);
    vec4 S = where(left, low, high);
    vec4 slope = low * high;
    vec4 a = clamp(d, vec4(-0.6), vec4(0.6));
    vec4 m = bounded_expm1(a);
    vec4 n = 1.0 + S * m;
    vec4 near = f3 * a + (f0 * (slope * (expm1_rest(a) - S * m * a)) + a * (slope * m)) / n;
    vec4 b = (d + f0) + f1;
    vec4 at_b = activation_sigmoid(b);
    vec4 size = min(abs(d), vec4(60.0));
    vec4 x = bounded_exp(-size);
    vec4 q = -bounded_expm1(-size);
    vec4 side = where(left, -d, d);
    vec4 rise = signed_as(low * q / where(lessThan(side, zero), f2 + x, 1.0 + f2 * x), d);
    bvec4 known = lessThan(abs(d), where(greaterThan(f2, vec4(1e-30)), vec4(60.0), zero));
    rise = where(known, rise, at_b - S);
    bvec4 up = greaterThan(d, zero);
    vec4 far = d * where(up, S, at_b) + where(up, b, f0) * rise;
    return where(lessThanEqual(abs(d), vec4(0.6)), near, far);
}

// (d + [b and z of opposite sign] 2 b |z|) / ((1 + |z|) (1 + |b|)), f2 = 1 / (1 + |z|).
vec4 difference_softsign(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 b = (d + f0) + f1;
    vec4 across = b * (2.0 * (abs(f0) * f2));
    bvec4 crossed = notEqual(lessThan(b, vec4(0.0)), lessThan(f0, vec4(0.0)));
    return (d * f2 + where(crossed, across, vec4(0.0))) / (1.0 + abs(b));
}

// 2 sin(d/2) (C cos(d/2) - S sin(d/2)) with f2 = -2 S, f3 = 2 C.
vec4 difference_sin(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 s = sin_quarter(0.5 * d, 0.0);
    return s * (f3 * sin_quarter(0.5 * d, 1.0) + s * f2);
}

// The same a quarter turn on, which is in the floats.
vec4 difference_cos(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    return difference_sin(d, f0, f1, f2, f3, period);
}

// f2 (e^tau - 1) with tau = -d (d + 2 z) <= 1; uphill e^(-b^2) - f2 with b = c + e, c the sum of z and d rounded to
// 1/64 each, which is exact, and e the sum of what is left.
vec4 difference_gaussian(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    d = clamp(d, vec4(-2e15), vec4(2e15));
    vec4 tau = -d * ((d + 2.0 * f0) + 2.0 * f1);
    vec4 coarse_z = floor(f0 * 64.0 + 0.5) * 0.015625;
    vec4 coarse_d = floor(d * 64.0 + 0.5) * 0.015625;
    vec4 c = clamp(coarse_z + coarse_d, vec4(-14.0), vec4(14.0));
    vec4 e = clamp(((f0 - coarse_z) + (d - coarse_d)) + f1, vec4(-0.03125), vec4(0.03125));
    vec4 top = exp_falling(-(c * c)) * (1.0 + expm1_reduced(clamp(-e * (2.0 * c + e), vec4(-0.9), vec4(0.9))));
    return where(lessThanEqual(tau, vec4(1.0)), f2 * bounded_expm1(min(tau, vec4(1.0))), top - f2);
}

// max(u, -(u + 2 |z|)), u = d towards the outside: f0 = sign z, f1 + f2 = 2 |z|.
vec4 difference_abs(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 u = f0 * d;
    return max(u, -((u + f1) + f2));
}

// Everything in units of 4 / period, z counted from the nearest kink: f3 = -1 where that is a maximum.
vec4 difference_triangle(vec4 d, vec4 f0, vec4 f1, vec4 f2, vec4 f3, float period) {
    vec4 u = f0 * (d - period * floor(d / period + 0.5));
    vec4 v = (u + f1) + f2;
    vec4 w = ((period - u) - f1) - f2;
    return f3 * max(min(u, w), -v);
}

#endif
