import { describe, expect, test } from "vitest";
import { InputError, OptionError } from "../errors.ts";
import type { ImageSet } from "./image-set.ts";
import { limitImages } from "./limit.ts";

const images: ImageSet = {
  count: 3,
  height: 1,
  width: 2,
  channels: 1,
  pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
  labels: Int32Array.of(7, 8, 9),
  classNames: Array.from({ length: 10 }, (_, i) => `${i}`),
};

describe("limitImages", () => {
  test("keeps the first images with their labels", () => {
    const limited = limitImages(images, 2);
    expect(limited.count).toBe(2);
    expect(limited.pixels).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(limited.labels).toEqual(Int32Array.of(7, 8));
    expect(limitImages(images, 3)).toBe(images);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses the limit %s", (limit) => {
    expect(() => limitImages(images, limit)).toThrow(OptionError);
    expect(() => limitImages(images, limit)).toThrow(
      `limitImages: limit must be an integer from 1 on; got ${limit}.`,
    );
  });

  test("refuses more images than there are, and tells how many there are", () => {
    expect(() => limitImages(images, 4)).toThrow(InputError);
    expect(() => limitImages(images, 4)).toThrow(
      "limitImages: limit must be at most 3, the number of images; got 4. Leave the limit out to use them all.",
    );
  });
});
