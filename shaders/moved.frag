#version 330 core
// What comes out: the canvas as it looks from another view - panned, zoomed, turned - so that the old picture
// stays live until the new one is there. Where it has nothing to show, a quiet dark grey.

uniform sampler2D u_canvas;
uniform vec2 u_middle;    // of the target, in pixels
uniform mat2 u_turn;      // from target pixels to canvas pixels, both measured from the middle, y up
uniform vec2 u_shift;
uniform float u_levels;   // 255 to make display values of 8 bits, 0 to keep all digits
uniform float u_half;     // 0.5 to round them, 0 to cut them off

layout(location = 0) out vec4 out_color;

const vec3 NOTHING = vec3(0.09);

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
    if (u_levels > 0.0) color = floor(color * u_levels + u_half) / u_levels;
    out_color = vec4(color, 1.0);
}
