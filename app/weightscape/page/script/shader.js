// Shaders: texts with defines where gpu/source.py puts them, and programs that are compiled once.

const PRECISION = ["precision highp float;", "precision highp int;", "precision highp sampler2D;"];

// A shader that this browser's driver refuses; the message is one sentence.
class ShaderError extends Error {}

function shaderText(name, defines) {
  const [version, exact, ...body] = TOLD.shaders[name].split("\n");
  const shape = Object.entries(defines).map(([key, value]) => `#define ${key} ${value}`);
  return [version, exact, ...PRECISION, ...shape, ...body].join("\n");
}

// Compiled programs, by a shader's file and its defines; drivers that can compile beside all else.
class Programs {
  constructor(gl) {
    this.gl = gl;
    this.beside = gl.getExtension("KHR_parallel_shader_compile");
    this.made = new Map();
    this.triangle = gl.createVertexArray();
  }

  // A program, begun if it is not there yet: {name, program, uniforms, isWarm}; `uniforms` is null until isReady.
  program(name, defines = {}) {
    const key = JSON.stringify([name, defines]);
    if (!this.made.has(key)) this.made.set(key, this.begun(name, defines));
    return this.made.get(key);
  }

  begun(name, defines) {
    const {gl} = this, program = gl.createProgram();
    const stages = [[gl.VERTEX_SHADER, "screen.vert"], [gl.FRAGMENT_SHADER, name]].map(([kind, file]) => {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, shaderText(file, kind === gl.FRAGMENT_SHADER ? defines : {}));
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      return shader;
    });
    gl.linkProgram(program);
    return {name, program, stages, uniforms: null, isWarm: false};
  }

  // Whether a program can be drawn with. Throws ShaderError where the driver refuses it.
  isReady(entry) {
    const {gl, beside} = this;
    if (entry.uniforms) return true;
    if (gl.isContextLost()) return false;
    if (beside && !gl.getProgramParameter(entry.program, beside.COMPLETION_STATUS_KHR)) return false;
    this.link(entry);
    return entry.uniforms !== null;
  }

  // Wait for a program.
  link(entry) {
    const {gl} = this;
    if (entry.uniforms || gl.isContextLost()) return;
    const isLinked = gl.getProgramParameter(entry.program, gl.LINK_STATUS);
    if (!isLinked && !gl.isContextLost()) throw new ShaderError(this.complaint(entry));
    entry.stages.forEach((shader) => gl.deleteShader(shader));
    entry.uniforms = this.declared(entry.program);
  }

  complaint({name, program, stages}) {
    const logs = [...stages.map((shader) => this.gl.getShaderInfoLog(shader)), this.gl.getProgramInfoLog(program)];
    const first = logs.map((log) => log?.replaceAll("\0", "").trim().split("\n")[0]).find((log) => log);
    const said = first ?? "it does not say why";
    return `this browser's graphics driver refuses the shader ${name}: ${said}`;
  }

  declared(program) {
    const {gl} = this, count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0, found = new Map();
    for (let n = 0; n < count; n++) {
      const {name, type} = gl.getActiveUniform(program, n);
      found.set(name.replace("[0]", ""), {place: gl.getUniformLocation(program, name), type});
    }
    return found;
  }

  // Use a program with these uniforms, all that it has; more than it has are left out, as drivers do.
  use(entry, values) {
    const {gl} = this;
    this.link(entry);
    gl.useProgram(entry.program);
    gl.bindVertexArray(this.triangle);
    for (const [name, {place, type}] of entry.uniforms ?? []) {
      if (values[name] === undefined) throw new Error(`nothing sets ${name} of ${entry.name}`);
      setUniform(gl, type, place, values[name]);
    }
  }
}

function setUniform(gl, type, place, value) {
  switch (type) {
    case gl.FLOAT: return gl.uniform1f(place, value);
    case gl.FLOAT_VEC2: return gl.uniform2fv(place, value);
    case gl.FLOAT_VEC3: return gl.uniform3fv(place, value);
    case gl.FLOAT_VEC4: return gl.uniform4fv(place, value);
    case gl.FLOAT_MAT2: return gl.uniformMatrix2fv(place, false, value);
    case gl.SAMPLER_2D: return gl.uniform1iv(place, [value].flat());
    default: return gl.uniform1i(place, value);
  }
}
