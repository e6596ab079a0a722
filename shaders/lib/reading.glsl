// How outputs in 0..1 are read as display colours, twin of scene/shade.py: read_one through the palette, the others of
// three outputs. Whoever includes it has palette(value) and u_reading, as lib/shade.glsl does.

#include "lib/colour_space.glsl"

const float REACH = 0.25;
const float CHROMA = 0.25;

vec3 bent(vec3 values) {
    return abs(u_reading.y - pow(values, vec3(u_reading.x)));
}

// The place in the palette, which is turned: round, or to its end and back.
float placed(float value) {
    float place = bent(vec3(value)).x;
    if (u_reading.z == 0.0) return place;
    if (u_reading.w != 0.0) return mod(place + u_reading.z, 1.0);
    return 1.0 - abs(1.0 - mod(place + 2.0 * u_reading.z, 2.0));
}

vec3 read_one(vec3 values) {
    return palette(placed(values.x));
}

vec3 read_rgb(vec3 values) {
    vec3 shown = bent(values);
    return u_reading.z == 0.0 ? shown : rgb_of_oklab(turned(oklab(linear(shown)), u_reading.z));
}

vec3 read_hsv(vec3 values) {
    return rgb_of_hsv(vec3(values.x + u_reading.z, values.y, bent(values).z));
}

vec3 read_oklab(vec3 values) {
    return rgb_of_oklab(turned(vec3(bent(values).x, 2.0 * REACH * (values.yz - 0.5)), u_reading.z));
}

vec3 read_oklch(vec3 values) {
    float angle = TURN * (values.z + u_reading.z);
    return rgb_of_oklab(vec3(bent(values).x, CHROMA * values.y * vec2(cos(angle), sin(angle))));
}

vec3 read_palette(vec3 values) {
    return palette(placed(grey(values)));
}
