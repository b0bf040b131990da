import { createHash } from "node:crypto";
import { endianness } from "node:os";
import type { ImageSet } from "../../images/index.ts";

/**
 * Digest of shape, pixels and labels: SHA-256, in hexadecimal, over these bytes in this order.
 *
 * 1. ASCII text: `unlabeled images 1\n`, then `<count> <height> <width> <channels> <labels>\n` in decimal, where
 *    `<labels>` is 1 with labels and 0 without them.
 * 2. The pixels, count x height x width x channels bytes.
 * 3. With labels: count signed 32-bit integers, little-endian.
 *
 * Class names are not in it. Vectors have `unlabeled vectors 1\n` and `<count> <width> <labels>\n`, and in place of the
 * pixels their count x width numbers as 32-bit floats, little-endian.
 */
export function imageDigest(images: ImageSet): string {
  const { count, height, width, channels, pixels, labels, values } = images;
  const hash = createHash("sha256");
  if (values) {
    hash.update(`unlabeled vectors 1\n${count} ${width} ${labels ? 1 : 0}\n`, "ascii");
    for (const piece of littleEndian(values.data)) hash.update(piece);
  } else {
    hash.update(`unlabeled images 1\n${count} ${height} ${width} ${channels} ${labels ? 1 : 0}\n`, "ascii");
    hash.update(pixels);
  }
  if (labels) {
    const bytes = new DataView(new ArrayBuffer(4 * count));
    labels.forEach((label, i) => {
      bytes.setInt32(4 * i, label, true);
    });
    hash.update(bytes);
  }
  return hash.digest("hex");
}

/** Bytes that are turned at once, where they must be; and what a hash takes at once: less than 2 GiB. */
const PIECE = 1 << 24;

/** The bytes of float32 numbers, in pieces; views of the numbers themselves on all machines that most people have. */
function* littleEndian(numbers: Float32Array): Generator<Uint8Array, void, void> {
  for (let from = 0; from < numbers.length; from += PIECE) {
    const piece = numbers.subarray(from, from + PIECE);
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    yield endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
  }
}
