// What stands in place of an activation where the picture is of differences from its centre: a unit's difference in,
// its activation's difference out, each in its layer's own power of two (deep/perturbation.py, Step).
//
// Row k of u_steps is layer k: a head (how tangents change units, negative where the step is near; before, after,
// period), then PARTS vec4s for every four units: the reference floats f0 .. f3 and, with CLAMPED, the clamp's over,
// low and high. Hardly a network comes near the clamp, so that is a shape of its own: software drivers run both sides
// of a branch. Doubles, which no texture holds, stand in a buffer, row after row.
// Part of lib/finish.glsl, which has the plain counterparts.

#include "lib/real.glsl"

#ifdef DOUBLE
layout(std430, binding = 5) readonly restrict buffer Steps { dvec4 step_parts[]; };
uniform int u_step_row;  // vec4s in a row
#define PART_AT(n, row) step_parts[(row) * u_step_row + (n)]
#else
uniform sampler2D u_steps;
#define PART_AT(n, row) texelFetch(u_steps, ivec2(n, row), 0)
#endif

struct Unit {
    real4 head, f0, f1, f2, f3;
#ifdef CLAMPED
    real4 over, low, high;
#endif
};

#ifdef CLAMPED
#define PARTS 7
#define CLAMP_DIFFERENCE(d, unit) d = clamp(d + unit.over, unit.low, unit.high);
#define MOVES(d, unit) * real4(greaterThan(d, unit.low)) * real4(lessThan(d, unit.high))
#else
#define PARTS 4
#define CLAMP_DIFFERENCE(d, unit)
#define MOVES(d, unit)
#endif

// Four units, of a row of steps.
Unit take_unit(real4 bias, int number, int row, int group) {
    int at = 1 + PARTS * group;
    Unit unit;
    unit.head = PART_AT(0, row);
    unit.f0 = PART_AT(at, row);
    unit.f1 = PART_AT(at + 1, row);
    unit.f2 = PART_AT(at + 2, row);
    unit.f3 = PART_AT(at + 3, row);
#ifdef CLAMPED
    unit.over = PART_AT(at + 4, row);
    unit.low = PART_AT(at + 5, row);
    unit.high = PART_AT(at + 6, row);
#endif
    return unit;
}

// One of them, for its values at four points.
Unit one_unit(Unit unit, int i) {
    unit.f0 = real4(unit.f0[i]);
    unit.f1 = real4(unit.f1[i]);
    unit.f2 = real4(unit.f2[i]);
    unit.f3 = real4(unit.f3[i]);
#ifdef CLAMPED
    unit.over = real4(unit.over[i]);
    unit.low = real4(unit.low[i]);
    unit.high = real4(unit.high[i]);
#endif
    return unit;
}

// Define the function `name`(d, unit) that puts an activation's DIFFERENCE to use.
#define DEFINE_FINISH(name, DIFFERENCE) \
    real4 name(real4 d, Unit unit) { \
        if (unit.head.x < 0.0) return d * (unit.f0 + unit.f1 * d); \
        d *= unit.head.y; \
        CLAMP_DIFFERENCE(d, unit) \
        return DIFFERENCE(d, unit.f0, unit.f1, unit.f2, unit.f3, unit.head.w) * unit.head.z; \
    }

// Define the function `name`(d, unit) that tells by what a tangent is multiplied there.
#define DEFINE_FACTOR(name, SLOPE) \
    real4 name(real4 d, Unit unit) { \
        if (unit.head.x < 0.0) return -unit.head.x * (unit.f0 + 2.0 * (unit.f1 * d)); \
        d *= unit.head.y; \
        CLAMP_DIFFERENCE(d, unit) \
        return unit.head.x * SLOPE(d, unit.f0, unit.f1, unit.f2, unit.f3, unit.head.w) MOVES(d, unit); \
    }

// Define the function `name`(d, unit) that tells the slope alone, clamped or not: on which piece a unit is.
#define DEFINE_PIECE(name, SLOPE) \
    real4 name(real4 d, Unit unit) { \
        d *= unit.head.y; \
        CLAMP_DIFFERENCE(d, unit) \
        return SLOPE(d, unit.f0, unit.f1, unit.f2, unit.f3, unit.head.w); \
    }
