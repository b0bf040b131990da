import type { Matrix } from "../matrix/index.ts";
import type { ImageSet } from "./image-set.ts";

/**
 * Vectors as an image set: of height 1, one channel, and one pixel for each number.
 *
 * The pixels are a picture only: 0 is a medium grey, and a number x has the brightness 127.5 + 127.5 x / (1 + |x|), so
 * that the same vector always looks the same, alone or among others.
 *
 * @param values kept, not copied
 */
export function imagesOfVectors(values: Matrix<Float32Array>): ImageSet {
  const pixels = new Uint8Array(values.data.length);
  for (let i = 0; i < pixels.length; i++) {
    const x = values.data[i] as number;
    pixels[i] = Math.round(127.5 + (127.5 * x) / (1 + Math.abs(x)));
  }
  return { count: values.rows, height: 1, width: values.cols, channels: 1, pixels, values };
}
