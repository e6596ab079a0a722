// What double precision needs to make the functions of activation.glsl, slope.glsl and difference.glsl: series.glsl's
// names, as long as a double is. Relative errors are then some 1e-15, tails included, down to 1e-307, below which
// numbers are 0. (Those of sin and cos are absolute.) GLSL has no exp, log, sin or tanh of doubles at all.
//
// Valid in 430 core. Here and wherever doubles go: literals without LF are exact as floats. Those with LF are decimals
// not below the double they mean: NVIDIA's compiler (driver 580) cuts decimals off, others round them, and of these
// both make that double. Nor does a function return a bare minus or abs of doubles: stored straight to memory, it came
// out wrong there, while max(z, -z) and all arithmetic were right. (tests/gpu/test_shader_text.py holds both.)
#ifndef SERIES_GLSL
#define SERIES_GLSL

const double PREACTIVATION_LIMIT = 1e24LF;
const double EXP_MOST = 350.0;    // the square of e^x is still a double
const double EXP_LEAST = -709.0;  // e^x is 0 from -708.7 on
const double LN2_HIGH = 0.69314718036912382LF;
const double LN2_LOW = 1.9082149292705878e-10LF;
const double PER_LN2 = 1.4426950408889634LF;
const double PER_ROOT_2PI = 0.39894228040143271LF;
const double LOG_MOST = 1.0000000000000001e300LF;
const double GRAINS = 256.0;
const double GRAIN = 0.00390625;
const double SQUARE_MOST = 40.0;
const double LEAK = 0.010000000000000001LF;
const double LEAK_STEP = 0.99LF;
const double GELU_NEAR = 0.5;
const double SILU_NEAR = 0.6LF;
const double TINY = 1.0000000000000001e-30LF;

// 2^n for -1023 <= n <= 1023, but 0 for -1023.
double power_of_two(int n) {
    return packDouble2x32(uvec2(0u, uint(n + 1023) << 20));
}

dvec4 power_of_two(ivec4 n) {
    return dvec4(power_of_two(n.x), power_of_two(n.y), power_of_two(n.z), power_of_two(n.w));
}

// The upper bits of 1/sqrt 2 are those below.
int exponent(double y) {
    return int(unpackDouble2x32(y).y - 0x3fe6a09eu) >> 20;
}

ivec4 exponent(dvec4 y) {
    return ivec4(exponent(y.x), exponent(y.y), exponent(y.z), exponent(y.w));
}

// To r^13 / 13!.
dvec4 expm1_reduced(dvec4 r) {
    dvec4 high = 2.755731922398589e-07LF + r * (2.5052108385441721e-08LF + r * (2.0876756987868101e-09LF
        + r * 1.6059043836821614e-10LF));
    dvec4 middle = 0.001388888888888889LF + r * (0.00019841269841269842LF + r * (2.4801587301587302e-05LF
        + r * (2.7557319223985893e-06LF + r * high)));
    return r + r * r * (0.5 + r * (0.16666666666666666LF + r * (0.041666666666666665LF
        + r * (0.008333333333333334LF + r * middle))));
}

// To a^16 / 16!.
dvec4 expm1_rest(dvec4 a) {
    dvec4 high = 2.5052108385441721e-08LF + a * (2.0876756987868101e-09LF + a * (1.6059043836821614e-10LF
        + a * (1.1470745597729725e-11LF + a * (7.6471637318198165e-13LF + a * 4.7794773323873853e-14LF))));
    dvec4 middle = 0.00019841269841269842LF + a * (2.4801587301587302e-05LF + a * (2.7557319223985893e-06LF
        + a * (2.755731922398589e-07LF + a * high)));
    return a * a * (0.5 + a * (0.16666666666666666LF + a * (0.041666666666666665LF + a * (0.008333333333333334LF
        + a * (0.001388888888888889LF + a * middle)))));
}

// Up to w^33 / 33 for |w| <= 1/3, and to w^23 / 23 for |w| <= 0.172.
#define ARTANH(n) series = series * s + 1.0LF / n;
dvec4 twice_artanh(dvec4 w) {
    dvec4 s = w * w;
    dvec4 series = dvec4(1.0LF / 33.0LF);
    ARTANH(31.0LF) ARTANH(29.0LF) ARTANH(27.0LF) ARTANH(25.0LF) ARTANH(23.0LF) ARTANH(21.0LF) ARTANH(19.0LF)
    ARTANH(17.0LF) ARTANH(15.0LF) ARTANH(13.0LF) ARTANH(11.0LF) ARTANH(9.0LF) ARTANH(7.0LF) ARTANH(5.0LF)
    ARTANH(3.0LF)
    return 2.0 * w + 2.0 * w * (s * series);
}

dvec4 twice_artanh_near(dvec4 w) {
    dvec4 s = w * w;
    dvec4 series = dvec4(1.0LF / 23.0LF);
    ARTANH(21.0LF) ARTANH(19.0LF) ARTANH(17.0LF) ARTANH(15.0LF) ARTANH(13.0LF) ARTANH(11.0LF) ARTANH(9.0LF)
    ARTANH(7.0LF) ARTANH(5.0LF) ARTANH(3.0LF)
    return 2.0 * w + 2.0 * w * (s * series);
}

// e^(x^2) erfc(x), x >= 0: a Chebyshev series in t = (x - 3.75) / (x + 3.75), by Clenshaw's recurrence; network/
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

// Q(a) = erfc(a / sqrt 2) / 2
dvec4 tail_ratio(dvec4 a) {
    return 0.5 * erfcx(a * 0.7071067811865476LF);
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

// These polynomials: fdlibm, k_sin.c and k_cos.c.
dvec4 sine_rest(dvec4 s) {
    return -1.66666666666666324348e-01LF + s * (8.33333333332248946124e-03LF + s * (-1.98412698298579493134e-04LF
        + s * (2.7557313707070068e-06LF + s * (-2.5050760253406864e-08LF + s * 1.5896909952115502e-10LF))));
}

dvec4 cosine_rest(dvec4 s) {
    return 4.16666666666666019037e-02LF + s * (-1.388888888887411e-03LF + s * (2.480158728947673e-05LF
        + s * (-2.75573143513906633035e-07LF + s * (2.08757232129817482790e-09LF
        - s * 1.13596475577881948265e-11LF))));
}

#endif
