// What is drawn for a question, {network, radial, begin, isFused, pixels}, on a grid {columns, rows, x, y, stride}:
// twin of engine/shader/fragment_draw.py. A draw: {shader, defines, uniforms, target, columns, rows, source, work}.

const [FUSED, EVEN, ODD, VALUES] = ["fused", "even", "odd", "values"];
// Texels across, where all points of a tile stand in a row.
const MOST_COLUMNS = 2048;

// The points of a picture, one in the middle of each block of stride x stride pixels of a box: pixels from the
// picture's middle, y up; the last blocks run over.
function gridOf([width, height], [left, top, wide, high] = [0, 0, width, height], stride = 1) {
  const half = (stride - 1) / 2;
  return {
    columns: Math.ceil(wide / stride),
    rows: Math.ceil(high / stride),
    x: (1 - width) / 2 + left + half,
    y: (height - 1) / 2 - top - half,
    stride,
  };
}

// The draws of one tile in their order; the last leaves its values, a texel a point, row 0 first.
function drawsOf(asked, grid) {
  const {weights} = asked.network;
  const all = asked.isFused ? [fusedDraw(asked, grid)] : weights.map((_, k) => layerDraw(asked, grid, k));
  return [...all, gatheredDraw(asked, grid, all.at(-1).target)];
}

function fusedDraw({network, radial, begin, pixels, weights, ...asked}, grid) {
  const layers = network.weights.length, {activations} = network;
  return {
    shader: "fused.frag",
    defines: {
      VECTORS: vectorsOf(network), PIXELS: pixels, INPUTS: network.weights[0].rows,
      ACTIVATION: `activation_${layers > 1 ? activations[0] : "identity"}`,
      OUTPUT_ACTIVATION: `activation_${activations.at(-1)}`,
      ...repetitions(pixels, vectorsOf(network)), ...weights,
    },
    uniforms: {
      u_layers: layers,
      u_hidden: layers > 2 ? begin[1] : 0,
      u_hidden_stride: layers > 3 ? begin[2] - begin[1] : 0,
      u_output: begin.at(-1),
      ...placeUniforms(grid, radial),
    },
    target: FUSED, columns: Math.ceil(grid.columns / pixels), rows: grid.rows,
    work: asked.work * grid.columns * grid.rows,
  };
}

// Of a softmax's layer it is one group of four units.
function layerDraw({network, radial, begin, pixels, weights, ...asked}, grid, k) {
  const W = network.weights[k], points = grid.columns * grid.rows;
  const isLast = asked.isSoftmax && k === network.weights.length - 1;
  const before = isLast ? asked.group * (1 + (k ? 4 * vec4s(W.rows) : W.rows)) : 0;
  return {
    shader: "layer.frag",
    defines: {
      PIXELS: pixels, FIRST: Number(k === 0), INPUTS: network.weights[0].rows,
      ACTIVATION: `activation_${network.activations[k]}`, ...repetitions(pixels, 1), ...weights,
    },
    uniforms: {
      u_layer: begin[k] + before, u_vectors: vec4s(W.rows), u_columns: grid.columns, u_number: k, u_step: k,
      ...placeUniforms(grid, radial),
    },
    target: k % 2 ? EVEN : ODD, source: k ? (k % 2 ? ODD : EVEN) : null,
    columns: Math.ceil(points / pixels), rows: isLast ? 1 : vec4s(W.columns), work: 2 * W.rows * W.columns * points,
  };
}

function gatheredDraw({pixels, isFused}, {columns, rows}, source) {
  return {
    shader: "gather.frag",
    defines: {PIXELS: pixels, ...repetitions(pixels, 1)},
    uniforms: {u_columns: isFused ? 0 : columns, u_top: 0},
    target: VALUES, source, columns, rows, work: 0,
  };
}

function placeUniforms({x, y, stride}, radial) {
  return {u_first: [x, y], u_stride: stride, u_radial: radial ? [...radial.origin, radial.length] : [0, 0, 1]};
}

// The loops that must be unrolled, as macros.
function repetitions(pixels, vectors) {
  const pixel = [...Array(pixels).keys()], vector = [...Array(vectors).keys()];
  const pairs = (some) => pixel.flatMap((k) => some.map((v) => `DO(${k}, ${v})`)).join(" ");
  return {
    "EACH_PIXEL(DO)": pixel.map((k) => `DO(${k})`).join(" "),
    "EACH_PIXEL_WITH(DO, v)": pixel.map((k) => `DO(${k}, v)`).join(" "),
    "EACH_VECTOR(DO)": vector.map((v) => `DO(${v})`).join(" "),
    "EACH_PAIR(DO)": pairs(vector),
    "EACH_LINK(DO)": pairs(vector.slice(0, -1)),
  };
}
