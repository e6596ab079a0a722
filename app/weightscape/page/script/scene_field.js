// The fields of a scene: what each may hold, and how a value becomes one. Twin of scene/scene_field.py.

// A scene that cannot be: `field` names the culprit, `reason` tells value and range.
class SceneError extends Error {
  constructor(field, reason) {
    super(`${field}: ${reason}`);
    [this.field, this.reason] = [field, reason];
  }
}

const CHECKS = {
  seed: seedOf,
  whole: numberOf,
  number: numberOf,
  choices: choiceOf,
  switch: switchOf,
  text: textOf,
  row: severalOf,
  "whole row": severalOf,
  center: centerOf,
  inputs: scenesInputs,
};

// Convert one field's value to its type, or say what is wrong with it.
function checked(field, value) {
  if (value === null && NUMBERS.optional.includes(field.name)) return null;
  return CHECKS[field.kind](field, value);
}

function seedOf(field, value) {
  const isWhole = typeof value === "bigint" || Number.isInteger(value) || /^\s*[+-]?\d+\s*$/.test(value);
  if (typeof value === "boolean" || !isWhole) {
    throw new SceneError(field.name, `${repr(value)} is not a whole number in 0..${field.high}`);
  }
  const seed = BigInt(value);
  if (seed < 0n || seed > BigInt(field.high)) {
    throw new SceneError(field.name, `${repr(value)} is not in 0..${field.high}`);
  }
  return seed;
}

function numberOf(field, value) {
  const isWhole = field.kind === "whole", range = rangeOf(field.low, field.high, isWhole);
  if (typeof value !== "number" || (isWhole && !Number.isInteger(value))) {
    const kind = isWhole ? "a whole number" : "a finite number";
    throw new SceneError(field.name, `${repr(value)} is not ${kind} in ${range}`);
  }
  if (!(field.low <= value && value <= field.high)) {
    throw new SceneError(field.name, `${repr(value).replace(/\.0$/, "")} is not in ${range}`);
  }
  return isWhole ? value + 0 : value; // no -0
}

function rangeOf(low, high, isWhole) {
  return isWhole ? `${low}..${high}` : `${general(low)}..${general(high)}`;
}

function choiceOf(field, given) {
  const isName = NUMBERS.named_functions.includes(field.name) && typeof given === "string";
  const value = (isName && knownAs(given)) || given;
  if (!field.choices.includes(value)) {
    throw new SceneError(field.name, `${repr(value)} is not one of ${field.choices.join(", ")}`);
  }
  return value;
}

function switchOf(field, value) {
  if (typeof value !== "boolean") throw new SceneError(field.name, `${repr(value)} is neither true nor false`);
  return value;
}

function textOf(field, value) {
  if (typeof value !== "string") throw new SceneError(field.name, `${repr(value)} is not ${field.text}`);
  return value;
}

// Take numbers, or text with commas between them.
function severalOf(field, value) {
  const parts = typeof value === "string" ? value.split(",").filter((part) => part.trim()) : value;
  if (!Array.isArray(parts) || parts.length > NUMBERS.max_components) {
    throw new SceneError(field.name, `${repr(value)} is not a list of numbers`);
  }
  const count = field.default.length, isWhole = field.kind === "whole row", [low, high] = field.row;
  if (count && parts.length !== count) throw new SceneError(field.name, `${repr(value)} is not ${count} numbers`);
  const numbers = parts.map((part) => (typeof part === "string" && part.trim() ? Number(part) : part));
  const isNumber = (each) => typeof each === "number" && !Number.isNaN(each) && (!isWhole || Number.isInteger(each));
  if (!numbers.every(isNumber)) {
    throw new SceneError(field.name, `${repr(value)} is not a list of ${isWhole ? "whole " : ""}numbers`);
  }
  const wrong = numbers.find((each) => !(low <= each && each <= high));
  if (wrong !== undefined) {
    throw new SceneError(field.name, `${isWhole ? wrong : floatText(wrong)} is not in ${rangeOf(low, high, isWhole)}`);
  }
  return Object.freeze(numbers);
}

// Two decimal numbers of any length.
function centerOf(field, value) {
  const parts = Array.isArray(value) && value.length === 2 ? value : [];
  const found = parts.map((each) => (["number", "string"].includes(typeof each) ? parsedDecimal(String(each)) : null));
  const most = exactDecimal(NUMBERS.max_radius), isBeyond = (each) => sum(most, {...each, negative: true}).negative;
  const told = Array.isArray(value) ? value.map(String).join(",") : value;
  if (found.length !== 2 || found.includes(null)) {
    throw new SceneError(field.name, `${repr(told)} is not two numbers, such as 0.1,-0.2`);
  }
  if (found.some(isBeyond)) {
    throw new SceneError(field.name, `${repr(told)} is not within +-${general(NUMBERS.max_radius)}`);
  }
  return Object.freeze(found.map((each) => decimalText(inPrecision(each))));
}

// A list of names and numbers.
function scenesInputs(field, value) {
  const parts = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(parts) || !parts.length || parts.length > NUMBERS.max_inputs) {
    const names = NUMBERS.named_inputs.join(", ");
    throw new SceneError(field.name, `${repr(value)} is not a list of 1..${NUMBERS.max_inputs} of ${names} or numbers`);
  }
  return Object.freeze(parts.map((part) => scenesInput(field, String(part).trim())));
}

function scenesInput(field, part) {
  if (NUMBERS.named_inputs.includes(part)) return part;
  const number = Number(part);
  if (!parsedDecimal(part)) {
    throw new SceneError(field.name, `${repr(part)} is neither a number nor one of ${NUMBERS.named_inputs.join(", ")}`);
  }
  if (Math.abs(number) > NUMBERS.max_constant) {
    throw new SceneError(field.name, `${repr(part)} is not within +-${general(NUMBERS.max_constant)}`);
  }
  return floatText(number);
}
