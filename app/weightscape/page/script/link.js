// A scene as a link, a few characters after a "#": twin of scene/link.py.

const {before: BEFORE, version: LINK_VERSION, alphabet: ALPHABET, check: CHECK, length: LENGTH} = NUMBERS.link;
const HEAD = LINK_VERSION.length + LENGTH, PRIME = BigInt(NUMBERS.link.prime);

// Write a scene as a link. Throws SceneError for weights of the user's own, and for what is too long.
function link(scene) {
  for (const name of filesOf(scene)) {
    const base = name.replaceAll("\\", "/").split("/").at(-1);
    throw new SceneError("link", `it cannot hold ${repr(base)}, a file of yours: send a picture and that file`);
  }
  if (/\p{Surrogate}/u.test(scene.beside)) throw new SceneError("link", "it cannot hold what is not Unicode text");
  const writer = new LinkWriter(), standard = checkedScene();
  const usual = checkedScene({rule: scene.rule, to_seed: scene.to_seed});
  for (const field of FIELDS) {
    const other = NUMBERS.link.leading.includes(field.name) ? standard : usual;
    const differs = fieldText(field, scene[field.name]) !== fieldText(field, other[field.name]);
    writer.put(differs ? 1n : 0n, 2n);
    if (differs) LINKED[field.kind][0](writer, scene[field.name], field);
  }
  return BEFORE + fragmentOf(writer.total());
}

function fragmentOf(total) {
  const payload = spelled(total), count = HEAD + CHECK + payload.length, {longest} = NUMBERS.link;
  if (count > longest) {
    const limit = `${longest.toLocaleString("en")} characters, the limit`;
    throw new SceneError("link", `it would be over ${limit}: a picture made here holds the scene`);
  }
  const text = LINK_VERSION + spelled(BigInt(count), LENGTH) + payload;
  return text + spelled(numberIn(text) % PRIME, CHECK);
}

// Read the scene of a link. Throws SceneError, which says whether it is cut, broken, or of a newer program.
function fromLink(text) {
  const fragment = unwrapped(text).replace(/^[^#]*#?/, "");
  checkFragment(fragment);
  if (fragment[0] !== LINK_VERSION) {
    throw newer(`: it is of version ${fragment[0]}, this one reads ${LINK_VERSION}`);
  }
  const reader = new LinkReader(numberIn(fragment.slice(HEAD, -CHECK)));
  const scene = linkedScene(reader);
  if (reader.rest) throw newer(": it tells more than this one knows of");
  return scene;
}

function newer(why) {
  return new SceneError("link", `a newer program made it${why}`);
}

function linkedScene(reader) {
  try {
    const read = (field) => (reader.take(2n) ? [[field.name, LINKED[field.kind][1](reader, field)]] : []);
    const values = FIELDS.flatMap(read);
    const scene = checkedScene(Object.fromEntries(values));
    for (const name of filesOf(scene)) throw new SceneError("weights", `${repr(name)} did not come with this program`);
    return scene;
  } catch (error) {
    if (!(error instanceof SceneError || error instanceof CodeError)) throw error;
    throw newer(` (${short(error.message)})`);
  }
}

// Take off a text what it is wrapped in, and out of a link the breaks of lines.
function unwrapped(text) {
  const wrapping = new RegExp(`^[${NUMBERS.link.wrapping}]+|[${NUMBERS.link.wrapping}]+$`, "gu");
  return text.replace(wrapping, "").replace(/\s+/g, "").replace(/[.,;!?)\]]+$/, "");
}

// Refuse what is not whole. The first three and the last four characters mean the same in every version.
function checkFragment(fragment) {
  const strange = [...fragment].find((char) => !ALPHABET.includes(char)), there = fragment.length;
  const refuse = (reason) => { throw new SceneError("link", `it is ${reason}`); };
  if (strange) refuse(`broken: ${repr(strange)} is no character of a link`);
  if (there < HEAD) refuse(`cut: ${there} characters are left after the #`);
  const count = Number(numberIn(fragment.slice(LINK_VERSION.length, HEAD)));
  if (there < count) refuse(`cut: ${there} of its ${count} characters are there`);
  if (there > count || count < HEAD + CHECK) refuse(`broken: it has ${there} characters and says ${count}`);
  const isWhole = numberIn(fragment.slice(0, -CHECK)) % PRIME === numberIn(fragment.slice(-CHECK));
  if (!isWhole) refuse("broken: its last four characters do not fit the others");
}

