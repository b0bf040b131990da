import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import type { ImageSet } from "./image-set.ts";
import { withLabels } from "./labels.ts";

const images: ImageSet = { count: 3, height: 1, width: 1, channels: 1, pixels: Uint8Array.of(1, 2, 3) };

describe("withLabels", () => {
  test("names classes by their numbers up to the greatest label", () => {
    const labelled = withLabels(images, Int32Array.of(2, -1, 0), "x");
    expect(labelled).toEqual({ ...images, labels: Int32Array.of(2, -1, 0), classNames: ["0", "1", "2"] });
  });

  test("takes given names, also of classes that do not occur", () => {
    expect(withLabels(images, Int32Array.of(0, 0, 0), "x", ["cat", "dog"]).classNames).toEqual([
      "cat",
      "dog",
    ]);
  });

  test("labels that are all unknown are no labels", () => {
    expect(withLabels(images, Int32Array.of(-1, -1, -1), "x")).toBe(images);
  });

  test("refuses labels that are not as many as the images", () => {
    const label = (): ImageSet => withLabels(images, Int32Array.of(0, 1), "x");
    expect(label).toThrow(InputError);
    expect(label).toThrow(
      'withLabels: "x" must hold one label for each of the 3 images; got 2. Give the labels that belong to these images.',
    );
  });

  test("refuses a label without a class", () => {
    const label = (): ImageSet => withLabels(images, Int32Array.of(0, 2, 1), "x", ["cat", "dog"]);
    expect(label).toThrow(InputError);
    expect(label).toThrow('labels of "x" must be one of 2 classes, 0..1, or -1; got 2 at label 1.');
  });
});
