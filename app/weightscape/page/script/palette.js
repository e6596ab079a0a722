// Colour tables from short text: a letter or three numbers tell how a step differs from the step before.

// Read a colour table: Uint8Array of 256 colours. Twin of page/bend.py.
function tableOf(text) {
  const made = new Uint8Array(3 * COLOURS), colour = [0, 0, 0], step = [0, 0, 0];
  text.match(/[A-[]|[-,\d]+;/g).forEach((word, n) => {
    const bend = word.length === 1 ? letterBend(word) : word.slice(0, -1).split(",").map(Number);
    bend.forEach((part, k) => {
      made[3 * n + k] = colour[k] += step[k] += part;
    });
  });
  return made;
}

function letterBend(letter) {
  const number = letter.charCodeAt(0) - "A".charCodeAt(0);
  return [Math.floor(number / 9) - 1, Math.floor(number / 3) % 3 - 1, number % 3 - 1];
}
