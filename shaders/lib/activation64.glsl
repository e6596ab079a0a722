// Activation functions of four units at once in double precision, twin of network/activation.py as activation.glsl is:
// the same names, relative errors of some 1e-15, tails included, down to 1e-307, below which they are 0. (Those of sin
// and cos are absolute.) GLSL has no exp, log, sin or tanh of doubles at all.
// So: + - * /, floor, min, max, selections and exact powers of two, finite for every |z| <= 1e24.
//
// Valid in 430 core. Literals without LF are exact as floats. Those with LF are decimals not below the double they
// mean: NVIDIA's compiler (driver 580) cuts decimals off, others round them, and of these both make that double.
// Nor does a function return a bare minus or abs of doubles: stored straight to memory, it came out wrong there, while
// max(z, -z) and all arithmetic were right. (tests/test_shader_text.py holds both for all shaders.)
#ifndef ACTIVATION_GLSL
#define ACTIVATION_GLSL

// Pre-activations end at +-1e24: no later sum or product of finite weights can overflow.
dvec4 clamp_preactivation(dvec4 z) {
    return clamp(z, dvec4(-1e24LF), dvec4(1e24LF));
}

double power_of_two(int n) {
    return packDouble2x32(uvec2(0u, uint(n + 1023) << 20));
}

// e^r - 1 for |r| <= 0.35: r + r^2/2! + ... + r^13/13!, of which no leading 1 eats the small r.
dvec4 expm1_reduced(dvec4 r) {
    dvec4 high = 2.755731922398589e-07LF + r * (2.5052108385441721e-08LF + r * (2.0876756987868101e-09LF
        + r * 1.6059043836821614e-10LF));
    dvec4 middle = 0.001388888888888889LF + r * (0.00019841269841269842LF + r * (2.4801587301587302e-05LF
        + r * (2.7557319223985893e-06LF + r * high)));
    return r + r * r * (0.5 + r * (0.16666666666666666LF + r * (0.041666666666666665LF
        + r * (0.008333333333333334LF + r * middle))));
}

// Split x <= 709 into e^x = scale (1 + p): scale = 2^n, n = round(x / ln 2), and ln 2 in two pieces, the first of
// which is exact in n (Cody and Waite 1980). Below x = -708.7 the exponent's bits are all 0, and so is scale.
dvec4 exp_parts(dvec4 x, out dvec4 scale) {
    x = max(x, dvec4(-709.0));
    dvec4 n = floor(x * 1.4426950408889634LF + 0.5);
    ivec4 power = ivec4(n);
    scale = dvec4(power_of_two(power.x), power_of_two(power.y), power_of_two(power.z), power_of_two(power.w));
    EXACT dvec4 r = (x - n * 0.69314718036912382LF) - n * 1.9082149292705878e-10LF;
    return expm1_reduced(r);
}

// e^x for x <= 0, 0 below -708.7.
dvec4 exp_falling(dvec4 x) {
    dvec4 scale;
    dvec4 p = exp_parts(x, scale);
    return scale + scale * p;
}

// e^x - 1 for x <= 0 as 2^n p + (2^n - 1), whose bracket is exact: relatively accurate without a branch.
dvec4 expm1_falling(dvec4 x) {
    dvec4 scale;
    dvec4 p = exp_parts(x, scale);
    EXACT dvec4 sum = scale * p + (scale - 1.0);
    return sum;
}

// log(1 + y) for 0 <= y <= 1: 2 artanh(w), w = y / (2 + y) <= 1/3, by its series up to w^33 / 33.
#define ARTANH(n) series = series * s + 1.0LF / n;
dvec4 log1p_unit(dvec4 y) {
    dvec4 w = y / (2.0 + y);
    dvec4 s = w * w;
    dvec4 series = dvec4(1.0LF / 33.0LF);
    ARTANH(31.0LF) ARTANH(29.0LF) ARTANH(27.0LF) ARTANH(25.0LF) ARTANH(23.0LF) ARTANH(21.0LF) ARTANH(19.0LF)
    ARTANH(17.0LF) ARTANH(15.0LF) ARTANH(13.0LF) ARTANH(11.0LF) ARTANH(9.0LF) ARTANH(7.0LF) ARTANH(5.0LF)
    ARTANH(3.0LF)
    return 2.0 * w + 2.0 * w * (s * series);
}