const times = (count, read) => Array.from({length: count}, read);
const doubleOf = (value) => normalized(parsedDecimal(floatText(value)));
const wholeOf = (reader) => Number(reader.small(MANY));

// Of each kind of field: how its value is written, and how it is read.
const LINKED = {
  seed: [(writer, value) => writer.whole(value), (reader) => reader.whole()[0]],
  whole: [(writer, value) => writer.small(value, MANY), wholeOf],
  number: [(writer, value) => writer.number(doubleOf(value)), (reader) => toNumber(reader.number())],
  choices: [(writer, value, {choices}) => writer.small(choices.indexOf(value), FEW), readChoice],
  // That it differs has said all.
  switch: [() => {}, (reader, field) => !field.default],
  text: [(writer, value) => writer.text(value), (reader) => reader.text(NUMBERS.link.longest)],
  row: [writeRow, (reader, field) => times(rowCount(reader, field), () => toNumber(reader.number()))],
  "whole row": [
    (writer, value) => value.forEach((each) => writer.small(each, MANY)),
    (reader, field) => times(field.default.length, () => wholeOf(reader)),
  ],
  center: [
    (writer, value) => value.forEach((each) => writer.number(parsedDecimal(each))),
    (reader) => times(2, () => decimalText(reader.number())),
  ],
  inputs: [writeInputs, (reader) => times(reader.count(NUMBERS.max_inputs), () => readInput(reader))],
};

function readChoice(reader, {name, choices}) {
  const index = Number(reader.small(FEW));
  if (index >= choices.length) throw new CodeError(`its ${name} is none of those that there are`);
  return choices[index];
}

function writeRow(writer, value, field) {
  if (!field.default.length) writer.small(value.length, FEW);
  for (const each of value) writer.number(doubleOf(each));
}

function rowCount(reader, field) {
  return field.default.length || reader.count(NUMBERS.max_components);
}

function writeInputs(writer, value) {
  writer.small(value.length, FEW);
  for (const each of value) {
    const index = NUMBERS.named_inputs.indexOf(each);
    writer.small(index < 0 ? NUMBERS.named_inputs.length : index, INPUT);
    if (index < 0) writer.number(normalized(parsedDecimal(each)));
  }
}

function readInput(reader) {
  const kind = Number(reader.small(INPUT)), names = NUMBERS.named_inputs;
  if (kind > names.length) throw new CodeError("one of its inputs is none of those that there are");
  return names[kind] ?? floatText(toNumber(reader.number()));
}

// The weights that a scene names and that did not come with the program, those of its right half last.
function filesOf(scene) {
  let right = null;
  try {
    right = JSON.parse(scene.beside || "{}");
  } catch { /* what is no JSON names nothing */ }
  const names = [scene.weights, right !== null && typeof right === "object" ? right.weights : ""];
  return names.filter((name) => typeof name === "string" && name && !NUMBERS.shipped_weights.includes(name));
}

// Leave out the middle of what would fill more than a line or two.
function short(text) {
  return text.length < 160 ? text : `${text.slice(0, 100)} ... ${text.slice(-50)}`;
}

// Spell a number in base 64, the highest digit first, with at least so many.
function spelled(number, least = 0) {
  let digits = "";
  for (let rest = number; rest; rest /= 64n) digits = ALPHABET[Number(rest % 64n)] + digits;
  return digits.padStart(least, ALPHABET[0]);
}

function numberIn(text) {
  return [...text].reduce((number, char) => number * 64n + BigInt(ALPHABET.indexOf(char)), 0n);
}
