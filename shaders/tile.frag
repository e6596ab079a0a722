#version 330 core
// What comes out: one tile of the network's outputs as display colours, at its place in the canvas. A coarse tile
// is drawn larger than it was computed, with smooth steps between its points.
// By define: CURVE, where the tile is not display values but a field's data (lib/shading.glsl). SOFTMAX: display values
// are the probabilities of what that gives.

#include "lib/shade.glsl"
#ifdef CURVE
#include "lib/shading.glsl"
#endif
#ifdef SOFTMAX
#include "lib/softmax.glsl"
#endif

uniform sampler2D u_values;  // row 0 on top
uniform vec4 u_place;        // left, top (pixels of the canvas, y down), and pixels across one point
#ifdef CURVE
uniform vec2 u_points;       // columns and rows of the texture that are the tile's
#endif

layout(location = 0) out vec4 out_color;

void main() {
    vec2 pixel = vec2(gl_FragCoord.x, u_place.w - gl_FragCoord.y);
    vec2 at = (pixel - u_place.xy) / u_place.z;
    // A filter's weights have few digits: where points are pixels it must not touch them.
    bool is_fine = u_place.z == 1.0;
#ifdef CURVE
    if (!is_fine) at = clamp(at, vec2(0.5), u_points - 0.5);
#endif
    vec4 values = is_fine ? texelFetch(u_values, ivec2(at), 0) : texture(u_values, at / vec2(textureSize(u_values, 0)));
#ifdef CURVE
    values = level(values);
#endif
#ifdef SOFTMAX
    values = softmax(values, u_channels);
#endif
    out_color = vec4(shade(values), 1.0);
}
