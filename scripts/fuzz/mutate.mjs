// Seeded mutations of valid files: the same seed and number give the same input.

const telling = [0, 1, 0x7f, 0x80, 0xff];

/** @returns a function from the number of an input to { bytes, from }: a mutated copy of one of the files, and its name */
export function mutator(seed, files) {
  return (input) => {
    const next = generator(seed * 1_000_003 + input);
    const pick = (count) => Math.floor(next() * count);
    const { bytes: valid, name } = files[pick(files.length)];
    let bytes = Uint8Array.from(valid);
    const changes = 1 + pick(next() < 0.5 ? 2 : 16);
    for (let i = 0; i < changes && bytes.length > 0; i++) {
      // Headers decide most, so half of the changes hit the first 256 bytes or the last 64.
      const near = next();
      const most = near < 0.4 ? Math.min(256, bytes.length) : bytes.length;
      const at = near > 0.9 ? bytes.length - 1 - pick(Math.min(64, bytes.length)) : pick(most);
      const kind = pick(9);
      if (kind === 0) bytes[at] ^= 1 << pick(8);
      else if (kind === 1) bytes[at] = pick(256);
      else if (kind === 2) bytes[at] = telling[pick(telling.length)];
      else if (kind === 3) bytes.fill(telling[pick(telling.length)], at, at + 1 + pick(8));
      else if (kind === 4)
        bytes = bytes.slice(0, at); // cut off
      else if (kind === 5)
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + 1 + pick(16))); // left out
      else if (kind === 6)
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at, at + 32), bytes.subarray(at)); // doubled
      else if (kind === 7) {
        // a length that lies
        if (bytes.length >= 4) bytes.set(wholeNumber(next, pick), Math.min(at, bytes.length - 4));
      } else {
        const other = files[pick(files.length)].bytes; // the end of another file
        bytes = joined(bytes.subarray(0, at), other.subarray(Math.min(at, other.length)));
      }
    }
    return { bytes, from: name };
  };
}

function wholeNumber(next, pick) {
  const four = new DataView(new ArrayBuffer(4));
  four.setUint32(0, next() < 0.5 ? pick(70_000) : pick(2 ** 32), next() < 0.5);
  return new Uint8Array(four.buffer);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Numbers in [0, 1) by mulberry32. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
