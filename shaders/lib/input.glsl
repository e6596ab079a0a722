// The coordinates a folded network is fed (network/input.py): pixels from the picture's middle, y up, and for
// networks with an r input the radial one. All coordinates are short binary fractions: exact in float32.

#include "lib/real.glsl"

uniform real2 u_first;   // the grid's first point
uniform real u_stride;   // from one point to the next
uniform real3 u_radial;  // the centre seen from the plane's origin, in units of u_radial.z pixels

real2 grid_point(int column, int row) {
    return u_first + u_stride * real2(real(column), -real(row));
}

// r(p) - r(0) in pixels, without cancellation: u (q . (2 e + q)) / (|e + q| + |e|).
real radial_input(real2 p) {
    real2 e = u_radial.xy;
    real2 q = p / u_radial.z;
    return u_radial.z * dot(q, 2.0 * e + q) / max(length(e + q) + length(e), 1e-37);
}

#ifdef DERIVATIVES
// Its derivatives: the unit vector from the plane's origin, 0 there. Divided by the larger part first, as squares of
// small numbers run out of float32.
real2 radial_slope(real2 p) {
    real2 a = u_radial.xy + p / u_radial.z;
    a /= max(max(abs(a.x), abs(a.y)), 1e-37);
    return a / max(length(a), 1e-37);
}
#endif

// The first layer's sums at a point, of four units with these weights; wr counts where there is an r.
real4 first_sum(real2 p, real4 wx, real4 wy, real4 wr) {
#if INPUTS == 3
    return wx * p.x + wy * p.y + wr * radial_input(p);
#else
    return wx * p.x + wy * p.y;
#endif
}

#ifdef DERIVATIVES
// Their derivatives by x and by y.
void first_tangents(real2 p, real4 wx, real4 wy, real4 wr, out real4 by_x, out real4 by_y) {
#if INPUTS == 3
    real2 slope = radial_slope(p);
    by_x = wx + wr * slope.x;
    by_y = wy + wr * slope.y;
#else
    by_x = wx;
    by_y = wy;
#endif
}
#endif
