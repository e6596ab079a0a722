// Decimal numbers of any length, as Python's Decimal has them: (-1)^negative * digits * 10^exponent.

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?\s*$/i;
// No number of a scene needs a larger exponent, which would fill the memory.
const LARGEST_EXPONENT = 10_000;

function decimal(digits, exponent, negative = false) {
  return {digits, exponent, negative};
}

// Read a number as people and programs write it; null for what is none.
function parsedDecimal(text) {
  const found = DECIMAL.exec(text);
  if (!found || !(found[2] || found[3])) return null;
  const [, sign, whole, fraction = "", power = "0"] = found;
  const exponent = Number(power) - fraction.length;
  return Math.abs(exponent) > LARGEST_EXPONENT ? null : decimal(BigInt(whole + fraction), exponent, sign === "-");
}

// A double, exactly.
function exactDecimal(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0), raised = Number(bits >> 52n);
  const mantissa = (bits & 0xfffffffffffffn) + (raised ? 1n << 52n : 0n), power = (raised || 1) - 1075;
  const negative = value < 0 || Object.is(value, -0);
  if (power >= 0) return decimal(mantissa << BigInt(power), 0, negative);
  return decimal(mantissa * 5n ** BigInt(-power), power, negative);
}

// Round to as many digits as Python keeps.
function inPrecision(a) {
  const over = a.digits.toString().length - NUMBERS.precision;
  return over > 0 ? inPrecision(quantized(a, a.exponent + over)) : a;
}

// The decimal exponent of the first digit.
function adjusted({digits, exponent}) {
  return digits.toString().length - 1 + exponent;
}

function signed({digits, negative}) {
  return negative ? -digits : digits;
}

function sum(a, b) {
  const exponent = Math.min(a.exponent, b.exponent);
  const [p, q] = [a, b].map((each) => signed(each) * 10n ** BigInt(each.exponent - exponent));
  const total = p + q;
  return decimal(total < 0n ? -total : total, exponent, total < 0n);
}

function negated({digits, exponent, negative}) {
  return decimal(digits, exponent, !negative);
}

// Round to a multiple of 10^exponent, halves to the even one.
function quantized(a, exponent) {
  if (a.exponent >= exponent) return decimal(a.digits * 10n ** BigInt(a.exponent - exponent), exponent, a.negative);
  const unit = 10n ** BigInt(exponent - a.exponent), rest = a.digits % unit;
  let digits = a.digits / unit;
  if (2n * rest > unit || (2n * rest === unit && digits % 2n)) digits += 1n;
  return decimal(digits, exponent, a.negative);
}

// Take zeros off the end.
function normalized(a) {
  if (!a.digits) return decimal(0n, 0, a.negative);
  const text = a.digits.toString(), zeros = text.length - text.replace(/0+$/, "").length;
  return decimal(a.digits / 10n ** BigInt(zeros), a.exponent + zeros, a.negative);
}

// Write it as Python does.
function decimalText(a) {
  const text = a.digits.toString(), sign = a.negative ? "-" : "", first = adjusted(a);
  if (a.exponent <= 0 && first >= -6) {
    const padded = text.padStart(1 - a.exponent, "0"), point = padded.length + a.exponent;
    return sign + padded.slice(0, point) + (a.exponent ? `.${padded.slice(point)}` : "");
  }
  const [lead, rest] = [text[0], text.slice(1)];
  return `${sign}${lead}${rest && "."}${rest}E${first < 0 ? "" : "+"}${first}`;
}

// The nearest double.
function toNumber(a) {
  return Number(`${a.negative ? "-" : ""}${a.digits}e${a.exponent}`);
}

// Round a double to so many places behind the point, halves to the even one, as Python's round().
function rounded(value, places) {
  return toNumber(quantized(exactDecimal(value), -places));
}

// Round a double to so many significant digits.
function significant(value, digits) {
  const exact = exactDecimal(value);
  return value ? toNumber(quantized(exact, adjusted(exact) - digits + 1)) : value;
}
