// What numbers are: floats, or with DOUBLE doubles (OpenGL 4.0), for chaotic networks.
// "vec4" in a comment is four of either.
#ifndef REAL_GLSL
#define REAL_GLSL

#ifdef DOUBLE
#define real double
#define real2 dvec2
#define real3 dvec3
#define real4 dvec4
#else
#define real float
#define real2 vec2
#define real3 vec3
#define real4 vec4
#endif

#endif
