import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NumericalError } from "../errors.ts";
import { symmetricEigen } from "./index.ts";

describe("symmetricEigen", () => {
  test("of [[2, 1], [1, 2]]: 3 along (1, 1) and 1 across it", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    const half = Math.SQRT1_2;
    expect(Array.from(values)).toEqual([expect.closeTo(3, 14), expect.closeTo(1, 14)]);
    expect(Math.abs(vectors[0] as number)).toBeCloseTo(half, 14);
    expect(vectors[0] as number).toBeCloseTo(vectors[1] as number, 14);
    expect(vectors[2] as number).toBeCloseTo(-(vectors[3] as number), 14);
  });

  test("a diagonal matrix keeps its numbers, largest first", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, -2), 3);
    expect(Array.from(values)).toEqual([5, 1, -2]);
    expect(Array.from(vectors)).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 1]);
  });

  test("vectors are orthonormal, and values and vectors give the matrix back", () => {
    const entry = fc.double({ min: -100, max: 100, noNaN: true });
    const symmetric = fc.integer({ min: 1, max: 8 }).chain((size) =>
      fc.array(entry, { minLength: size * size, maxLength: size * size }).map((flat) => ({
        size,
        matrix: Float64Array.from(flat, (_, at) => {
          const [r, c] = [Math.floor(at / size), at % size];
          return flat[Math.min(r, c) * size + Math.max(r, c)] as number;
        }),
      })),
    );
    fc.assert(
      fc.property(symmetric, ({ size, matrix }) => {
        const { values, vectors } = symmetricEigen(matrix, size);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            let dot = 0;
            let back = 0;
            for (let k = 0; k < size; k++) {
              dot += (vectors[i * size + k] as number) * (vectors[j * size + k] as number);
              back +=
                (values[k] as number) * (vectors[k * size + i] as number) * (vectors[k * size + j] as number);
            }
            expect(dot).toBeCloseTo(i === j ? 1 : 0, 10);
            expect(back).toBeCloseTo(matrix[i * size + j] as number, 9);
          }
        }
      }),
    );
  });

  test("a matrix of zeros has values of 0", () => {
    expect(Array.from(symmetricEigen(new Float64Array(4), 2).values)).toEqual([0, 0]);
  });

  test("refuses numbers that are not finite", () => {
    expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(NumericalError);
  });
});
