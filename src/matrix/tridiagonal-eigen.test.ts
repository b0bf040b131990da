import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NumericalError } from "../errors.ts";
import { symmetricEigen, tridiagonalValues, tridiagonalVectors } from "./index.ts";

/** T as a whole matrix. */
function whole(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const n = diagonal.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = diagonal[i] as number;
    if (i + 1 < n) matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = beside[i] as number;
  }
  return matrix;
}

/** Largest element of T V' - V' values and of V V' - I, relative to the largest element of T. */
function errors(diagonal: Float64Array, beside: Float64Array, values: Float64Array, vectors: Float64Array) {
  const n = diagonal.length;
  const size = Math.max(1e-300, ...diagonal.map(Math.abs), ...beside.map(Math.abs));
  let residual = 0;
  let skew = 0;
  for (let k = 0; k < values.length; k++) {
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      const image =
        (diagonal[i] as number) * (v[i] as number) +
        (i > 0 ? (beside[i - 1] as number) * (v[i - 1] as number) : 0) +
        (i + 1 < n ? (beside[i] as number) * (v[i + 1] as number) : 0);
      residual = Math.max(residual, Math.abs(image - (values[k] as number) * (v[i] as number)) / size);
    }
    for (let l = 0; l <= k; l++) {
      const dot = v.reduce((sum, value, i) => sum + value * (vectors[l * n + i] as number), 0);
      skew = Math.max(skew, Math.abs(dot - (k === l ? 1 : 0)));
    }
  }
  return { residual, skew };
}

describe("a tridiagonal matrix", () => {
  test("of twos with ones beside them has the values 2 + 2 cos(i pi / (n + 1))", () => {
    const values = tridiagonalValues(new Float64Array(9).fill(2), new Float64Array(9).fill(1));
    for (let i = 1; i <= 9; i++) expect(values[i - 1]).toBeCloseTo(2 + 2 * Math.cos((i * Math.PI) / 10), 13);
  });

  test("has the values that Jacobi's rotations find, and vectors that belong to them", () => {
    const entry = fc.oneof(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.constantFrom(0, 1, 1e-9, 1e-30),
    );
    const lists = fc
      .integer({ min: 1, max: 12 })
      .chain((n) =>
        fc.tuple(
          fc.array(entry, { minLength: n, maxLength: n }),
          fc.array(entry, { minLength: n, maxLength: n }),
        ),
      );
    fc.assert(
      fc.property(lists, (given) => {
        const [diagonal, beside] = given.map((list) => Float64Array.from(list)) as [
          Float64Array,
          Float64Array,
        ];
        const n = diagonal.length;
        const { values: expected } = symmetricEigen(whole(diagonal, beside), n);
        const size = Math.max(...expected.map(Math.abs), 1e-300);
        fc.pre(size > 1e-99); // what the caller sees to
        const values = tridiagonalValues(diagonal, beside);
        values.forEach((value, i) => {
          expect(Math.abs(value - (expected[i] as number)) / size).toBeLessThan(1e-13);
        });
        const vectors = tridiagonalVectors(diagonal, beside, values);
        const { residual, skew } = errors(diagonal, beside, values, vectors);
        expect(residual).toBeLessThan(1e-12);
        expect(skew).toBeLessThan(1e-12);
      }),
    );
  });

  test.each([
    ["of zeros", () => 0, () => 0],
    ["with equal values", () => 3, () => 0],
    ["with pairs of nearly equal values (Wilkinson's)", (i: number) => Math.abs(20 - i), () => 1],
    ["of copies of one block", (i: number) => i % 4, (i: number) => (i % 4 === 3 ? 0 : 1)],
    ["falling over 40 powers of ten", (i: number) => 10 ** -i, (i: number) => 10 ** (-i - 1)],
    ["of tiny numbers", () => 1e-90, () => 1e-91],
  ])("%s has orthonormal vectors", (_, onDiagonal, aside) => {
    const diagonal = Float64Array.from({ length: 41 }, (_, i) => onDiagonal(i));
    const beside = Float64Array.from({ length: 41 }, (_, i) => aside(i));
    const values = tridiagonalValues(diagonal, beside).subarray(0, 20);
    const { residual, skew } = errors(diagonal, beside, values, tridiagonalVectors(diagonal, beside, values));
    expect(residual).toBeLessThan(1e-13);
    expect(skew).toBeLessThan(1e-13);
  });

  test("refuses numbers that are not finite", () => {
    expect(() => tridiagonalValues(Float64Array.of(1, Number.NaN), Float64Array.of(1, 0))).toThrow(
      NumericalError,
    );
  });
});
