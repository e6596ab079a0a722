// The picture on the GPU: tiles are drawn into it as they come, and it is shown through any view.
// Twin of gpu/canvas.py.

const [VALUES_UNIT, PALETTE_UNIT] = [0, 1];
const LARGEST_EXACT = 1 << 22;
const STILL = {turn: [1, 0, 0, 1], shift: [0, 0]};

class Canvas {
  constructor(gl, programs, limits, size) {
    Object.assign(this, {gl, programs, limits, palettes: new Map(), coarse: null});
    this.linear = gl.getExtension("OES_texture_float_linear") !== null;
    this.front = this.made(size);
    this.back = null;
    this.clear();
  }

  get size() {
    return [this.front.width, this.front.height];
  }

  // Floats where they can be drawn and sampled smoothly, and a large picture has few digits: it is shown in 8 bits.
  made(size) {
    const {gl} = this, isExact = this.linear && size[0] * size[1] <= LARGEST_EXACT;
    const format = this.limits.floats ? (isExact ? gl.RGBA32F : gl.RGBA16F) : gl.RGBA8;
    return madeTarget(gl, format, size, 1, gl.LINEAR);
  }

  clear() {
    const {gl} = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.front.framebuffer);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  // Draw the engine's last values at the pixel [left, top]: display value = curve(gain * (data - zero) + bias).
  paint(values, {columns, rows}, [left, top], {colour, channels, shading}) {
    const isPlain = isPlainShading(shading, channels), {zero, gain, bias, curve} = shading;
    const uniforms = isPlain ? {} : {u_zero: zero, u_gain: gain, u_bias: bias, u_points: [columns, rows]};
    bindTexture(this.gl, VALUES_UNIT, values.textures[0]);
    const defines = isPlain ? {} : {CURVE: `activation_${curve}`};
    this.tile(defines, {...uniforms, u_channels: channels}, colour, [left, top, columns, rows], [left, top], 1);
  }

  // Draw display values (rows, columns, 4), each `stride` pixels across from [left, top] on, inside a box alone.
  paintCoarse(values, {columns, rows, stride}, place, {colour, channels}, box) {
    const {gl} = this;
    bindTexture(gl, VALUES_UNIT, null);
    if (this.coarse) gl.deleteTexture(this.coarse);
    gl.activeTexture(gl.TEXTURE0 + VALUES_UNIT);
    this.coarse = texture(gl, gl.RGBA16F, columns, rows, gl.LINEAR);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, columns, rows, gl.RGBA, gl.FLOAT, values);
    this.tile({}, {u_channels: channels}, colour, box, place, stride);
  }

  tile(defines, uniforms, colour, [left, top, width, height], place, stride) {
    const [, tall] = this.size;
    bindTexture(this.gl, PALETTE_UNIT, this.palette(colour.table));
    const where = {u_place: [...place, stride, tall], u_values: VALUES_UNIT, u_palette: PALETTE_UNIT};
    const program = this.programs.program("tile.frag", {...defines, ...colour.defines});
    this.programs.use(program, {...where, ...uniforms, ...colour.uniforms});
    drawBox(this.gl, this.front, left, tall - top - height, width, height);
    bindTexture(this.gl, VALUES_UNIT, null);
  }

  palette(name) {
    const {gl} = this;
    if (!this.palettes.has(name)) {
      const colours = TOLD.palettes[name] ? tableOf(TOLD.palettes[name]) : stopsTable(name);
      gl.activeTexture(gl.TEXTURE0 + PALETTE_UNIT);
      this.palettes.set(name, texture(gl, gl.RGB8, COLOURS, 1));
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, COLOURS, 1, gl.RGB, gl.UNSIGNED_BYTE, colours);
    }
    return this.palettes.get(name);
  }

  // Redraw the picture as it looks through an affine map, into a canvas of `size`.
  move(affine, size) {
    if (!this.back || this.back.width !== size[0] || this.back.height !== size[1]) {
      freeTarget(this.gl, this.back);
      this.back = this.made(size);
    }
    this.draw(this.back, size, affine, 0, 0);
    [this.front, this.back] = [this.back, this.front];
  }

  // Show the picture through an affine map on the page's canvas (target null), rounded or cut to 8 bits.
  show(size, affine, isRounded, target = null) {
    this.draw(target, size, affine, 255, isRounded ? 0.5 : 0);
  }

  draw(target, size, {turn: [a, b, c, d], shift}, levels, half) {
    bindTexture(this.gl, VALUES_UNIT, this.front.textures[0]);
    this.programs.use(this.programs.program("moved.frag"), {
      u_canvas: VALUES_UNIT, u_middle: size.map((side) => side / 2), u_turn: [a, c, b, d], u_shift: shift,
      u_levels: levels, u_half: half,
    });
    drawBox(this.gl, target, 0, 0, ...size);
    bindTexture(this.gl, VALUES_UNIT, null);
  }

  // The pixels as they are shown, Uint8Array (rows, columns, 4), row 0 on top.
  read(isRounded) {
    const {gl, size} = this, [width, height] = size, target = madeTarget(gl, gl.RGBA8, size);
    const made = new Uint8Array(4 * width * height), read = made.slice();
    this.show(size, STILL, isRounded, target);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, read);
    freeTarget(gl, target);
    for (let row = 0; row < height; row++) {
      made.set(read.subarray(4 * width * row, 4 * width * (row + 1)), 4 * width * (height - 1 - row));
    }
    return made;
  }
}

// Whether values are shown as they are.
function isPlainShading({zero, gain, bias, curve}, channels) {
  const isSame = (all, number) => all.slice(0, channels).every((each) => each === number);
  return curve === "identity" && isSame(zero, 0) && isSame(gain, 1) && isSame(bias, 0);
}
