#version 330 core
// What comes out: one tile of a classifier's outputs, each point in the colour of the largest, at its place in the
// canvas. A coarse tile's points are squares.
//
// By define: CHANNELS; where they are more than a texel has, numbers are folded (gpu/shelf.py). SOFTMAX: the numbers
// are what goes into a softmax, and its probabilities are the outputs.

#include "lib/largest.glsl"

uniform sampler2D u_values;  // row 0 on top
uniform vec4 u_place;        // left, top (pixels of the canvas, y down), pixels across one point, the canvas's height
uniform int u_columns;       // points in a row of the tile

layout(location = 0) out vec4 out_color;

float output_of(ivec2 point, int channel) {
#if CHANNELS > 4
    int number = (point.y * u_columns + point.x) * CHANNELS + channel;
    int width = textureSize(u_values, 0).x;
    return texelFetch(u_values, ivec2(number % width, number / width), 0).r;
#else
    return texelFetch(u_values, point, 0)[channel];
#endif
}

void main() {
    vec2 pixel = vec2(gl_FragCoord.x, u_place.w - gl_FragCoord.y);
    ivec2 point = ivec2((pixel - u_place.xy) / u_place.z);
    int largest = 0;
    float first = output_of(point, 0);
    float second = -3.4e38;
    for (int k = 1; k < CHANNELS; k++) {
        float value = output_of(point, k);
        if (value > first) {
            second = first;
            first = value;
            largest = k;
        } else {
            second = max(second, value);
        }
    }
    float margin = first - second;
#ifdef SOFTMAX
    float sum = 0.0;
    for (int k = 0; k < CHANNELS; k++) sum += exp(output_of(point, k) - first);
    margin = (1.0 - exp(-margin)) / sum;
#endif
    out_color = vec4(winner(largest, CHANNELS, margin), 1.0);
}
