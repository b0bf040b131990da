/** Small images, for tests. */
import type { ImageSet } from "../../../images/index.ts";
import type { LayerShape } from "../../../neural/index.ts";
import { createRandom } from "../../../random/index.ts";

/** Odd sides, grey. */
export const small: LayerShape = { height: 9, width: 7, channels: 1 };

export const colour: LayerShape = { height: 8, width: 8, channels: 3 };

/** Seeded images of one soft spot each, of random place, width and colour. */
export function spots(count: number, { height, width, channels }: LayerShape = small, seed = 1): ImageSet {
  const random = createRandom(seed).stream("spots");
  const pixels = new Uint8Array(count * height * width * channels);
  let next = 0;
  for (let i = 0; i < count; i++) {
    const [row, column] = [random.float() * height, random.float() * width];
    const spread = (0.15 + 0.2 * random.float()) * Math.min(height, width);
    const colour = Array.from({ length: channels }, () => 100 + random.integer(156));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const light = Math.exp(-((y - row) ** 2 + (x - column) ** 2) / (2 * spread * spread));
        for (const most of colour) pixels[next++] = Math.round(most * light);
      }
    }
  }
  return { count, height, width, channels, pixels };
}

/** Images whose pixels are given. */
export function imagesOf(pixels: ArrayLike<number>, { height, width, channels }: LayerShape): ImageSet {
  const count = pixels.length / (height * width * channels);
  return { count, height, width, channels, pixels: Uint8Array.from(pixels) };
}
