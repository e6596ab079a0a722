#version 430 core
// What comes out: the outputs (up to four) of a network whose layers went one at a time.
//
// Too few units for the tiles of layer.comp, and little arithmetic: an invocation takes a whole point, so that
// neighbours read neighbouring numbers, and asks for STEPS inputs at once, to wait for memory less often.
//
// Shape, by define: THREADS, STEPS with its repetition EACH_STEP, INPUTS (2), lib/finish.glsl's. With PERTURBED,
// differences from those at the picture's centre: no biases.
// With DOUBLE, all of this in double precision (lib/real.glsl).

#include "lib/finish.glsl"
#include "lib/input.glsl"
#include "lib/point.glsl"

layout(local_size_x = THREADS) in;

// One vec4 of biases, then one of weights for each input.
layout(std430, binding = 0) readonly restrict buffer Weights { real4 weights[]; };
layout(std430, binding = 2) readonly restrict buffer Inputs { real inputs[]; };

uniform int u_layer;   // where this layer's weights begin
uniform int u_inputs;  // rows of its input, a multiple of STEPS
uniform int u_column;  // vec4s in a row of activations
uniform int u_step;    // this layer's row of steps

#define LOAD(k) h[k] = inputs[(from + (k)) * stride + number];
#define ADD(k) sum += weights[u_layer + 1 + from + (k)] * h[k];

void main() {
    int number = int(gl_GlobalInvocationID.x);
    if (number >= u_points) return;
    int stride = 4 * u_column;
    real h[STEPS];
    real4 sum = real4(0.0);
    for (int from = 0; from < u_inputs; from += STEPS) {
        EACH_STEP(LOAD)
        EACH_STEP(ADD)
    }
    put_all(number, finish(sum, take_unit(weights[u_layer], 0, u_step, 0)));
}
