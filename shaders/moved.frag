#version 330 core
// What comes out: the canvas as it looks from another view - panned, zoomed, turned - so that the old picture
// stays live until the new one is there. Where it has nothing to show, a quiet dark grey.
// By define: TOPS, where layers lie over it (gpu/tops.py): MOVING, which moves as the canvas does, STILL, which stays.

uniform sampler2D u_canvas;
uniform vec2 u_middle;    // of the target, in pixels
uniform mat2 u_turn;      // from target pixels to canvas pixels, both measured from the middle, y up
uniform vec2 u_shift;
uniform float u_levels;   // 255 to make display values of 8 bits, 0 to keep all digits
uniform float u_half;     // 0.5 to round them, 0 to cut them off

#ifdef TOPS
#ifdef MOVING
uniform sampler2D u_moving;  // row 0 on top, colours multiplied by their alpha, as in u_still
uniform mat2 u_top_turn;     // from target pixels to those of u_moving, both measured from the middle, y up
uniform vec2 u_top_shift;
#endif
#ifdef STILL
uniform sampler2D u_still;
#endif
#endif

layout(location = 0) out vec4 out_color;

const vec3 NOTHING = vec3(0.09);

#ifdef TOPS
// A layer's colour at a pixel, y down, between pixels only where it is not one.
vec4 texel(sampler2D layer, vec2 at, bool is_straight) {
    vec2 size = vec2(textureSize(layer, 0));
    if (any(lessThan(at, vec2(0.0))) || any(greaterThanEqual(at, size))) return vec4(0.0);
    return is_straight ? texelFetch(layer, ivec2(at), 0) : texture(layer, at / size);
}

vec3 covered(vec3 color) {
#ifdef MOVING
    vec2 size = vec2(textureSize(u_moving, 0));
    vec2 at = u_top_turn * (gl_FragCoord.xy - u_middle) + u_top_shift + 0.5 * size;
    at.y = size.y - at.y;
    bool is_straight = u_top_turn == mat2(1.0) && fract(at) == vec2(0.5);
    vec4 moving = texel(u_moving, at, is_straight);
    color = color * (1.0 - moving.a) + moving.rgb;
#endif
#ifdef STILL
    vec4 still = texel(u_still, vec2(gl_FragCoord.x, 2.0 * u_middle.y - gl_FragCoord.y), true);
    color = color * (1.0 - still.a) + still.rgb;
#endif
    return color;
}
#endif

void main() {
    vec2 size = vec2(textureSize(u_canvas, 0));
    vec2 at = u_turn * (gl_FragCoord.xy - u_middle) + u_shift + 0.5 * size;
    bool outside = any(lessThan(at, vec2(0.0))) || any(greaterThan(at, size));
    // A filter's weights have few digits: where pixels meet pixels it must not touch them.
    bool is_straight = u_turn == mat2(1.0) && fract(at) == vec2(0.5);
    vec4 seen = is_straight ? texelFetch(u_canvas, ivec2(at), 0) : texture(u_canvas, at / size);
    // At 1, mix may be an ulp off: GLSL lets it be NOTHING + (seen - NOTHING).
    vec3 color = seen.a == 1.0 ? seen.rgb : mix(NOTHING, seen.rgb, seen.a);
    if (outside) color = NOTHING;
#ifdef TOPS
    color = covered(color);
#endif
    if (u_levels > 0.0) color = floor(color * u_levels + u_half) / u_levels;
    out_color = vec4(color, 1.0);
}
