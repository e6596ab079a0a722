// Values written as Python writes them: in a scene's JSON, and in what is wrong with one.

// A double as repr() has it: the shortest digits that round to it, with a point.
function floatText(value) {
  const text = Object.is(value, -0) ? "-0" : String(value);
  const [, sign, digits, power] = /^(-?)([\d.]+)(?:e([+-]\d+))?$/.exec(text);
  const shortest = digits.replace(".", "").replace(/^0+/, "").replace(/0+$/, "") || "0";
  if (shortest === "0") return `${sign}0.0`;
  const first = Number(power ?? 0) + firstPlace(digits);
  if (first >= -4 && first < 16) {
    if (first < 0) return `${sign}0.${"0".repeat(-first - 1)}${shortest}`;
    const padded = shortest.padEnd(first + 1, "0");
    return `${sign}${padded.slice(0, first + 1)}.${padded.slice(first + 1) || "0"}`;
  }
  const [lead, rest] = [shortest[0], shortest.slice(1)];
  return `${sign}${lead}${rest && "."}${rest}e${first < 0 ? "-" : "+"}${String(Math.abs(first)).padStart(2, "0")}`;
}

// The decimal exponent of the first digit that is not 0.
function firstPlace(digits) {
  const [whole, fraction = ""] = digits.split(".");
  return Number(whole) ? whole.length - 1 : -1 - fraction.search(/[1-9]/);
}

// A value as repr() has it, whole numbers without a point.
function repr(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : floatText(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value === "string") return quoted(value);
  return `{${Object.entries(value).map(([name, each]) => `${repr(name)}: ${repr(each)}`).join(", ")}}`;
}

function quoted(value) {
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  const inner = value.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
  const printable = inner.replace(/(?! )[\p{C}\p{Z}]/gu, escaped);
  return mark + (mark === "'" ? printable.replace(/'/g, "\\'") : printable) + mark;
}

// A character that cannot be printed, by its number in Unicode.
function escaped(char) {
  const code = char.codePointAt(0), [letter, count] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).padStart(count, "0")}`;
}

// A number as "{:g}" has it: six digits.
function general(value) {
  if (!value) return "0";
  const short = significant(value, 6), first = adjusted(exactDecimal(short));
  if (first >= -4 && first < 6) return String(short);
  return short.toExponential().replace(/e([+-])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`);
}
