#version 330 core
// What comes out: the activations of one layer, four units a texel, for networks too wide to keep in registers.
//
// Row y of the targets holds units 4y .. 4y+3, column x the points x PIXELS + 0, 1, ... of the tile, one render
// target each; the next pass reads these targets as its input. Rolled loops only: one program serves every width.
//
// Shape, by define: PIXELS, ACTIVATION, FIRST (1 for the layer that is fed coordinates), INPUTS (2, or 3 with r),
// and the repetition EACH_PIXEL. With PERTURBED, differences from the picture's centre: no biases, and lib/step.glsl
// for activations, whose names are then those of lib/difference.glsl.

#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/weight.glsl"

uniform int u_layer;    // where this layer's weights begin
uniform int u_vectors;  // vec4s of its input
uniform int u_columns;  // points in a row of the tile
uniform sampler2D u_activations[PIXELS];

layout(location = 0) out vec4 out_values[PIXELS];

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
uniform int u_step;  // this layer's row of steps
DEFINE_STEP(layer_step, ACTIVATION)
#define PLUS_BIAS
#define BIAS(k)
#define WRITE(k) out_values[k] = layer_step(e[k], now);
#else
#define PLUS_BIAS + bias
#define BIAS(k) e[k] += bias;
#define WRITE(k) out_values[k] = ACTIVATION(clamp_preactivation(e[k]));
#endif

#define FIRST_LAYER(k) \
    point = x * PIXELS + k; p = grid_point(point % u_columns, point / u_columns); \
    e[k] = w0 * p.x + w1 * p.y + RADIAL PLUS_BIAS;
#if INPUTS == 3
#define RADIAL weight(at + 3) * radial_input(p)
#else
#define RADIAL vec4(0.0)
#endif
#define BEGIN(k) e[k] = vec4(0.0);
#define MULTIPLY(k) \
    h = texelFetch(u_activations[k], ivec2(x, v), 0); \
    e[k] += w0 * h.x; e[k] += w1 * h.y; e[k] += w2 * h.z; e[k] += w3 * h.w;

void main() {
    int x = int(gl_FragCoord.x);
    int group = int(gl_FragCoord.y);
    vec4 e[PIXELS];
#if FIRST
    int point;
    vec2 p;
    int at = u_layer + group * (1 + INPUTS);
    vec4 bias = weight(at);
    vec4 w0 = weight(at + 1);
    vec4 w1 = weight(at + 2);
    EACH_PIXEL(FIRST_LAYER)
#else
    vec4 h;
    int at = u_layer + group * (1 + 4 * u_vectors);
    vec4 bias = weight(at);
    EACH_PIXEL(BEGIN)
    for (int v = 0; v < u_vectors; v++) {
        vec4 w0 = weight(at + 1);
        vec4 w1 = weight(at + 2);
        vec4 w2 = weight(at + 3);
        vec4 w3 = weight(at + 4);
        at += 4;
        EACH_PIXEL(MULTIPLY)
    }
    EACH_PIXEL(BIAS)
#endif
#ifdef PERTURBED
    Step now = take_step(step_head(u_step), u_step, group);
#endif
    EACH_PIXEL(WRITE)
}
