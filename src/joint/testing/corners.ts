/** Small images that fall into groups, for tests. */
import type { ImageSet } from "../../images/index.ts";
import { createRandom } from "../../random/index.ts";

/** Sides of the images. */
const SIDE = 6;

/** Seeded grey images of one bright spot each, in one of four corners; the labels tell which. */
export function corners(count: number, seed = 1, jitter = 1): ImageSet {
  const random = createRandom(seed).stream("corners");
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = Int32Array.from({ length: count }, () => random.integer(4));
  let next = 0;
  for (const label of labels) {
    const place = (far: boolean): number => (far ? SIDE - 2 : 1) + jitter * (random.float() - 0.5);
    const [row, column] = [place(label >= 2), place(label % 2 === 1)];
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        pixels[next++] = Math.round(255 * Math.exp(-((y - row) ** 2 + (x - column) ** 2) / 2));
      }
    }
  }
  return { count, height: SIDE, width: SIDE, channels: 1, pixels, labels, classNames: ["0", "1", "2", "3"] };
}
