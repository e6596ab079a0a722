// The points of a tile as compute shaders count them, row after row, and where their outputs go.
// Needs lib/input.glsl. INPUTS by define: 2, or 3 with r. With DERIVATIVES a point has three values of each output,
// with PATTERN four sums of words (lib/pattern.glsl), to which invocations add in any order.

#ifdef PATTERN
layout(std430, binding = 1) restrict buffer Values { uint values[]; };
#else
layout(std430, binding = 1) writeonly restrict buffer Values { real values[]; };
#endif

uniform int u_columns;   // points in a row of the grid
uniform int u_begin;     // the first point of this submission, counted through the grid
uniform int u_points;    // how many points it has; a workgroup that reaches beyond writes nothing there
uniform int u_channels;  // values of a point

real2 tile_point(int number) {
    int n = u_begin + number;
    return grid_point(n % u_columns, n / u_columns);
}

// The network's inputs at four consecutive points.
void take_points(int number, out real4 x, out real4 y, out real4 r) {
    real2 p0 = tile_point(number);
    real2 p1 = tile_point(number + 1);
    real2 p2 = tile_point(number + 2);
    real2 p3 = tile_point(number + 3);
    x = real4(p0.x, p1.x, p2.x, p3.x);
    y = real4(p0.y, p1.y, p2.y, p3.y);
#if INPUTS == 3
    r = real4(radial_input(p0), radial_input(p1), radial_input(p2), radial_input(p3));
#else
    r = real4(0.0);
#endif
}

#ifdef DERIVATIVES
// The inputs at four consecutive points and, in the second and third sheet, their derivatives by x and by y.
void take_sheets(int number, out real4 x[3], out real4 y[3], out real4 r[3]) {
    take_points(number, x[0], y[0], r[0]);
    x[1] = y[2] = real4(1.0);
    x[2] = y[1] = real4(0.0);
    r[1] = r[2] = real4(0.0);
#if INPUTS == 3
    // No loop over components: NVIDIA's compiler (driver 580) fails where one of a dvec4 is stored by a variable index.
    real2 s0 = radial_slope(tile_point(number));
    real2 s1 = radial_slope(tile_point(number + 1));
    real2 s2 = radial_slope(tile_point(number + 2));
    real2 s3 = radial_slope(tile_point(number + 3));
    r[1] = real4(s0.x, s1.x, s2.x, s3.x);
    r[2] = real4(s0.y, s1.y, s2.y, s3.y);
#endif
}

// One sheet's up to four values of one point.
void put_sheet(int number, int sheet, real4 value) {
    int units = u_channels / 3;
    for (int k = 0; k < units && number < u_points; k++) values[number * u_channels + sheet * units + k] = value[k];
}
#endif

#ifdef PATTERN
void add_words(int number, uvec4 words) {
    if (number >= u_points) return;
    atomicAdd(values[4 * number], words.x);
    atomicAdd(values[4 * number + 1], words.y);
    atomicAdd(values[4 * number + 2], words.z);
    atomicAdd(values[4 * number + 3], words.w);
}
#else
void put(int number, int channel, real value) {
    if (number < u_points && channel < u_channels) values[number * u_channels + channel] = value;
}

// Up to four values of one point.
void put_all(int number, real4 value) {
    put(number, 0, value.x);
    put(number, 1, value.y);
    put(number, 2, value.z);
    put(number, 3, value.w);
}
#endif
