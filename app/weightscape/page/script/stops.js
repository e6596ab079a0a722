// Colour stops, and the table that they make: twin of scene/stops.py, with what it takes of scene/colour_space.py.

const COLOURS = 256;
const STOP = /^#?([0-9a-fA-F]{6})(?:@([0-9.eE+-]+))?$/;

// Read stops: [{place, colour}]. Throws SceneError.
function stopsOf(text) {
  const {least, most} = NUMBERS.stops, words = text.split(/[\s,]+/).filter(Boolean);
  if (words.length < least || words.length > most) {
    const limits = `a scene holds ${least}..${most} stops such as #20407f@0.5`;
    throw new SceneError("stops", `${words.length} colours, and ${limits}`);
  }
  const found = words.map((word, n) => stopOf(word, n / (words.length - 1)));
  if (new Set(words.map((word) => word.includes("@"))).size > 1) {
    throw new SceneError("stops", "either all stops have a place, or none has");
  }
  found.slice(1).forEach((after, n) => {
    if (after.place < found[n].place) throw new SceneError("stops", `${after.text} stands before ${found[n].text}`);
  });
  return found;
}

function stopOf(word, evenly) {
  const match = STOP.exec(word), place = match?.[2] === undefined ? evenly : Number(match[2]);
  if (!match || !(place >= 0 && place <= 1)) {
    const told = repr(word.length < 40 ? word : `${word.slice(0, 36)} ...`);
    throw new SceneError("stops", `${told} is not a colour and its place in 0..1, such as #20407f@0.5`);
  }
  const digits = match[1].toLowerCase(), text = `#${digits}@${shortNumber(place, 6)}`;
  return {place, colour: [0, 2, 4].map((k) => parseInt(digits.slice(k, k + 2), 16)), text};
}

// The colour table of stops, straight in OKLab: Uint8Array of 256 colours.
function stopsTable(text) {
  const found = stopsOf(text), labs = found.map(({colour}) => oklabOf(colour)), made = new Uint8Array(3 * COLOURS);
  for (let k = 0; k < COLOURS; k++) {
    const at = k / (COLOURS - 1), beyond = found.findIndex(({place}) => place > at);
    const after = Math.min(Math.max(beyond < 0 ? found.length : beyond, 1), found.length - 1);
    const low = found[after - 1].place, span = found[after].place - low || 1;
    const part = Math.min(Math.max((at - low) / span, 0), 1);
    made.set(bytesOfOklab(labs[after - 1].map((value, n) => value * (1 - part) + labs[after][n] * part)), 3 * k);
  }
  return made;
}

function timesMatrix(matrix, values) {
  return matrix.map((row) => row[0] * values[0] + row[1] * values[1] + row[2] * values[2]);
}

function oklabOf(colour) {
  const {cones, lab} = NUMBERS.oklab, light = colour.map((byte) => {
    const shown = byte / 255;
    return shown <= 0.04045 ? shown / 12.92 : ((shown + 0.055) / 1.055) ** 2.4;
  });
  return timesMatrix(lab, timesMatrix(cones, light).map(Math.cbrt));
}

function bytesOfOklab(lab) {
  const {roots, light} = NUMBERS.oklab;
  return timesMatrix(light, timesMatrix(roots, lab).map((root) => root ** 3)).map((value) => {
    const shown = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.floor(255 * Math.min(Math.max(shown, 0), 1) + 0.5);
  });
}

// Whether a scene's palette ends as it begins.
function closes({stops, palette}) {
  if (!stops) return NUMBERS.cyclic.includes(palette);
  const found = stopsOf(stops);
  return String(found[0].colour) === String(found.at(-1).colour);
}

// How a scene's values become colours on the GPU, as lib/shade.glsl takes it: twin of scene/colour.py.
function colourOf(scene, channels) {
  const reading = channels === 1 ? "one" : scene.reading, {gamma, invert, cycle, time, palette, stops} = scene;
  const turns = cycle * time, turn = turns - Math.floor(turns), isPlain = gamma === 1 && !invert && turn === 0;
  const made = {table: stops || palette, defines: {}, uniforms: {}};
  if (isPlain && ["one", "rgb"].includes(reading)) return made;
  const third = NUMBERS.third[reading] ?? 0;
  made.defines = {READ: `read_${reading}`, THIRD: third.toFixed(1)};
  made.uniforms = {u_reading: [1 / gamma, invert ? 1 : 0, turn, closes(scene) ? 1 : 0]};
  return made;
}