// e^(-k a^2) for 0 <= a <= 40, k = 1 or 1/2. The square of a rounded to 1/256 is exact, and the rest is a small
// exponent; rounding a^2 itself would cost the tail a relative error of a^2 1e-16.
dvec4 exp_minus_square(dvec4 a, double k) {
    dvec4 c = floor(a * 256.0 + 0.5) * 0.00390625;
    return exp_falling(-k * (c * c)) * (1.0 + expm1_reduced(-k * ((a - c) * (a + c))));
}

// e^(x^2) erfc(x), x >= 0: a Chebyshev series in t = (x - 3.75) / (x + 3.75), by Clenshaw's recurrence; model/
// activation.py has where its numbers come from.
#define CHEBYSHEV(c) { sum = twice * next - after + c; after = next; next = sum; }
dvec4 erfcx(dvec4 x) {
    dvec4 t = (x - 3.75) / (x + 3.75);
    dvec4 twice = 2.0 * t;
    dvec4 sum;
    dvec4 next = dvec4(0.0);
    dvec4 after = dvec4(0.0);
    CHEBYSHEV(-1.3261960973842691e-15LF) CHEBYSHEV(-1.923374653989285e-15LF) CHEBYSHEV(3.342465193512112e-14LF)
    CHEBYSHEV(3.25061158545914e-14LF) CHEBYSHEV(-9.656216798381579e-13LF) CHEBYSHEV(1.9447507840220091e-13LF)
    CHEBYSHEV(2.8687857644982274e-11LF) CHEBYSHEV(-6.318103375549389e-11LF) CHEBYSHEV(-7.7544012010155595e-10LF)
    CHEBYSHEV(4.5219598079036805e-09LF) CHEBYSHEV(1.0764999339857307e-08LF) CHEBYSHEV(-2.1886401045103851e-07LF)
    CHEBYSHEV(7.7403830651013445e-07LF) CHEBYSHEV(4.139027986062912e-06LF) CHEBYSHEV(-6.916973302511717e-05LF)
    CHEBYSHEV(0.0004907758365257074LF) CHEBYSHEV(-0.0024131635404176884LF) CHEBYSHEV(0.009074997670705252LF)
    CHEBYSHEV(-0.026658668435305872LF) CHEBYSHEV(0.059209939998191894LF) CHEBYSHEV(-0.08424913336651809LF)
    CHEBYSHEV(-0.0045900545806463736LF)
    return (t * next - after + 1.177578934567402LF) / (1.0 + 2.0 * x);
}

// The normal distribution's upper tail Q(a) = erfc(a / sqrt 2) / 2, a >= 0; beyond 40 the exponential is 0.
dvec4 normal_tail(dvec4 a) {
    a = min(a, dvec4(40.0));
    return exp_minus_square(a, 0.5LF) * (0.5 * erfcx(a * 0.7071067811865476LF));
}

// x less n quarter turns, |r| <= pi/4: |x| up to 2^80 is three numbers of 26 to 28 bits, of which the higher two count
// multiples of what 2^54 and 2^28 leave beside whole turns. Those and pi/2 stand in pieces of 22 to 24 bits, whose
// products with n and with the higher two are exact. Error 1e-15 up to 2^28, 1e-14 beyond, absolute.
dvec4 reduced(dvec4 x, out dvec4 n) {
    EXACT dvec4 high = trunc(x * (1.0LF / 18014398509481984.0LF));
    EXACT dvec4 rest = x - high * 18014398509481984.0LF;
    EXACT dvec4 middle = trunc(rest * (1.0LF / 268435456.0LF));
    EXACT dvec4 low = (rest - middle * 268435456.0LF) + high * 2.0278995037078858LF - middle * 1.7371313571929932LF;
    EXACT dvec4 tail = high * 5.0317607834748262e-08LF + middle * 1.0466901521483355e-07LF;
    n = floor((low + tail) * 0.6366197723675814LF + 0.5);
    EXACT dvec4 r = (low - n * 1.5707962512969971LF) - n * 7.549789415861597e-08LF;
    r = ((r + tail) - n * 5.3903008358918703e-15LF) - n * 2.0222662487959507e-21LF;
    return clamp(r, dvec4(-1.0), dvec4(1.0));
}

