// What Python told (page/told.py): the scene, its fields, numbers and words that are written there alone.

const TOLD = PLACE.told();
const NUMBERS = TOLD.numbers;

// Bytes of base 64.
function bytesOf(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
