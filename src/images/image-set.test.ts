import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { concatenateImages, type ImageSet, imageLength, nClasses, sliceImages, takeImages } from "./index.ts";

/** `count` images of 1 x 2 x 3, image i filled with first + i, its class i % 2. */
function images(count: number, first: number, labelled = true): ImageSet {
  const pixels = Uint8Array.from({ length: count * 6 }, (_, at) => first + Math.floor(at / 6));
  const base = { count, height: 1, width: 2, channels: 3, pixels };
  if (!labelled) return base;
  return {
    ...base,
    labels: Int32Array.from({ length: count }, (_, i) => i % 2),
    classNames: ["even", "odd"],
  };
}

test("an image has height x width x channels bytes; classes are counted by their names", () => {
  expect(imageLength(images(1, 0))).toBe(6);
  expect(nClasses(images(1, 0))).toBe(2);
  expect(nClasses(images(1, 0, false))).toBe(0);
});

test("taken images keep pixels and labels together", () => {
  const taken = takeImages(images(5, 10), [3, 0]);
  expect(taken.count).toBe(2);
  expect([...taken.pixels]).toEqual([...Array(6).fill(13), ...Array(6).fill(10)]);
  expect([...(taken.labels ?? [])]).toEqual([1, 0]);
});

test("a slice is a view of both", () => {
  const all = images(5, 0);
  const slice = sliceImages(all, 1, 3);
  expect(slice.count).toBe(2);
  expect(slice.pixels.buffer).toBe(all.pixels.buffer);
  expect([...slice.pixels]).toEqual([...Array(6).fill(1), ...Array(6).fill(2)]);
  expect([...(slice.labels ?? [])]).toEqual([1, 0]);
});

describe("concatenation", () => {
  test("puts the second set behind the first", () => {
    const both = concatenateImages(images(2, 0), images(1, 50));
    expect(both.count).toBe(3);
    expect(both.pixels[12]).toBe(50);
    expect([...(both.labels ?? [])]).toEqual([0, 1, 0]);
  });

  test("refuses other sizes, and labels on one side only", () => {
    const other = { ...images(1, 0), width: 3, pixels: new Uint8Array(9) };
    expect(() => concatenateImages(images(1, 0), other)).toThrow(InputError);
    expect(() => concatenateImages(images(1, 0), other)).toThrow("got 1 x 2 x 3 and 1 x 3 x 3.");
    expect(() => concatenateImages(images(1, 0), images(1, 0, false))).toThrow("got labels for one only.");
  });
});