// sin(x + turn pi/2), turn 0, 1 or 2: a sine or cosine by the quadrant (polynomials: fdlibm, k_sin.c and k_cos.c).
dvec4 sin_quarter(dvec4 x, double turn) {
    dvec4 n;
    dvec4 r = reduced(x, n);
    dvec4 s = r * r;
    dvec4 sine = r + r * s * (-1.66666666666666324348e-01LF + s * (8.33333333332248946124e-03LF
        + s * (-1.98412698298579493134e-04LF + s * (2.7557313707070068e-06LF
        + s * (-2.5050760253406864e-08LF + s * 1.5896909952115502e-10LF)))));
    dvec4 cosine = (1.0 - 0.5 * s) + s * s * (4.16666666666666019037e-02LF + s * (-1.388888888887411e-03LF
        + s * (2.480158728947673e-05LF + s * (-2.75573143513906633035e-07LF
        + s * (2.08757232129817482790e-09LF - s * 1.13596475577881948265e-11LF)))));
    dvec4 half_turns = (n + turn) * 0.5;
    dvec4 quarter = half_turns - floor(half_turns);
    dvec4 back = floor(half_turns) * 0.5;
    dvec4 value = mix(sine, cosine, greaterThan(quarter, dvec4(0.25)));
    value = mix(value, -value, greaterThan(back - floor(back), dvec4(0.25)));
    return clamp(value, dvec4(-1.0), dvec4(1.0));
}

// z
dvec4 activation_identity(dvec4 z) {
    return z;
}

// tanh z = (1 - e^-2|z|) / (1 + e^-2|z|) with z's sign
dvec4 activation_tanh(dvec4 z) {
    dvec4 m = expm1_falling(-2.0 * abs(z));
    return sign(z) * (-m / (2.0 + m));
}

// 1 / (1 + e^-z), as e^z / (1 + e^z) on the left: only ever a falling exponential.
dvec4 activation_sigmoid(dvec4 z) {
    dvec4 e = exp_falling(-abs(z));
    return mix(dvec4(1.0), e, lessThan(z, dvec4(0.0))) / (1.0 + e);
}

// max(0, z)
dvec4 activation_relu(dvec4 z) {
    return max(z, dvec4(0.0));
}

// max(0.01 z, z)
dvec4 activation_leaky_relu(dvec4 z) {
    return max(0.010000000000000001LF * z, z);
}

// z for z > 0, e^z - 1 below: one of the two terms is always 0.
dvec4 activation_elu(dvec4 z) {
    return max(z, dvec4(0.0)) + expm1_falling(min(z, dvec4(0.0)));
}

// log(1 + e^z) = max(0, z) + log(1 + e^-|z|)
dvec4 activation_softplus(dvec4 z) {
    return max(z, dvec4(0.0)) + log1p_unit(exp_falling(-abs(z)));
}

// z Phi(z) = max(0, z) - |z| Q(|z|)
dvec4 activation_gelu(dvec4 z) {
    return max(z, dvec4(0.0)) - min(abs(z), dvec4(40.0)) * normal_tail(abs(z));
}

// z / (1 + e^-z)
dvec4 activation_silu(dvec4 z) {
    return z * activation_sigmoid(z);
}

// z / (1 + |z|)
dvec4 activation_softsign(dvec4 z) {
    return z / (1.0 + abs(z));
}

// sin z
dvec4 activation_sin(dvec4 z) {
    return sin_quarter(z, 0.0LF);
}

// cos z = sin(z + pi/2), the quarter turn added to the quadrant and not to z
dvec4 activation_cos(dvec4 z) {
    return sin_quarter(z, 1.0LF);
}

// e^(-z^2)
dvec4 activation_gaussian(dvec4 z) {
    return exp_minus_square(min(abs(z), dvec4(40.0)), 1.0LF);
}

// |z|
dvec4 activation_abs(dvec4 z) {
    return max(z, -z);
}

// (2/pi) asin(sin(pi z / 2)) without them: u = |z| mod 4 is exact, up to 1, down to -1, up to 0, then z's sign.
dvec4 activation_triangle(dvec4 z) {
    dvec4 a = abs(z);
    dvec4 u = a - 4.0 * floor(a * 0.25);
    return sign(z) * min(u, max(2.0 - u, u - 4.0));
}

#endif
