#version 330 core
// What comes out: the rectangles of a picture's cells, an instance each.

layout(location = 0) in vec4 in_cell;  // left and top (pixels of the canvas, y down), gain and bias

uniform vec2 u_room;    // pixels that are painted of each cell, across and down
uniform vec2 u_canvas;  // the canvas's width and height

flat out vec4 v_cell;
flat out int v_channel;

void main() {
    vec2 pixel = in_cell.xy + u_room * vec2(gl_VertexID & 1, gl_VertexID >> 1);
    v_cell = in_cell;
    v_channel = gl_InstanceID;
    gl_Position = vec4(2.0 * pixel.x / u_canvas.x - 1.0, 1.0 - 2.0 * pixel.y / u_canvas.y, 0.0, 1.0);
}
