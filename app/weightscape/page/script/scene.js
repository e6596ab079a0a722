// The scene: one frozen object that determines the picture, and its text form. Twin of scene/scene.py.

const FIELDS = TOLD.fields;
const BY_FIELD = Object.fromEntries(FIELDS.map((field) => [field.name, field]));
const LENSES = TOLD.lenses;
// What a text is silent about where it is as by default: a lens's own fields, and what lies over a picture.
const OVER = ["points", "axes", "contour"];
const COLOURING = ["reading", "stops", "gamma", "invert", "cycle"];
const LENS_FIELDS = new Set([...OVER, ...COLOURING, ...Object.values(LENSES).flatMap(({fields}) => fields)]);
// What other fields tell where they are left out.
const LED = ["scale", "bias_scale", "part"];

// Make a scene of named values; what is left out is as in the default scene. Throws SceneError.
function checkedScene(values = {}) {
  const given = withDefaults(values), scene = {};
  for (const field of FIELDS) scene[field.name] = checked(field, given[field.name]);
  for (const [name, spelling] of Object.entries(SPELLINGS)) scene[name] = spelling(scene[name]);
  checkTogether(scene);
  return Object.freeze(scene);
}

function withDefaults(values) {
  const given = {};
  for (const {name, default: usual} of FIELDS) {
    const without = LED.includes(name) ? null : usual;
    given[name] = values[name] === undefined ? without : values[name];
  }
  const isFixed = given.rule === "fixed";
  given.scale ??= isFixed ? BY_FIELD.scale.default : 1;
  if (!isFixed) given.bias_scale ??= NUMBERS.default_bias_scale;
  if (given.to_seed !== null) given.part ??= 0;
  return given;
}

// Refuse what no two fields can be together.
function checkTogether(scene) {
  if (scene.stops) stopsOf(scene.stops);
  if (scene.rule === "fixed" && scene.bias_scale !== null) {
    throw new SceneError("bias_scale", "belongs to the rules lecun, glorot, he and orthogonal, not to fixed");
  }
  if (scene.part !== null && scene.to_seed === null) {
    throw new SceneError("part", "belongs to a morph, which needs a seed to go to (to_seed)");
  }
  if (mixedIn(scene.mix).has(scene.seed)) {
    throw new SceneError("mix", `${scene.seed} is the network's own seed: its part is what the others leave`);
  }
  const {origin, u, v} = scene, count = distinctWeights(scene), tell = (number) => number.toLocaleString("en");
  if (origin.length !== u.length || u.length !== v.length) {
    throw new SceneError("origin", `${origin.length} numbers, but u has ${u.length} and v ${v.length}`);
  }
  if (!scene.weights && count > NUMBERS.max_weights) {
    const what = `${scene.layers} independent layers of ${scene.width} units are ${tell(count)} weights`;
    throw new SceneError("width", `${what}, the limit is ${tell(NUMBERS.max_weights)}`);
  }
}

// Count the weights a scene's recipe stores; a tied network stores one hidden matrix.
function distinctWeights({inputs, width, outputs, layers, tied}) {
  const hidden = layers - 1;
  if (!hidden) return inputs.length * outputs;
  return inputs.length * width + width * width * (tied ? Math.min(hidden - 1, 1) : hidden - 1) + width * outputs;
}

// The same scene with some fields changed. Throws SceneError.
function replaced(scene, changes) {
  return checkedScene({...scene, ...changes});
}

// Replace fields; a new rule brings its own default scales, a new palette its own colours, unless given, too.
function overridden(scene, changes) {
  if ("palette" in changes) changes = {stops: "", ...changes};
  const isNew = "rule" in changes && changes.rule !== scene.rule;
  return replaced(scene, isNew ? {scale: null, bias_scale: null, ...changes} : changes);
}

// Write the scene as one line of flat JSON, complete.
function sceneText(scene) {
  const own = LENSES[scene.lens].fields, parts = [`"version": ${NUMBERS.version}`];
  for (const field of FIELDS) {
    const value = scene[field.name];
    const isSilent = LENS_FIELDS.has(field.name) && !own.includes(field.name) && isSame(value, field.default);
    if (value === null || value === "" || value.length === 0 || isSilent) continue;
    parts.push(`${JSON.stringify(field.name)}: ${fieldText(field, value)}`);
  }
  return `{${parts.join(", ")}}`;
}

function isSame(value, other) {
  return JSON.stringify(value) === JSON.stringify(other);
}

function fieldText({kind}, value) {
  if (value === null) return "null";
  if (kind === "seed") return value > BigInt(NUMBERS.exact_integer) ? `"${value}"` : String(value);
  if (kind === "number") return floatText(value);
  if (kind === "row") return `[${value.map(floatText).join(", ")}]`;
  return Array.isArray(value) ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]` : JSON.stringify(value);
}

// Read a scene from its text form. Throws SceneError for anything but flat JSON with known fields in range.
function fromText(text) {
  let values;
  const count = [...text].length;
  if (count > NUMBERS.max_text) throw new SceneError("scene", `${count} characters, the limit is ${NUMBERS.max_text}`);
  try {
    values = JSON.parse(text);
  } catch {
    throw new SceneError("scene", "not JSON");
  }
  if (values === null || typeof values !== "object" || Array.isArray(values)) {
    throw new SceneError("scene", "not a JSON object");
  }
  return fromMapping(values);
}

// Make a scene of named values as they stand in JSON. Throws SceneError.
function fromMapping(values) {
  const {version = NUMBERS.version, ...others} = values;
  delete others[NUMBERS.fingerprints];
  if (version !== NUMBERS.version) {
    throw new SceneError("version", `${repr(version)} is not ${NUMBERS.version}, the only one this program reads`);
  }
  const unknown = Object.keys(others).filter((name) => !(Object.hasOwn(BY_FIELD, name))).sort();
  if (unknown.length) throw new SceneError(unknown[0], "this program knows no such field; a newer one may");
  return checkedScene(others);
}
