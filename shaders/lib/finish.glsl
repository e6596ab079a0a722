// What follows the sums of a layer, be it those of four units at a point or of one unit at four points: bias, clamp and
// activation, or with PERTURBED lib/step.glsl's step from difference to difference. With DERIVATIVES also by what the
// unit's tangents are multiplied, with PATTERN the slope that tells on which linear piece it is.
//
// By define: ACTIVATION, a name of lib/activation.glsl or, PERTURBED, of lib/difference.glsl; for both other answers
// SLOPE, of lib/slope.glsl or lib/difference_slope.glsl. Shaders that end with the output layer are given
// OUTPUT_ACTIVATION and OUTPUT_SLOPE, too, and have functions of that layer beside those of the hidden ones.

#include "lib/activation.glsl"
#ifdef SLOPE
#include "lib/slope.glsl"
#endif
#ifdef PERTURBED
#include "lib/difference.glsl"
#ifdef SLOPE
#include "lib/difference_slope.glsl"
#endif
#include "lib/step.glsl"
#else
struct Unit {
    real4 bias;
#ifdef DERIVATIVES
    real shrink;  // how tangents change units in this layer
#endif
};

#ifdef DERIVATIVES
uniform int u_shrink;  // in 1/1024 of a doubling
#endif

// Four units of layer `number`. (With PERTURBED they stand in a row of steps, and there is no bias.)
Unit take_unit(real4 bias, int number, int row, int group) {
    Unit unit;
    unit.bias = bias;
#ifdef DERIVATIVES
    unit.shrink = layer_shrink(u_shrink, number);
#endif
    return unit;
}

// One of them, for its sums at four points.
Unit one_unit(Unit unit, int i) {
    unit.bias = real4(unit.bias[i]);
    return unit;
}

#define DEFINE_FINISH(name, ACTIVATION) \
    real4 name(real4 sum, Unit unit) { return ACTIVATION(clamp_preactivation(sum + unit.bias)); }
#define DEFINE_FACTOR(name, SLOPE) \
    real4 name(real4 sum, Unit unit) { \
        real4 z = clamp_preactivation(sum + unit.bias); \
        return unit.shrink * SLOPE(z) * within_limit(z); \
    }
#define DEFINE_PIECE(name, SLOPE) \
    real4 name(real4 sum, Unit unit) { return SLOPE(sum + unit.bias); }
#endif

DEFINE_FINISH(finish, ACTIVATION)
#ifdef DERIVATIVES
DEFINE_FACTOR(finish_factor, SLOPE)
#endif
#ifdef PATTERN
DEFINE_PIECE(finish_piece, SLOPE)
#endif

#ifdef OUTPUT_ACTIVATION
DEFINE_FINISH(finish_output, OUTPUT_ACTIVATION)
#ifdef DERIVATIVES
DEFINE_FACTOR(finish_output_factor, OUTPUT_SLOPE)
#endif
#ifdef PATTERN
DEFINE_PIECE(finish_output_piece, OUTPUT_SLOPE)
#endif
#endif
