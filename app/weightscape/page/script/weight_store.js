// A network's numbers on the GPU, packed for four units at a time: twin of engine/shader/weight_store.py.

const WEIGHTS_UNIT = 0;

function vec4s(units) {
  return Math.ceil(units / 4);
}

// One layer for `inputs` inputs (at least its own number; the rest are zeros) -> Float32Array, four numbers a vec4.
function packLayer({rows, columns, values}, biases, inputs) {
  const packed = new Float32Array(4 * vec4s(columns) * (1 + inputs));
  for (let unit = 0; unit < columns; unit++) {
    const at = 4 * (unit >> 2) * (1 + inputs) + (unit & 3);
    packed[at] = biases[unit];
    for (let row = 0; row < rows; row++) packed[at + 4 * (1 + row)] = values[row * columns + unit];
  }
  return packed;
}

function sameNumbers(a, b) {
  return a === b || (a.length === b.length && a.every((each, n) => each === b[n]));
}

// {parts, begin, size}: a matrix that stands in several layers is stored once; begin and size count vec4s.
function pack({weights, biases}) {
  const parts = [], begin = [], stored = new Map();
  let size = 0;
  weights.forEach((W, k) => {
    const inputs = k === 0 ? W.rows : 4 * vec4s(W.rows);
    const alike = (stored.get(W) ?? []).find((old) => old.inputs === inputs && sameNumbers(old.biases, biases[k]));
    if (!alike) {
      parts.push(packLayer(W, biases[k], inputs));
      stored.set(W, [...(stored.get(W) ?? []), {inputs, biases: biases[k], place: size}]);
    }
    begin.push(alike ? alike.place : size);
    if (!alike) size += parts.at(-1).length / 4;
  });
  return {parts, begin, size};
}

function sameTail(a, b) {
  const tail = (all) => all.slice(1);
  const alike = (p, q) => p.length === q.length && p.every((each, n) => each === q[n]);
  return a.weights[0].rows === b.weights[0].rows && a.weights[0].columns === b.weights[0].columns
    && alike(tail(a.weights), tail(b.weights)) && alike(tail(a.biases), tail(b.biases));
}

// One network on the GPU; only what has changed since the last one is uploaded.
class WeightStore {
  constructor(gl) {
    this.gl = gl;
    this.width = Math.min(4096, gl.getParameter(gl.MAX_TEXTURE_SIZE));
    this.texture = null;
    this.rows = 0;
    this.network = null;
    this.begin = null;
  }

  get defines() {
    return {WEIGHTS_IN_TEXTURE: this.width};
  }

  // Upload a network and tell where its layers begin, in vec4s.
  write(network) {
    if (this.network === network) return this.begin;
    if (this.network && sameTail(this.network, network)) {
      this.upload([packLayer(network.weights[0], network.biases[0], network.weights[0].rows)], true);
    } else {
      const {parts, begin, size} = pack(network);
      this.begin = begin;
      this.room(Math.ceil(size / this.width));
      this.upload(parts, false);
    }
    this.network = network;
    return this.begin;
  }

  room(rows) {
    if (this.texture && this.rows === rows) return;
    if (this.texture) this.gl.deleteTexture(this.texture);
    this.rows = rows;
    this.texture = floatTexture(this.gl, this.width, rows);
  }

  // Write parts from the first row on; `isPart`: what stands behind them in their last row stays.
  upload(parts, isPart) {
    const {gl, width} = this, length = parts.reduce((sum, part) => sum + part.length, 0);
    const rows = Math.ceil(length / 4 / width), all = isPart ? this.head : new Float32Array(4 * width * rows);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    if (!isPart) this.head = all;
    this.bind();
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, rows, gl.RGBA, gl.FLOAT, all);
  }

  bind() {
    this.gl.activeTexture(this.gl.TEXTURE0 + WEIGHTS_UNIT);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.texture);
  }
}
