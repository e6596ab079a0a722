// The engine: a network's outputs at the points of a grid, in single precision, by fragment shaders. Twin of
// engine/shader/fragment.py; each answer comes in steps, so that whoever submits them can keep them short.

const FIRST_UNIT = 1;
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

class EngineError extends Error {}

// How a browser's drawing is limited: {floats, most, isSoftware, format}; `floats`: it draws into float textures;
// `most`: into so many textures at once.
function limitsOf(gl) {
  const has = gl.getExtension("EXT_color_buffer_float") !== null, many = has ? mostTargets(gl, gl.RGBA32F) : 0;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const floats = many > 0, most = many || mostTargets(gl, gl.RGBA8) || 1;
  return {floats, most, isSoftware: SOFTWARE.test(renderer), format: floats ? gl.RGBA32F : gl.RGBA8};
}

// How many textures of a format can be drawn into at once: telephones' GPUs hold few bytes a pixel. 0: not one.
function mostTargets(gl, format) {
  const most = Math.min(gl.getParameter(gl.MAX_DRAW_BUFFERS), gl.getParameter(gl.MAX_COLOR_ATTACHMENTS));
  return [8, 4, 2, 1].filter((count) => count <= most).find((count) => {
    const made = madeTarget(gl, format, [1, 1], count);
    const isWhole = gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
    freeTarget(gl, made);
    return isWhole;
  }) ?? 0;
}

class Engine {
  constructor(gl, programs) {
    this.gl = gl;
    this.programs = programs;
    this.limits = limitsOf(gl);
    this.weights = new WeightStore(gl);
    this.targets = new Map();
  }

  /**
   * Upload a folded network, {network, radial}, and tell how it is drawn; `isPlain`: its outputs are display values.
   * Of a softmax shaders evaluate what goes into it. Throws EngineError for what this browser cannot draw.
   */
  asked({network: whole, radial}, isPlain) {
    const isSoftmax = whole.activations.at(-1) === "softmax";
    const network = isSoftmax ? {...whole, activations: [...whole.activations.slice(0, -1), "identity"]} : whole;
    const {floats, most, isSoftware} = this.limits;
    const begin = this.weights.write(network), isFused = isNarrow(network, begin);
    if (!floats && !(isFused && isPlain)) throw new EngineError(NO_FLOATS);
    const pixels = isFused ? fusedPixels(network, isSoftware, most) : most;
    const work = workOf(network), weights = this.weights.defines;
    return {network, radial, begin, isFused, pixels, work, weights, isSoftmax, group: 0};
  }

  // How many points a tile may have, whose steps are within the pace's time.
  points({network, isFused, pixels, work}, pace) {
    if (isFused) return pace.work() / work;
    const dearest = Math.max(...network.weights.map(({rows, columns}) => 2 * rows * columns));
    return Math.min(pace.work() / dearest, 4 * pace.work() / work, MOST_COLUMNS * pixels);
  }

  // Answer on a grid, in steps {work, draw}, or null while a program is not ready; the values are then in a texture.
  *answer(asked, grid) {
    const draws = drawsOf(asked, grid);
    draws.forEach((draw) => this.target(draw, asked.pixels));
    for (const draw of draws) {
      const entry = this.programs.program(draw.shader, draw.defines);
      while (!this.programs.isReady(entry)) yield null;
      if (!entry.isWarm) {
        // Drivers finish compiling at the first draw; a pixel tells them to, and the clock does not count it.
        entry.isWarm = true;
        const pixel = {...draw, columns: 1, rows: 1};
        yield {work: 0, draw: () => this.draw(entry, pixel, asked.pixels), isApart: true, isWarming: true};
      }
      yield {work: draw.work, draw: () => this.draw(entry, draw, asked.pixels)};
    }
  }

  // Answer on a grid as numbers: Float32Array (rows, columns, 4), row 0 first.
  *answered(asked, grid) {
    if (asked.isSoftmax) return yield* this.probabilities(asked, grid);
    yield* this.answer(asked, grid);
    yield LANDED;
    return this.read(grid);
  }

  // The same of a softmax, which looks at all outputs: four of these at a time are evaluated.
  *probabilities(asked, grid) {
    const count = grid.columns * grid.rows, outputs = asked.network.biases.at(-1).length;
    const z = matrix(count, outputs), made = new Float32Array(4 * count);
    for (let group = 0; group < vec4s(outputs); group++) {
      yield* this.answer({...asked, group}, grid);
      yield LANDED;
      this.read(grid).forEach((each, n) => {
        if (4 * group + n % 4 < outputs) z.values[(n >> 2) * outputs + 4 * group + n % 4] = each;
      });
    }
    const found = activated("softmax", z);
    made.forEach((_, n) => { made[n] = n % 4 < outputs ? found[(n >> 2) * outputs + n % 4] : 0; });
    return made;
  }

  // Textures grow in powers of two, so that few are ever made.
  target({target, columns, rows}, pixels) {
    const count = target === VALUES ? 1 : pixels, key = `${target} ${count}`, old = this.targets.get(key);
    if (old && old.width >= columns && old.height >= rows) return old;
    freeTarget(this.gl, old);
    const size = [Math.max(columns, old?.width ?? 1), Math.max(rows, old?.height ?? 1)].map(powerOfTwo);
    const made = madeTarget(this.gl, this.limits.format, size, count);
    this.targets.set(key, made);
    return made;
  }

  draw(entry, draw, pixels) {
    const sampled = draw.source ? this.targets.get(`${draw.source} ${pixels}`).textures : [];
    const units = Array.from({length: pixels}, (_, k) => FIRST_UNIT + k);
    this.weights.bind();
    sampled.forEach((each, k) => bindTexture(this.gl, units[k], each));
    this.programs.use(entry, {u_weights: WEIGHTS_UNIT, u_activations: units, ...draw.uniforms});
    drawBox(this.gl, this.target(draw, pixels), 0, 0, draw.columns, draw.rows);
    sampled.forEach((_, k) => bindTexture(this.gl, units[k], null));
  }

  // How far display values are off by being held: half a step of 8 bits, or nothing.
  get step() {
    return this.limits.floats ? 0 : 1 / 510;
  }

  // The texture with the last answer.
  get values() {
    return this.targets.get(`${VALUES} 1`);
  }

  // Read the last answer back, Float32Array (rows, columns, 4), row 0 first.
  read({columns, rows}) {
    const {gl} = this, {floats} = this.limits, made = new (floats ? Float32Array : Uint8Array)(4 * columns * rows);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.values.framebuffer);
    gl.readPixels(0, 0, columns, rows, gl.RGBA, floats ? gl.FLOAT : gl.UNSIGNED_BYTE, made);
    return floats ? made : Float32Array.from(made, (each) => each / 255);
  }
}

const NO_FLOATS =
  "this browser cannot draw into float textures (EXT_color_buffer_float): " +
  "it shows only outputs of narrow networks, at plain levels";

function powerOfTwo(number) {
  return 2 ** Math.ceil(Math.log2(number));
}
