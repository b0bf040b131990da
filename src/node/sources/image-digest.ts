import { createHash } from "node:crypto";
import type { ImageSet } from "../../images/index.ts";

/**
 * Digest of shape, pixels, labels and values: SHA-256, in hexadecimal, over these bytes in this order.
 *
 * 1. ASCII text: `unlabeled images 1\n`, then `<count> <height> <width> <channels> <labels>\n` in decimal, where
 *    `<labels>` is 1 with labels and 0 without them.
 * 2. The pixels, count x height x width x channels bytes.
 * 3. With labels: count signed 32-bit integers, little-endian.
 * 4. Of vectors, whose pixels are but a picture and left out: their numbers, count x width 32-bit floats, little-endian.
 *
 * Class names and names of images are not in it.
 */
export function imageDigest(images: ImageSet): string {
  const { count, height, width, channels, pixels, labels } = images;
  const hash = createHash("sha256");
  hash.update(`unlabeled images 1\n${count} ${height} ${width} ${channels} ${labels ? 1 : 0}\n`, "ascii");
  if (!images.values) hash.update(pixels);
  if (labels) {
    const bytes = new DataView(new ArrayBuffer(4 * count));
    labels.forEach((label, i) => {
      bytes.setInt32(4 * i, label, true);
    });
    hash.update(bytes);
  }
  if (images.values) {
    // Every system that Node runs on keeps floats with the least byte first.
    const { buffer, byteOffset, byteLength } = images.values.data;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}
