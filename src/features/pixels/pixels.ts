import { type ImageSet, imageLength } from "../../images/index.ts";
import type { ByteMatrix } from "../../matrix/index.ts";

/**
 * Pixels as features: one row per image, each pixel in [0, 1]. A view of the images' bytes, not a copy.
 */
export function pixels(images: ImageSet): ByteMatrix {
  return { rows: images.count, cols: imageLength(images), data: images.pixels, unit: 1 / 255 };
}
