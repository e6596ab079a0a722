// The one source of randomness: Philox4x32-10, twin of network/philox.py.

// The upper 32 bits of a product of two 32-bit words.
function upper(a, b) {
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}
