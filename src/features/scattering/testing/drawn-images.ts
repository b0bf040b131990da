import type { ImageSet } from "../../../images/index.ts";
import { createRandom } from "../../../random/index.ts";

/** Images of random bytes, of which about half are 0, as paper is. */
export function drawnImages(shape: Omit<ImageSet, "pixels">, seed = 1): ImageSet {
  const random = createRandom(seed).stream("images");
  const length = shape.count * shape.height * shape.width * shape.channels;
  const pixels = Uint8Array.from({ length }, () => Math.max(0, random.integer(512) - 256));
  return { ...shape, pixels };
}

/** Channel `c` of an image, with zeros around it, half of them on each end, as numbers in [0, 1]. */
export function paddedChannel(
  { height, width, channels, pixels }: ImageSet,
  image: number,
  c: number,
  rows: number,
  cols: number,
): Float64Array {
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((cols - width) / 2)];
  const padded = new Float64Array(rows * cols);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((image * height + y) * width + x) * channels + c;
      padded[(top + y) * cols + left + x] = (pixels[at] as number) / 255;
    }
  }
  return padded;
}
