// What stands in place of an activation where the picture is of differences from its centre: a unit's difference in,
// its activation's difference out, each in its layer's own power of two (deep/perturbation.py, Step).
//
// Row k of u_steps is layer k: a head (how tangents change units, negative where the step is near; before, after,
// period), then PARTS vec4s for every four units: the reference floats f0 .. f3 and, with CLAMPED, the clamp's over,
// low and high. Hardly a network comes near the clamp, so that is a shape of its own: software drivers run both sides
// of a branch. Doubles, which no texture holds, stand in a buffer, row after row.
// Needs lib/difference.glsl; for slopes lib/difference_slope.glsl.

#include "lib/real.glsl"

#ifdef DOUBLE
layout(std430, binding = 5) readonly restrict buffer Steps { dvec4 step_parts[]; };
uniform int u_step_row;  // vec4s in a row
#define PART_AT(n, layer) step_parts[(layer) * u_step_row + (n)]
#else
uniform sampler2D u_steps;
#define PART_AT(n, layer) texelFetch(u_steps, ivec2(n, layer), 0)
#endif

struct Step {
    real4 head, f0, f1, f2, f3;
#ifdef CLAMPED
    real4 over, low, high;
#endif
};

real4 step_head(int layer) {
    return PART_AT(0, layer);
}

#define PART(n) PART_AT(begin + n, layer)
#define UNIT(part) real4(s.part[i])
#ifdef CLAMPED
#define PARTS 7
#define EACH_PART PART(0), PART(1), PART(2), PART(3), PART(4), PART(5), PART(6)
#define EACH_UNIT_PART UNIT(f0), UNIT(f1), UNIT(f2), UNIT(f3), UNIT(over), UNIT(low), UNIT(high)
#define CLAMP_DIFFERENCE(d, s) d = clamp(d + s.over, s.low, s.high);
#define MOVES(d, s) * real4(greaterThan(d, s.low)) * real4(lessThan(d, s.high))
#else
#define PARTS 4
#define EACH_PART PART(0), PART(1), PART(2), PART(3)
#define EACH_UNIT_PART UNIT(f0), UNIT(f1), UNIT(f2), UNIT(f3)
#define CLAMP_DIFFERENCE(d, s)
#define MOVES(d, s)
#endif

// The step of four units of a layer.
Step take_step(real4 head, int layer, int group) {
    int begin = 1 + PARTS * group;
    return Step(head, EACH_PART);
}

// The step of one of them, for its values at four points.
Step unit_step(Step s, int i) {
    return Step(s.head, EACH_UNIT_PART);
}

// Define the function `name`(d, step) that puts an activation's DIFFERENCE to use.
#define DEFINE_STEP(name, DIFFERENCE) \
    real4 name(real4 d, Step s) { \
        if (s.head.x < 0.0) return d * (s.f0 + s.f1 * d); \
        d *= s.head.y; \
        CLAMP_DIFFERENCE(d, s) \
        return DIFFERENCE(d, s.f0, s.f1, s.f2, s.f3, s.head.w) * s.head.z; \
    }

// Define the function `name`(d, step) that tells by what a tangent is multiplied there.
#define DEFINE_TANGENT(name, SLOPE) \
    real4 name(real4 d, Step s) { \
        if (s.head.x < 0.0) return -s.head.x * (s.f0 + 2.0 * (s.f1 * d)); \
        d *= s.head.y; \
        CLAMP_DIFFERENCE(d, s) \
        return s.head.x * SLOPE(d, s.f0, s.f1, s.f2, s.f3, s.head.w) MOVES(d, s); \
    }

// Define the function `name`(d, step) that tells the slope alone, clamped or not: on which piece a unit is.
#define DEFINE_PIECE(name, SLOPE) \
    real4 name(real4 d, Step s) { \
        d *= s.head.y; \
        CLAMP_DIFFERENCE(d, s) \
        return SLOPE(d, s.f0, s.f1, s.f2, s.f3, s.head.w); \
    }
