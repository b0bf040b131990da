import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, editDistance, nearestSpelling } from "./spelling.ts";

const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });

describe("editDistance", () => {
  test("counts insertions, deletions, substitutions and swaps of neighbours as one each", () => {
    expect(editDistance("kmean", "kmeans")).toBe(1);
    expect(editDistance("kmeanss", "kmeans")).toBe(1);
    expect(editDistance("kneans", "kmeans")).toBe(1);
    expect(editDistance("kmaens", "kmeans")).toBe(1);
    expect(editDistance("", "pca")).toBe(3);
    expect(editDistance("kitten", "sitting")).toBe(3);
  });

  test("is 0 exactly for equal words, symmetric, and at most the longer length", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  test("one swap of neighbours never costs more than 1", () => {
    fc.assert(
      fc.property(word, fc.nat(), (text, position) => {
        fc.pre(text.length >= 2);
        const i = position % (text.length - 1);
        const swapped = `${text.slice(0, i)}${text[i + 1]}${text[i]}${text.slice(i + 2)}`;
        expect(editDistance(text, swapped)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("nearestSpelling", () => {
  const known = ["pixels", "pca", "hog", "kmeans", "gmm"];

  test("finds the word that was meant, whatever its case", () => {
    expect(nearestSpelling("pixel", known)).toBe("pixels");
    expect(nearestSpelling("K-Means", known)).toBe("kmeans");
    expect(nearestSpelling("gm", known)).toBe("gmm");
  });

  test("gives nothing where no word is near", () => {
    expect(nearestSpelling("watercolour", known)).toBeNull();
    expect(didYouMean("watercolour", known)).toBe("");
  });

  test("phrases its guess as a question", () => {
    expect(didYouMean("pixles", known)).toBe(' Did you mean "pixels"?');
  });
});
