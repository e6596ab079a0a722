// Differences f(z + d) - f(z) of four units in double precision, exact however small d is: twin of deep/difference.py
// as difference.glsl is, with its names, formulas and order of brackets.
// Needs lib/activation64.glsl; valid in 430 core; literals as in activation64.glsl.
#ifndef DIFFERENCE_GLSL
#define DIFFERENCE_GLSL

// e^x for |x| <= 350; beyond, e^350 or next to 0: its square is still a double.
dvec4 bounded_exp(dvec4 x) {
    return exp_falling(min(x, dvec4(350.0)));
}

// e^x - part, part 0..1, as 2^n p + (2^n - part): relatively accurate for both.
dvec4 bounded_exp_minus(dvec4 x, dvec4 part) {
    dvec4 scale;
    dvec4 p = exp_parts(min(x, dvec4(350.0)), scale);
    EXACT dvec4 sum = scale * p + (scale - part);
    return sum;
}

// e^x - 1 for |x| <= 350.
dvec4 bounded_expm1(dvec4 x) {
    return bounded_exp_minus(x, dvec4(1.0));
}

// y >= 1 as 2^e m, m within 1/sqrt 2 .. sqrt 2 (the upper bits of 1/sqrt 2 are those below): returns 2^-e.
double normal_scale(double y, out double e) {
    int power = int(unpackDouble2x32(y).y - 0x3fe6a09eu) >> 20;
    e = double(power);
    return power_of_two(-power);
}

// log(1 + y) for 0 <= y <= 1e300: e ln 2 + log(1 + m) with 1 + m = (1 + y) 2^-e within 1/sqrt 2 .. sqrt 2, and the
// latter by artanh's series.
dvec4 log1p_any(dvec4 y) {
    y = min(y, dvec4(1.0000000000000001e300LF));
    dvec4 e;
    dvec4 c = dvec4(
        normal_scale(1.0 + y.x, e.x), normal_scale(1.0 + y.y, e.y), normal_scale(1.0 + y.z, e.z),
        normal_scale(1.0 + y.w, e.w)
    );
    EXACT dvec4 m = c * y + (c - 1.0);
    dvec4 w = m / (m + 2.0);
    dvec4 s = w * w;
    dvec4 series = dvec4(1.0LF / 23.0LF);
    ARTANH(21.0LF) ARTANH(19.0LF) ARTANH(17.0LF) ARTANH(15.0LF) ARTANH(13.0LF) ARTANH(11.0LF) ARTANH(9.0LF)
    ARTANH(7.0LF) ARTANH(5.0LF) ARTANH(3.0LF)
    series = 2.0 * w + 2.0 * w * (s * series);
    EXACT dvec4 sum = e * 0.69314718036912382LF + (series + e * 1.9082149292705878e-10LF);
    return sum;
}

// a where `yes`, else b.
dvec4 where(bvec4 yes, dvec4 a, dvec4 b) {
    return mix(b, a, yes);
}

// a >= 0 with the sign of d.
dvec4 signed_as(dvec4 a, dvec4 d) {
    return where(lessThan(d, dvec4(0.0)), -a, a);
}

// d
dvec4 difference_identity(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return d;
}

// Of height sigma(rate z): f0 = -s rate, f1 = shift, f2 = P, f3 = G; m = e^(u - shift) - e^-shift.
dvec4 logistic_difference(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3) {
    dvec4 m = bounded_exp_minus(f0 * d - f1, exp_falling(-f1));
    return f3 * m / (1.0 + f2 * m);
}

dvec4 difference_tanh(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return logistic_difference(d, f0, f1, f2, f3);
}

dvec4 difference_sigmoid(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return logistic_difference(d, f0, f1, f2, f3);
}

// max(d, -h) for z >= 0, max((d + h) + r, 0) for z < 0.
dvec4 difference_relu(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    bvec4 off = lessThan(f0, dvec4(0.0));
    return where(off, max((d + f0) + f1, dvec4(0.0)), max(d, -f0));
}

dvec4 difference_leaky_relu(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return 0.99LF * difference_relu(d, f0, f1, f2, f3, period) + 0.010000000000000001LF * d;
}

// Relu's difference and that of e^min(z, 0) - 1, with one exponential for its four cases: from left to left near
// (e^z (e^d - 1)) and far (e^b - e^z), from left to right, from right to anywhere.
dvec4 difference_elu(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 b = min((d + f0) + f1, dvec4(0.0));
    bvec4 left = lessThan(f0, dvec4(0.0));
    bvec4 stays = lessThan(b, dvec4(0.0));
    dvec4 far = dvec4(greaterThan(d, dvec4(60.0)));
    dvec4 near_m = where(greaterThan(far, dvec4(0.0)), dvec4(1.0), f2);
    dvec4 x = where(left, where(stays, where(greaterThan(far, dvec4(0.0)), b, d), f0), b);
    dvec4 m = where(left, where(stays, near_m, dvec4(-1.0)), dvec4(1.0));
    far = where(left, where(stays, far, dvec4(0.0)), dvec4(0.0));
    dvec4 rest = m * bounded_exp_minus(min(x, dvec4(60.0)), 1.0 - far) - far * f2;
    return difference_relu(d, f0, f1, f2, f3, period) + rest;
}

