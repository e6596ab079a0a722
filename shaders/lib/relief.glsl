// The ground of a landscape: lit as light() in draw/relief.py has it, read between its points as _ground() in
// draw/panorama.py does.

uniform sampler2D u_points;  // height, red, green, blue; row 0 on top
uniform float u_step;        // from point to point
uniform float u_lift;        // heights are multiplied by it
uniform vec3 u_sun;          // the direction to the sun

const float AMBIENT = 0.4;
const float BRIGHTEST = 1.25;

vec4 unlit(ivec2 at) {
    vec4 point = texelFetch(u_points, clamp(at, ivec2(0), textureSize(u_points, 0) - 1), 0);
    return vec4(point.x * u_lift, point.yzw);
}

float light(ivec2 at) {
    float across = (unlit(at + ivec2(1, 0)).x - unlit(at - ivec2(1, 0)).x) / (2.0 * u_step);
    float along = (unlit(at - ivec2(0, 1)).x - unlit(at + ivec2(0, 1)).x) / (2.0 * u_step);
    float facing = (u_sun.z - u_sun.x * across - u_sun.y * along) / sqrt(1.0 + across * across + along * along);
    float bright = AMBIENT + (1.0 - AMBIENT) * max(facing, 0.0) / u_sun.z;
    return min(bright, BRIGHTEST);
}

vec4 lit(ivec2 at) {
    vec4 point = unlit(at);
    return vec4(point.x, clamp(point.yzw * light(at), 0.0, 1.0));
}

// At a place between points, (column, row).
vec4 ground(vec2 place) {
    ivec2 last = textureSize(u_points, 0) - 1;
    vec2 within = clamp(place, vec2(0.0), vec2(last));
    ivec2 at = ivec2(within);
    vec2 part = within - vec2(at);
    if (part == vec2(0.0)) return lit(at);
    ivec2 next = min(at + 1, last);
    vec4 upper = mix(lit(at), lit(ivec2(next.x, at.y)), part.x);
    vec4 lower = mix(lit(ivec2(at.x, next.y)), lit(next), part.x);
    return mix(upper, lower, part.y);
}
