// Whole numbers one after the other in a single one: twin of scene/link_code.py. All numbers are BigInts.

const {few: FEW, some: SOME, many: MANY, letter: LETTER, input: INPUT} =
  Object.fromEntries(Object.entries(NUMBERS.link.bases).map(([name, base]) => [name, BigInt(base)]));

// A code that no writer of this version has written.
class CodeError extends Error {}

// Collect digits, the first one to be read first.
class LinkWriter {
  #digits = [];

  put(value, base) {
    this.#digits.push([BigInt(value), base]);
  }

  // A number from 0 on; one above base-2 is marked by base-1, and its rest follows to the base's square.
  small(value, base) {
    const rest = BigInt(value) - (base - 1n);
    this.put(rest < 0n ? value : base - 1n, base);
    if (rest >= 0n) this.small(rest, base * base);
  }

  // A number of any size: how many decimal digits, then those.
  whole(value) {
    const count = String(value).length;
    this.small(count - 1, SOME);
    this.put(value, 10n ** BigInt(count));
  }

  // A decimal number with its very digits: 0.DIGITS times 10 to a power.
  number(value) {
    const power = adjusted(value) + 1;
    this.whole(value.digits);
    this.put(value.negative ? 1n : 0n, 2n);
    this.small(power >= 0 ? 2 * power : -2 * power - 1, FEW);
  }

  text(value) {
    const chars = [...value];
    this.small(chars.length, SOME);
    for (const char of chars) this.small(char.codePointAt(0), LETTER);
  }

  total() {
    return this.#digits.reduceRight((total, [value, base]) => total * base + value, 0n);
  }
}

// Take digits in the order in which they were written; after the last one all are 0.
class LinkReader {
  constructor(total) {
    this.rest = total;
  }

  take(base) {
    const value = this.rest % base;
    this.rest /= base;
    return value;
  }

  small(base) {
    const value = this.take(base);
    return value < base - 1n ? value : value + this.small(base * base);
  }

  // How many there are. Throws CodeError above `most`.
  count(most, base = FEW) {
    return Number(atMost(most, this.small(base)));
  }

  whole() {
    const count = 1n + atMost(NUMBERS.link.most_digits, this.small(SOME));
    return [this.take(10n ** count), Number(count)];
  }

  number() {
    const [value, count] = this.whole(), negative = this.take(2n) === 1n;
    const power = this.count(NUMBERS.link.most_exponent);
    return decimal(value, (power % 2 ? -(power + 1) / 2 : power / 2) - count, negative);
  }

  text(most) {
    const codes = Array.from({length: this.count(most, SOME)}, () => Number(atMost(0x10ffff, this.small(LETTER))));
    if (codes.some((code) => code >= 0xd800 && code < 0xe000)) throw new CodeError("what is not Unicode text");
    return codes.map((code) => String.fromCodePoint(code)).join("");
  }
}

function atMost(most, value) {
  if (value > BigInt(most)) throw new CodeError(`more than ${most}`);
  return value;
}
