// From a field's data to display values, twin of scene/shading.py: curve(gain * (data - zero) + bias), a channel by
// itself. Levels, a field's offset and its scale are folded into these numbers.
// By define: CURVE, a name of lib/activation.glsl. A uniform would not do: software drivers compute both branches.

#include "lib/activation.glsl"

uniform vec4 u_zero;
uniform vec4 u_gain;
uniform vec4 u_bias;

vec4 level(vec4 data) {
    // In this order: where data lie close together, gain * data alone would round each by itself.
    EXACT vec4 value = u_gain * (data - u_zero) + u_bias;
    return CURVE(value);
}
