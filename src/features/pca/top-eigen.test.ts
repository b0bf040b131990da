import { afterAll, describe, expect, test } from "vitest";
import { computeOf, createCompute } from "../../kernels/index.ts";
import { symmetricEigen } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { topEigen } from "./top-eigen.ts";

const compute = computeOf(createCompute({ threads: 2 }));
afterAll(() => compute.close());

function randomSymmetric(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = 100 * (random.float() - 0.5);
  }
  return matrix;
}

describe("topEigen", () => {
  test.each([1, 2, 3, 4, 5, 17, 64])("of size %i agrees with Jacobi's rotations", async (size) => {
    const matrix = randomSymmetric(size, size);
    const expected = symmetricEigen(matrix, size);
    const { values, vectors } = await topEigen(compute, matrix, size, size);
    for (let i = 0; i < size; i++) {
      expect(values[i]).toBeCloseTo(expected.values[i] as number, 10);
      // Vectors agree up to their sign.
      let dot = 0;
      for (let j = 0; j < size; j++)
        dot += (vectors[i * size + j] as number) * (expected.vectors[i * size + j] as number);
      expect(Math.abs(dot)).toBeCloseTo(1, 10);
    }
  });

  test("the identity has orthonormal vectors of value 1, and a matrix of zeros of value 0", async () => {
    for (const value of [1, 0]) {
      const matrix = Float64Array.from({ length: 36 }, (_, at) => (at % 7 === 0 ? value : 0));
      const { values, vectors } = await topEigen(compute, matrix, 6, 3);
      expect(Array.from(values)).toEqual(new Array(6).fill(value));
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b <= a; b++) {
          const own = vectors.subarray(a * 6, (a + 1) * 6);
          const dot = own.reduce((sum, x, j) => sum + x * (vectors[b * 6 + j] as number), 0);
          expect(dot).toBeCloseTo(a === b ? 1 : 0, 14);
        }
      }
    }
  });

  test("numbers near the ends of the range do no harm", async () => {
    for (const unit of [1e-300, 1e300]) {
      const matrix = Float64Array.of(2 * unit, unit, unit, 2 * unit);
      const { values } = await topEigen(compute, matrix, 2, 1);
      expect((values[0] as number) / unit).toBeCloseTo(3, 13);
      expect((values[1] as number) / unit).toBeCloseTo(1, 13);
    }
  });

  test("one and three threads give the bytes that two give", async () => {
    const matrix = randomSymmetric(50, 5);
    const expected = await topEigen(compute, matrix, 50, 9);
    for (const threads of [1, 3]) {
      const other = computeOf(createCompute({ threads }));
      expect(await topEigen(other, matrix, 50, 9)).toEqual(expected);
      other.close();
    }
  });
});
