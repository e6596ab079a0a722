// Which networks a shader goes through at once, and how many pixels an invocation takes: twin of
// engine/shader/fragment_shape.py, but narrower: drivers that unroll what is spelt out compile long texts slowly.

const WIDEST_FUSED = 8;
const FLOATS_A_GPU_INVOCATION = 160;

function vectorsOf(network) {
  return Math.max(1, ...widthsOf(network).slice(1, -1).map(vec4s));
}

// `begin`: where its layers lie in the store, in vec4s.
function isNarrow(network, begin) {
  const widths = widthsOf(network), hidden = new Set(widths.slice(1, -1).map(vec4s));
  const isAlike = hidden.size <= 1 && new Set(network.activations.slice(0, -1)).size <= 1;
  return isAlike && vectorsOf(network) <= WIDEST_FUSED && widths.at(-1) <= 4 && isEven(begin);
}

// Whether hidden matrices lie at the same distance from one to the next: the shader's loop knows only one.
function isEven(begin) {
  const hidden = begin.slice(1, -1), steps = hidden.slice(1).map((each, n) => each - hidden[n]);
  return new Set(steps).size <= 1;
}

// As many as registers hold; in software as many as there are targets.
function fusedPixels(network, isSoftware, most) {
  const pixels = isSoftware ? most : FLOATS_A_GPU_INVOCATION / (8 * vectorsOf(network) + 4);
  return [8, 4, 2, 1].find((count) => count <= Math.min(Math.max(pixels, 1), most));
}
