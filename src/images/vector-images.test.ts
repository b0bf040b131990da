import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { matrixFromRows } from "../matrix/index.ts";
import { concatenateImages, isVectors, sliceImages, vectorImages } from "./index.ts";

describe("vectorImages", () => {
  test("keeps the numbers, and stretches each column over its own range in the picture", () => {
    const values = matrixFromRows([
      [-1, 1e6, 3],
      [0, 2e6, 3],
      [1, 1.25e6, 3],
    ]);
    const images = vectorImages(values, { files: ["a", "b", "c"] });
    expect(images).toMatchObject({ count: 3, height: 1, width: 3, channels: 1, files: ["a", "b", "c"] });
    expect(images.values).toBe(values);
    // -1, 0, 1 -> 0, 127.5, 255; 1, 2, 1.25 million -> 0, 255, 63.75; what is constant is grey.
    expect(Array.from(images.pixels)).toEqual([0, 0, 128, 128, 255, 128, 255, 64, 128]);
    expect([isVectors(images), isVectors({})]).toEqual([true, false]);
    expect(sliceImages(images, 1, 2).values).toEqual({ rows: 1, cols: 3, data: Float32Array.of(0, 2e6, 3) });
  });

  test("draws numbers whose range exceeds a float32", () => {
    const values = matrixFromRows([[-3e38], [0], [3e38]]);
    expect(Array.from(vectorImages(values).pixels)).toEqual([0, 128, 255]);
  });

  test.each([
    [Number.NaN, "got NaN at row 1, column 0,"],
    [Number.NEGATIVE_INFINITY, "got -Infinity at row 1, column 0,"],
  ])("refuses %d with its place", (value, place) => {
    const values = matrixFromRows([
      [1, 2],
      [value, Number.NaN],
    ]);
    expect(() => vectorImages(values)).toThrow(InputError);
    expect(() => vectorImages(values)).toThrow(place);
    const piece = { name: "x.npy", firstRow: 1000 };
    expect(() => vectorImages(values, piece)).toThrow('the vectors of "x.npy" must be finite numbers; got');
    expect(() => vectorImages(values, piece)).toThrow("at row 1001, column 0,");
  });

  test("of two sets one after the other keeps numbers and names, and goes with vectors alone", () => {
    const first = vectorImages(matrixFromRows([[1, 2]]), { files: ["a"] });
    const second = vectorImages(
      matrixFromRows([
        [3, 4],
        [5, 6],
      ]),
      { files: ["b", "c"] },
    );
    const both = concatenateImages(first, second);
    expect(both.values).toEqual({ rows: 3, cols: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(both).toMatchObject({ count: 3, files: ["a", "b", "c"] });
    const { values: _, ...picture } = second;
    expect(() => concatenateImages(first, picture)).toThrow("got these for one only.");
  });

  test("refuses no numbers, and names or labels of other rows", () => {
    const none = { rows: 0, cols: 3, data: new Float32Array(0) };
    expect(() => vectorImages(none)).toThrow("at least one row and one column");
    const values = matrixFromRows([[1], [2]]);
    expect(() => vectorImages({ ...values, cols: 2 })).toThrow("got 2 x 2 and 2 numbers");
    expect(() => vectorImages(values, { files: ["a"] })).toThrow("a name for each of 2 rows; got 1");
    expect(() => vectorImages(values, { labels: new Int32Array(3) })).toThrow(
      "a label for each of 2 rows; got 3",
    );
  });
});