// log(1 + sigma(z) (e^d - 1)) with f2 = sigma(z), f3 = sigma(-z); z and b change roles for d < 0; beyond |d| = 60
// term by term.
dvec4 difference_softplus(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 a = abs(d);
    dvec4 x = bounded_exp(-min(a, dvec4(60.0)));
    dvec4 q = -bounded_expm1(-min(a, dvec4(60.0)));
    dvec4 near = log1p_any(f2 * q / where(lessThan(d, dvec4(0.0)), f3 + f2 * x, x));
    dvec4 tail = log1p_unit(min(f2, f3) / max(max(f2, f3), dvec4(0.5)));
    dvec4 far = difference_relu(d, f0, f1, f2, f3, period)
        + (log1p_unit(exp_falling(-abs((d + f0) + f1))) - tail);
    return where(lessThanEqual(a, dvec4(60.0)), signed_as(near, d), far);
}

// Near: Taylor's series of phi with f'(z) d split off, f2 = f'(z), f3 = Q(|z|). Far: d Phi(min) + max times
// Phi(b) - Phi(z), the latter between the two small tails.
#define GELU_TERM(n) { \
    next = -(x * now + before) * (1.0LF / n); before = now; now = next; \
    power *= a; total += now * power * (1.0LF / (n + 1.0)); }

dvec4 difference_gelu(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 zero = dvec4(0.0);
    dvec4 x = clamp(f0, dvec4(-40.0), dvec4(40.0));
    dvec4 wide = max(dvec4(1.0), abs(f0));
    dvec4 a = clamp(d, -0.5 / wide, 0.5 / wide);
    dvec4 next;
    dvec4 before = zero;
    dvec4 now = dvec4(1.0);
    dvec4 power = a;
    dvec4 total = zero;
    GELU_TERM(1.0LF) GELU_TERM(2.0LF) GELU_TERM(3.0LF) GELU_TERM(4.0LF) GELU_TERM(5.0LF) GELU_TERM(6.0LF)
    GELU_TERM(7.0LF) GELU_TERM(8.0LF) GELU_TERM(9.0LF) GELU_TERM(10.0LF) GELU_TERM(11.0LF) GELU_TERM(12.0LF)
    GELU_TERM(13.0LF) GELU_TERM(14.0LF) GELU_TERM(15.0LF) GELU_TERM(16.0LF) GELU_TERM(17.0LF) GELU_TERM(18.0LF)
    GELU_TERM(19.0LF) GELU_TERM(20.0LF)
    dvec4 density = exp_minus_square(min(abs(x), dvec4(40.0)), 0.5LF) * 0.39894228040143271LF;
    dvec4 near = f2 * a + density * (x * total + a * (a + total));
    dvec4 b = (d + f0) + f1;
    bvec4 right_z = greaterThan(f0, zero);
    bvec4 right_b = greaterThan(b, zero);
    dvec4 tail_b = normal_tail(abs(b));
    dvec4 P = where(right_z, 1.0 - f3, f3);
    dvec4 P_b = where(right_b, 1.0 - tail_b, tail_b);
    dvec4 right = where(right_z, f3, 1.0 - f3) - where(right_b, tail_b, 1.0 - tail_b);
    bvec4 on_right = greaterThan(where(right_z, f0 + b, zero), zero);
    dvec4 rise = where(on_right, right, P_b - P);
    bvec4 up = greaterThan(d, zero);
    dvec4 far = d * where(up, P, P_b) + where(up, b, f0) * rise;
    return where(lessThanEqual(abs(d), 0.5 / wide), near, far);
}

// e^a - 1 - a for |a| <= 0.6, by its series to a^16 / 16!.
dvec4 expm1_rest(dvec4 a) {
    dvec4 high = 2.5052108385441721e-08LF + a * (2.0876756987868101e-09LF + a * (1.6059043836821614e-10LF
        + a * (1.1470745597729725e-11LF + a * (7.6471637318198165e-13LF + a * 4.7794773323873853e-14LF))));
    dvec4 middle = 0.00019841269841269842LF + a * (2.4801587301587302e-05LF + a * (2.7557319223985893e-06LF
        + a * (2.755731922398589e-07LF + a * high)));
    return a * a * (0.5 + a * (0.16666666666666666LF + a * (0.041666666666666665LF + a * (0.008333333333333334LF
        + a * (0.001388888888888889LF + a * middle)))));
}

