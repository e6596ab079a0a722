// Where the weights are: weight(n) is the n-th vec4 of the packed network (engine/shader/weight_store.py tells the order).
// A buffer texture is the fastest store on the one driver measured so far (llvmpipe); the 2-D texture is for drivers
// whose buffer textures are too small for a wide network.

#ifdef WEIGHTS_IN_TEXTURE
uniform sampler2D u_weights;
vec4 weight(int n) { return texelFetch(u_weights, ivec2(n % WEIGHTS_IN_TEXTURE, n / WEIGHTS_IN_TEXTURE), 0); }
#else
uniform samplerBuffer u_weights;
vec4 weight(int n) { return texelFetch(u_weights, n); }
#endif
