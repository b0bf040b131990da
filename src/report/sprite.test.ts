import fc from "fast-check";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { ImageSet } from "../images/index.ts";
import { drawSprite, pngAddress, shrinkImages } from "./sprite.ts";
import { noiseImages } from "./testing/records.ts";

/** Red, green, blue and opacity of a pixel of a PNG of any kind. */
function pixelAt(png: Uint8Array, x: number, y: number): readonly number[] {
  const { width, channels, data, palette } = decode(png);
  const at = (y * width + x) * channels;
  if (palette) return palette[data[at] as number] as number[];
  if (channels === 1) return [data[at] as number, data[at] as number, data[at] as number, 255];
  return Array.from(data.subarray(at, at + 4));
}

test("pixel (x, y) of image i stands at its place in the sprite", () => {
  const places = fc.record({
    count: fc.integer({ min: 1, max: 7 }),
    side: fc.integer({ min: 1, max: 5 }),
    columns: fc.integer({ min: 1, max: 9 }),
    gap: fc.integer({ min: 0, max: 2 }),
    scale: fc.integer({ min: 1, max: 3 }),
    channels: fc.constantFrom(1, 3, 4),
    draw: fc.nat(),
  });
  fc.assert(
    fc.property(places, ({ count, side, columns, gap, scale, channels, draw }) => {
      const images = noiseImages(count, side, channels);
      const { png } = drawSprite(images, { columns, gap, scale });
      const i = draw % count;
      const x = draw % side;
      const y = (draw * 7) % side;
      const wide = Math.min(columns, count);
      const from = ((i * side + y) * side + x) * channels;
      const value = Array.from(images.pixels.subarray(from, from + channels));
      const grey = value[0] as number;
      const expected = channels === 1 ? [grey, grey, grey, 255] : channels === 3 ? [...value, 255] : value;
      const left = ((i % wide) * (side + gap) + x) * scale;
      const top = (Math.floor(i / wide) * (side + gap) + y) * scale;
      for (const offset of [0, scale - 1])
        expect(pixelAt(png, left + offset, top + offset)).toEqual(expected);
    }),
  );
});

test("gaps and the places after the last image are transparent", () => {
  for (const channels of [1, 3]) {
    const { png, width, height } = drawSprite(noiseImages(3, 2, channels), { columns: 2 });
    expect([width, height]).toEqual([5, 5]);
    expect(pixelAt(png, 2, 0)[3]).toBe(0);
    expect(pixelAt(png, 0, 2)[3]).toBe(0);
    expect(pixelAt(png, 4, 4)[3]).toBe(0);
    expect(pixelAt(png, 1, 1)[3]).toBe(255);
  }
});

test("with all 256 greys in use, only the rarest is off, and by one step", () => {
  const pixels = Uint8Array.from({ length: 2 * 512 }, (_, i) =>
    i < 1023 ? (i % 255) + (i % 255 >= 100 ? 1 : 0) : 100,
  );
  const images: ImageSet = { count: 2, height: 16, width: 32, channels: 1, pixels };
  const { png } = drawSprite(images, { columns: 1 });
  for (let i = 0; i < 1024; i += 1) {
    const y = Math.floor(i / 32) + (i >= 512 ? 1 : 0);
    const grey = pixels[i] === 100 ? 99 : pixels[i];
    expect(pixelAt(png, i % 32, y)).toEqual([grey, grey, grey, 255]);
  }
});

test("a shrunk pixel is the mean of the pixels that it covers, at the edge of those there are", () => {
  const pixels = Uint8Array.of(0, 10, 100, 20, 30, 200, 7, 9, 50);
  const small = shrinkImages({ count: 1, height: 3, width: 3, channels: 1, pixels }, 2);
  expect([small.height, small.width, ...small.pixels]).toEqual([2, 2, 15, 150, 8, 50]);
});

test("the data address holds the bytes of the PNG", () => {
  const { png } = drawSprite(noiseImages(40, 16, 3), { columns: 8 });
  const address = pngAddress(png);
  const prefix = "data:image/png;base64,";
  expect(address.startsWith(prefix)).toBe(true);
  expect(Buffer.from(address.slice(prefix.length), "base64").equals(png)).toBe(true);
});