// f'(z) d + z rho + d (sigma(b) - sigma(z)) near; d sigma(min) + max (sigma(b) - sigma(z)) far; f2 = e^-|z|,
// f3 = f'(z).
dvec4 difference_silu(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 zero = dvec4(0.0);
    dvec4 high = 1.0 / (1.0 + f2);
    dvec4 low = f2 * high;
    bvec4 left = lessThan(f0, zero);
    dvec4 S = where(left, low, high);
    dvec4 slope = low * high;
    dvec4 a = clamp(d, dvec4(-0.6LF), dvec4(0.6LF));
    dvec4 m = bounded_expm1(a);
    dvec4 n = 1.0 + S * m;
    dvec4 near = f3 * a + (f0 * (slope * (expm1_rest(a) - S * m * a)) + a * (slope * m)) / n;
    dvec4 b = (d + f0) + f1;
    dvec4 at_b = activation_sigmoid(b);
    dvec4 size = min(abs(d), dvec4(60.0));
    dvec4 x = bounded_exp(-size);
    dvec4 q = -bounded_expm1(-size);
    dvec4 side = where(left, -d, d);
    dvec4 rise = signed_as(low * q / where(lessThan(side, zero), f2 + x, 1.0 + f2 * x), d);
    bvec4 known = lessThan(abs(d), where(greaterThan(f2, dvec4(1.0000000000000001e-30LF)), dvec4(60.0), zero));
    rise = where(known, rise, at_b - S);
    bvec4 up = greaterThan(d, zero);
    dvec4 far = d * where(up, S, at_b) + where(up, b, f0) * rise;
    return where(lessThanEqual(abs(d), dvec4(0.6LF)), near, far);
}

// (d + [b and z of opposite sign] 2 b |z|) / ((1 + |z|) (1 + |b|)), f2 = 1 / (1 + |z|).
dvec4 difference_softsign(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 b = (d + f0) + f1;
    dvec4 across = b * (2.0 * (abs(f0) * f2));
    bvec4 crossed = notEqual(lessThan(b, dvec4(0.0)), lessThan(f0, dvec4(0.0)));
    return (d * f2 + where(crossed, across, dvec4(0.0))) / (1.0 + abs(b));
}

// 2 sin(d/2) (C cos(d/2) - S sin(d/2)) with f2 = -2 S, f3 = 2 C.
dvec4 difference_sin(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 s = sin_quarter(0.5 * d, 0.0LF);
    return s * (f3 * sin_quarter(0.5 * d, 1.0LF) + s * f2);
}

// The same a quarter turn on, which is in the floats.
dvec4 difference_cos(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    return difference_sin(d, f0, f1, f2, f3, period);
}

// f2 (e^tau - 1) with tau = -d (d + 2 z) <= 1; uphill e^(-b^2) - f2 with b = c + e, c the sum of z and d rounded to
// 1/256 each, which is exact, and e the sum of what is left.
dvec4 difference_gaussian(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    d = clamp(d, dvec4(-2e15LF), dvec4(2e15LF));
    dvec4 tau = -d * ((d + 2.0 * f0) + 2.0 * f1);
    dvec4 coarse_z = floor(f0 * 256.0 + 0.5) * 0.00390625;
    dvec4 coarse_d = floor(d * 256.0 + 0.5) * 0.00390625;
    dvec4 c = clamp(coarse_z + coarse_d, dvec4(-28.0), dvec4(28.0));
    dvec4 e = clamp(((f0 - coarse_z) + (d - coarse_d)) + f1, dvec4(-0.0078125), dvec4(0.0078125));
    dvec4 top = exp_falling(-(c * c)) * (1.0 + expm1_reduced(clamp(-e * (2.0 * c + e), dvec4(-0.5), dvec4(0.5))));
    return where(lessThanEqual(tau, dvec4(1.0)), f2 * bounded_expm1(min(tau, dvec4(1.0))), top - f2);
}

// max(u, -(u + 2 |z|)), u = d towards the outside: f0 = sign z, f1 + f2 = 2 |z|.
dvec4 difference_abs(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 u = f0 * d;
    return max(u, -((u + f1) + f2));
}

// Everything in units of 4 / period, z counted from the nearest kink: f3 = -1 where that is a maximum.
dvec4 difference_triangle(dvec4 d, dvec4 f0, dvec4 f1, dvec4 f2, dvec4 f3, double period) {
    dvec4 u = f0 * (d - period * floor(d / period + 0.5));
    dvec4 v = (u + f1) + f2;
    dvec4 w = ((period - u) - f1) - f2;
    return f3 * max(min(u, w), -v);
}

#endif
