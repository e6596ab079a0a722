// The picture as a PNG file with its scene inside, as publish/caption.py and file/png.py write it.

const PNG_HEAD = 33; // bytes of the signature and of the first chunk

const CRC_TABLE = Uint32Array.from({length: 256}, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

// A chunk: length, kind and body, check.
function pngChunk(kind, body) {
  const bytes = new Uint8Array(12 + body.length), view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(kind), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

// The chunks that follow the head: display values are sRGB's, and the text tells the scene.
function sceneChunks(scene, width, height) {
  const about = `{"scene": ${sceneText(scene)}, "size": [${width}, ${height}], "samples": 1, "precision": "auto"}`;
  const text = new TextEncoder().encode(`weightscape\0\0\0\0\0${about}`);
  return [pngChunk("sRGB", new Uint8Array(1)), pngChunk("iTXt", text)];
}

/** A PNG of pixels: {width, height, data}, red, green, blue, alpha, from the top. */
async function pictureFile(scene, {width, height, data}) {
  const canvas = element("canvas", {width, height});
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces = [bytes.subarray(0, PNG_HEAD), ...sceneChunks(scene, width, height), bytes.subarray(PNG_HEAD)];
  return new Blob(pieces, {type: "image/png"});
}

// The name that a file is saved under.
function pictureName(scene) {
  const word = scene.weights ? baseName(scene.weights).replace(/\.\w+$/, "") : scene.seed;
  const sum = crc32(new TextEncoder().encode(sceneText(scene)));
  return `weightscape-${word}-${sum.toString(16).padStart(8, "0")}.png`;
}

// Hand a file to the browser's downloads.
function handOut(blob, name) {
  const address = URL.createObjectURL(blob), way = element("a", {href: address, download: name});
  way.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
