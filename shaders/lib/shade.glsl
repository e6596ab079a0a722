// From outputs to display colours, as scene/shade.py has it: three outputs are red, green and blue, one goes
// through the palette, two are red and green. Display (sRGB-encoded) values throughout.
//
// By define: READ, one of the functions read_* of lib/reading.glsl, where a scene's colours read outputs otherwise, or
// gamma, inverting or a turn is set, and THIRD, what stands for a third output where there are two. A uniform would not
// do: software drivers compute all branches.

uniform int u_channels;
uniform sampler2D u_palette;  // 256 x 1

// Linear between the entries, without the driver's 8-bit filter weights.
vec3 palette(float value) {
    float place = value * 255.0;
    int low = min(int(place), 254);
    vec3 below = texelFetch(u_palette, ivec2(low, 0), 0).rgb;
    vec3 above = texelFetch(u_palette, ivec2(low + 1, 0), 0).rgb;
    float part = place - float(low);
    return below * (1.0 - part) + above * part;
}

#ifdef READ
uniform vec4 u_reading;  // 1 / gamma, whether inverted, turns, whether the palette closes
#include "lib/reading.glsl"
#endif

vec3 shade(vec4 values) {
    vec4 clamped = clamp(values, 0.0, 1.0);
#ifdef READ
    return READ(u_channels == 2 ? vec3(clamped.xy, THIRD) : clamped.rgb);
#else
    if (u_channels == 1) return palette(clamped.x);
    if (u_channels == 2) return vec3(clamped.xy, 0.0);
    return clamped.rgb;
#endif
}
