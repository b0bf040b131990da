import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import type { ImageSet } from "./image-set.ts";
import { defaultSize, resizeImages } from "./resize.ts";

function images(height: number, width: number, channels: number, pixels: ArrayLike<number>): ImageSet {
  const bytes = Uint8Array.from(pixels);
  return { count: bytes.length / (height * width * channels), height, width, channels, pixels: bytes };
}

const anyImages = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom(1, 3, 4),
    fc.integer({ min: 1, max: 2 }),
  )
  .chain(([height, width, channels, count]) =>
    fc
      .uint8Array({
        minLength: count * height * width * channels,
        maxLength: count * height * width * channels,
      })
      .map((pixels) => images(height, width, channels, pixels)),
  );
const anySize = fc.integer({ min: 1, max: 12 });

/** The same by real numbers, straight from the definition: area of overlap, or distance between centers. */
function resizedByDefinition(set: ImageSet, size: number): number[] {
  const longer = Math.max(set.height, set.width);
  const sides = [set.height, set.width].map((side) => Math.max(1, Math.round((side * size) / longer)));
  const [height = 1, width = 1] = sides;
  const weight = (from: number, to: number, o: number, i: number): number => {
    if (to <= from) {
      const overlap = Math.min(i + 1, ((o + 1) * from) / to) - Math.max(i, (o * from) / to);
      return (Math.max(0, overlap) * to) / from;
    }
    const center = Math.min(Math.max(((o + 0.5) * from) / to - 0.5, 0), from - 1);
    return Math.max(0, 1 - Math.abs(center - i));
  };
  const result = new Array<number>(set.count * size * size * set.channels).fill(0);
  const top = Math.floor((size - height) / 2);
  const left = Math.floor((size - width) / 2);
  for (let n = 0; n < set.count; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < set.channels; c++) {
          let sum = 0;
          for (let i = 0; i < set.height; i++)
            for (let j = 0; j < set.width; j++)
              sum +=
                weight(set.height, height, y, i) *
                weight(set.width, width, x, j) *
                (set.pixels[((n * set.height + i) * set.width + j) * set.channels + c] as number);
          result[((n * size + top + y) * size + left + x) * set.channels + c] = sum;
        }
  return result;
}

describe("resizeImages", () => {
  test("shrinks by averaging areas, halves rounded up", () => {
    // Each output covers 1.5 pixels: (2 a + b) / 3 and (b + 2 c) / 3.
    expect(resizeImages(images(3, 3, 1, [0, 30, 60, 0, 30, 60, 0, 30, 60]), 2).pixels).toEqual(
      Uint8Array.of(10, 50, 10, 50),
    );
    expect(resizeImages(images(2, 2, 1, [0, 1, 1, 0]), 1).pixels).toEqual(Uint8Array.of(1));
    expect(resizeImages(images(2, 2, 1, [0, 1, 0, 0]), 1).pixels).toEqual(Uint8Array.of(0));
  });

  test("enlarges by straight lines between pixel centers", () => {
    // Centers of the 4 outputs lie at -0.25, 0.25, 0.75 and 1.25 of the 2 inputs.
    expect(resizeImages(images(2, 2, 1, [0, 100, 0, 100]), 4).pixels.subarray(0, 4)).toEqual(
      Uint8Array.of(0, 25, 75, 100),
    );
  });

  test("keeps the aspect and centers the images on 0", () => {
    expect(resizeImages(images(1, 3, 1, [7, 8, 9]), 3).pixels).toEqual(
      Uint8Array.of(0, 0, 0, 7, 8, 9, 0, 0, 0),
    );
    expect(resizeImages(images(4, 2, 1, [1, 1, 1, 1, 3, 3, 3, 3]), 2).pixels).toEqual(
      Uint8Array.of(1, 0, 3, 0),
    );
  });

  test("does the same as its definition in real numbers, for any shape and size", () => {
    fc.assert(
      fc.property(anyImages, anySize, (set, size) => {
        const resized = resizeImages(set, size);
        expect([resized.height, resized.width]).toEqual([size, size]);
        resizedByDefinition(set, size).forEach((exact, i) => {
          // Bytes are within a half, plus the rounding of the real sums.
          expect(Math.abs((resized.pixels[i] as number) - exact)).toBeLessThanOrEqual(0.5 + 1e-9);
        });
      }),
    );
  });

  test("leaves a square of one brightness as bright as it was", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat({ max: 255 }),
        (side, size, value) => {
          const { pixels } = resizeImages(images(side, side, 1, new Array(side * side).fill(value)), size);
          expect(pixels.every((pixel) => pixel === value)).toBe(true);
        },
      ),
    );
  });

  test("leaves its argument and the labels alone", () => {
    const set = { ...images(2, 2, 1, [1, 2, 3, 4]), labels: Int32Array.of(1), classNames: ["0", "1"] };
    const resized = resizeImages(set, 3);
    expect(set.pixels).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect([resized.labels, resized.classNames]).toEqual([set.labels, set.classNames]);
    expect(resizeImages(set, 2)).toBe(set);
  });

  test.each([0, -1, 1.5, Number.NaN, 4097])("refuses the size %s", (size) => {
    const resize = (): ImageSet => resizeImages(images(2, 2, 1, [1, 2, 3, 4]), size);
    expect(resize).toThrow(OptionError);
    expect(resize).toThrow(`resizeImages: size must be an integer in 1..4096; got ${size}.`);
  });

  test("refuses a result beyond 4 GiB before taking memory for it", () => {
    const set = images(1, 1, 1, new Uint8Array(300));
    expect(() => resizeImages(set, 4096)).toThrow(
      "300 images of 4096 x 4096 x 1 must fit into 4 GiB; got 5033164800 bytes. Use a smaller size or fewer images.",
    );
  });
});

describe("defaultSize", () => {
  test("leaves images up to 64 x 64 as they are and brings greater ones to 64", () => {
    expect(defaultSize({ height: 64, width: 28 })).toBeUndefined();
    expect(defaultSize({ height: 65, width: 28 })).toBe(64);
    expect(defaultSize({ height: 28, width: 640 })).toBe(64);
  });
});
