#version 330 core
// What comes out: the network's outputs (up to four) at every pixel, raw, all layers in one invocation.
//
// An invocation evaluates PIXELS neighbours, one render target each, so that every weight it fetches serves
// PIXELS points. The layer's input `a` and output `n` live in registers: no array is indexed by a variable.
// Instead of storing unit group g at place g, the n move down by one place before each new group comes in at
// the end; after VECTORS groups each stands where it belongs. Loops run over layers and groups, so the text and
// its compile time do not grow with depth. The bias comes last, as in h W + b: in float32 the order of a sum is part
// of its value.
//
// Shape, by define: VECTORS (vec4s of a hidden layer), PIXELS, INPUTS (2, or 3 with r), ACTIVATION,
// OUTPUT_ACTIVATION, and the repetitions EACH_PIXEL, EACH_VECTOR, EACH_PAIR, EACH_LINK. With PERTURBED, what comes out
// are the outputs' differences from those at the picture's centre: no biases, and lib/step.glsl for activations, whose
// names are then those of lib/difference.glsl.

#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/weight.glsl"

uniform int u_layers;         // the output layer included
uniform int u_hidden;         // where the first matrix between hidden layers begins
uniform int u_hidden_stride;  // from one to the next; 0 when they are tied
uniform int u_output;         // where the output layer begins

layout(location = 0) out vec4 out_values[PIXELS];

#define PLACE(k, v) ((k) * VECTORS + (v))

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
DEFINE_STEP(hidden_step, ACTIVATION)
DEFINE_STEP(output_step, OUTPUT_ACTIVATION)
#define PLUS_BIAS
#define BIAS(k)
#define CLAMP(k)
#define HIDDEN(e) hidden_step(e, now)
#define OUTPUT(e) output_step(e, now)
#else
#define PLUS_BIAS + bias
#define BIAS(k) e[k] += bias;
#define CLAMP(k) e[k] = clamp_preactivation(e[k]);
#define HIDDEN(e) ACTIVATION(e)
#define OUTPUT(e) OUTPUT_ACTIVATION(e)
#endif

#define INPUT_POINT(k) p[k] = grid_point(column + k, row);
#if INPUTS == 3
#define FIRST_LAYER(k) e[k] = wx * p[k].x + wy * p[k].y + wr * radial_input(p[k]) PLUS_BIAS;
#else
#define FIRST_LAYER(k) e[k] = wx * p[k].x + wy * p[k].y PLUS_BIAS;
#endif
#define BEGIN(k) e[k] = vec4(0.0);
#define MULTIPLY(k, v) \
    e[k] += w0 * a[PLACE(k, v)].x; e[k] += w1 * a[PLACE(k, v)].y; \
    e[k] += w2 * a[PLACE(k, v)].z; e[k] += w3 * a[PLACE(k, v)].w;
#define TAKE_INPUTS(v) \
    w0 = weight(at); w1 = weight(at + 1); w2 = weight(at + 2); w3 = weight(at + 3); at += 4; \
    EACH_PIXEL_WITH(MULTIPLY, v)
#define SHIFT(k, v) n[PLACE(k, v)] = n[PLACE(k, v + 1)];
#define APPEND(k) n[PLACE(k, VECTORS - 1)] = HIDDEN(e[k]);
#define COPY(k, v) a[PLACE(k, v)] = n[PLACE(k, v)];
#define CLEAR(k, v) n[PLACE(k, v)] = vec4(0.0);
#define WRITE(k) out_values[k] = OUTPUT(e[k]);

void main() {
    int column = int(gl_FragCoord.x) * PIXELS;
    int row = int(gl_FragCoord.y);
    vec2 p[PIXELS];
    EACH_PIXEL(INPUT_POINT)

    vec4 a[PIXELS * VECTORS];
    vec4 n[PIXELS * VECTORS];
    vec4 e[PIXELS];
    vec4 bias, w0, w1, w2, w3;
#ifdef PERTURBED
    Step now;
    vec4 head = step_head(0);
#endif
    EACH_PAIR(CLEAR)

    int at = u_layers == 1 ? u_output : 0;
    int groups = u_layers == 1 ? 1 : VECTORS;
    for (int group = 0; group < groups; group++) {
        bias = weight(at);
        vec4 wx = weight(at + 1);
        vec4 wy = weight(at + 2);
#if INPUTS == 3
        vec4 wr = weight(at + 3);
#endif
        at += 1 + INPUTS;
#ifdef PERTURBED
        now = take_step(head, 0, group);
#endif
        EACH_PIXEL(FIRST_LAYER)
        EACH_PIXEL(CLAMP)
        EACH_LINK(SHIFT)
        EACH_PIXEL(APPEND)
    }

    for (int layer = 1; layer < u_layers; layer++) {
        bool last = layer == u_layers - 1;
        at = last ? u_output : u_hidden + (layer - 1) * u_hidden_stride;
        groups = last ? 1 : VECTORS;
#ifdef PERTURBED
        head = step_head(layer);
#endif
        EACH_PAIR(COPY)
        for (int group = 0; group < groups; group++) {
            bias = weight(at);
            at += 1;
            EACH_PIXEL(BEGIN)
            EACH_VECTOR(TAKE_INPUTS)
#ifdef PERTURBED
            now = take_step(head, layer, group);
#endif
            EACH_PIXEL(BIAS)
            EACH_PIXEL(CLAMP)
            EACH_LINK(SHIFT)
            EACH_PIXEL(APPEND)
        }
    }
    EACH_PIXEL(WRITE)
}
