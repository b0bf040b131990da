import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/index.ts";
import { choleskyFactor, invertLowerTriangular } from "./index.ts";

/** A A' + size on the diagonal. */
function positiveDefinite(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const a = Float64Array.from({ length: size * size }, () => 2 * random.float() - 1);
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let m = 0; m < size; m++) out[i * size + j] += a[i * size + m] * a[j * size + m];
    }
    out[i * size + i] += 0.01;
  }
  return out;
}

describe("choleskyFactor", () => {
  test("times its transpose is the matrix, and its inverse undoes it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(), (size, seed) => {
        const matrix = positiveDefinite(size, seed);
        const factor = choleskyFactor(matrix, size) ?? new Float64Array();
        const inverse = invertLowerTriangular(factor, size);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            let [product, one] = [0, 0];
            for (let m = 0; m < size; m++) {
              product += factor[i * size + m] * factor[j * size + m];
              one += inverse[i * size + m] * factor[m * size + j];
            }
            expect(product).toBeCloseTo(matrix[i * size + j], 10);
            expect(one).toBeCloseTo(i === j ? 1 : 0, 8);
            if (j > i) expect(factor[i * size + j]).toBe(0);
          }
        }
      }),
      { seed: 20261121, numRuns: 50 },
    );
  });

  test.each([
    ["zero", [0]],
    ["negative", [-1]],
    ["NaN", [Number.NaN]],
    ["of rank one", [1, 1, 1, 1]],
    ["of rank one but for rounding", [1, 1, 1, 1 + 2 ** -52]],
    ["indefinite", [1, 2, 2, 1]],
  ])("is undefined for a matrix that is %s", (_, numbers) => {
    expect(choleskyFactor(Float64Array.from(numbers), Math.sqrt(numbers.length))).toBeUndefined();
  });

  test("reads the lower half only", () => {
    expect(Array.from(choleskyFactor(Float64Array.of(4, Number.NaN, 2, 5), 2) ?? [])).toEqual([2, 0, 1, 2]);
  });
});
