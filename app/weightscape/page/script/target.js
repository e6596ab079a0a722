// Textures to draw into and to read from: twin of gpu/target.py.

function texture(gl, format, width, height, filter = gl.NEAREST) {
  const made = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, way, filter);
  return made;
}

function floatTexture(gl, width, height) {
  return texture(gl, gl.RGBA32F, width, height);
}

// A framebuffer of `count` textures of one format: {framebuffer, textures, width, height}.
function madeTarget(gl, format, [width, height], count = 1, filter = gl.NEAREST) {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  const textures = Array.from({length: count}, (_, n) => {
    const made = texture(gl, format, width, height, filter);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + n, gl.TEXTURE_2D, made, 0);
    return made;
  });
  gl.drawBuffers(textures.map((_, n) => gl.COLOR_ATTACHMENT0 + n));
  return {framebuffer, textures, width, height};
}

function freeTarget(gl, target) {
  if (!target) return;
  target.textures.forEach((each) => gl.deleteTexture(each));
  gl.deleteFramebuffer(target.framebuffer);
}

function bindTexture(gl, unit, made) {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, made);
}

// Draw a triangle over a box of a target (null: the page's canvas), in the target's own pixels, y up.
function drawBox(gl, target, left, bottom, width, height) {
  gl.bindFramebuffer(gl.FRAMEBUFFER, target ? target.framebuffer : null);
  gl.viewport(left, bottom, width, height);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
}
