import fc from "fast-check";
import { expect, test } from "vitest";
import type { ImageSet } from "./image-set.ts";
import { type Movement, moveImageInto } from "./warp.ts";

const still: Movement = { right: 0, down: 0, degrees: 0 };

function moved(images: ImageSet, movement: Partial<Movement>, image = 0): number[] {
  const into = new Uint8Array(images.height * images.width * images.channels);
  moveImageInto(images, image, { ...still, ...movement }, into);
  return [...into];
}

const grey = (height: number, width: number, pixels: readonly number[]): ImageSet => ({
  count: pixels.length / (height * width),
  height,
  width,
  channels: 1,
  pixels: Uint8Array.from(pixels),
});

const letter = grey(3, 3, [10, 20, 30, 40, 50, 60, 70, 80, 90]);

test("whole pixels to the right and down: the edge's pixels go on", () => {
  expect(moved(letter, { right: 1 })).toEqual([10, 10, 20, 40, 40, 50, 70, 70, 80]);
  expect(moved(letter, { down: -1 })).toEqual([40, 50, 60, 70, 80, 90, 70, 80, 90]);
  expect(moved(letter, { right: 100, down: 100 })).toEqual(new Array(9).fill(10));
});

test("fractions of a pixel lie between their neighbours", () => {
  expect(moved(grey(1, 3, [0, 100, 200]), { right: 0.25 })).toEqual([0, 75, 175]);
  expect(moved(letter, { right: 0.5, down: -0.5 })[4]).toBe((40 + 50 + 70 + 80) / 4);
});

test("a quarter turn clockwise, about the middle, after which the shift comes", () => {
  expect(moved(letter, { degrees: 90 })).toEqual([70, 40, 10, 80, 50, 20, 90, 60, 30]);
  expect(moved(letter, { degrees: -90 })).toEqual([30, 60, 90, 20, 50, 80, 10, 40, 70]);
  expect(moved(letter, { degrees: 90, right: 1 })).toEqual([70, 70, 40, 80, 80, 50, 90, 90, 60]);
});

test("channels keep together, and each image is its own", () => {
  const pair: ImageSet = {
    count: 2,
    height: 1,
    width: 2,
    channels: 3,
    pixels: Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6),
  };
  expect(moved(pair, { right: 1 }, 1)).toEqual([1, 2, 3, 1, 2, 3]);
});

test("without movement it is a copy; any movement stays within the image's own values", () => {
  const image = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .chain(([h, w]) =>
      fc
        .array(fc.integer({ min: 0, max: 255 }), { minLength: h * w, maxLength: h * w })
        .map((pixels) => grey(h, w, pixels)),
    );
  const amount = fc.double({ min: -9, max: 9, noNaN: true });
  fc.assert(
    fc.property(
      image,
      amount,
      amount,
      fc.double({ min: -180, max: 180, noNaN: true }),
      (set, right, down, degrees) => {
        expect(moved(set, {})).toEqual([...set.pixels]);
        const values = moved(set, { right, down, degrees });
        expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(...set.pixels));
        expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(...set.pixels));
      },
    ),
  );
});
