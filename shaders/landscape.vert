#version 330 core
// What comes out: the triangles of a landscape, made from the numbers of vertex and instance alone. A strip lies between
// each row of points and the next, and around them a border that reaches to the sides; walls stand on two of these.

#include "lib/relief.glsl"

uniform int u_part;      // 0: the ground, 1: the wall on a side of x, 2: that on a side of y
uniform mat4 u_matrix;   // to clip space
uniform vec2 u_place;    // x and y of the first point
uniform vec2 u_begin;    // where the sides are on the lattice: (column, row)
uniform vec2 u_end;
uniform vec2 u_side;     // those with the walls
uniform float u_floor;   // how deep walls reach
uniform vec2 u_walls;    // how bright they are

centroid out vec3 v_color;

// How bright walls are at the floor; above them, 1.
const float FLOOR = 0.5;

void main() {
    int along = gl_VertexID / 2 - 1;
    bool is_second = (gl_VertexID & 1) == 1;
    vec2 place = vec2(along, gl_InstanceID - (is_second ? 0 : 1));
    if (u_part == 1) place = vec2(u_side.x, along);
    if (u_part == 2) place = vec2(along, u_side.y);
    place = clamp(place, u_begin, u_end);
    vec4 point = ground(place);
    if (u_part > 0) {
        point.yzw *= u_part == 1 ? u_walls.x : u_walls.y;
        if (is_second) point = vec4(u_floor, FLOOR * point.yzw);
    }
    v_color = point.yzw;
    gl_Position = u_matrix * vec4(u_place.x + u_step * place.x, u_place.y - u_step * place.y, point.x, 1.0);
}
