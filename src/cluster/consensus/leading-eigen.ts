import { symmetricEigen } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";

/** Changes of the eigenvalues below this share of the largest end the iteration. */
const tolerance = 1e-10;
const mostIterations = 1000;

/**
 * The largest `count` eigenvalues of a positive semidefinite matrix, falling, and their eigenvectors in rows, by orthogonal
 * iteration with a few vectors more than are wanted, turned to eigenvectors within their span (Rayleigh and Ritz).
 */
export function leadingEigen(
  matrix: Float64Array,
  size: number,
  count: number,
  random: Random,
): { values: Float64Array; vectors: Float64Array } {
  const width = Math.min(size, count + 5);
  let basis = Float64Array.from({ length: width * size }, () => random.float() - 0.5);
  orthonormalize(basis, width, size);
  let before: Float64Array = new Float64Array(width);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const image = multiply(matrix, basis, width, size);
    const small = new Float64Array(width * width);
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        let dot = 0;
        for (let i = 0; i < size; i++)
          dot += (basis[a * size + i] as number) * (image[b * size + i] as number);
        small[a * width + b] = dot;
      }
    }
    const { values, vectors } = symmetricEigen(small, width);
    basis = combine(vectors, image, width, size);
    orthonormalize(basis, width, size);
    const change = values
      .slice(0, count)
      .reduce((most, v, c) => Math.max(most, Math.abs(v - (before[c] as number))), 0);
    before = values;
    if (change <= tolerance * (values[0] as number)) break;
  }
  return { values: before.slice(0, count), vectors: basis.slice(0, count * size) };
}

/** Rows of `basis` times the symmetric matrix. */
function multiply(matrix: Float64Array, basis: Float64Array, width: number, size: number): Float64Array {
  const image = new Float64Array(width * size);
  for (let a = 0; a < width; a++) {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++)
        sum += (matrix[i * size + j] as number) * (basis[a * size + j] as number);
      image[a * size + i] = sum;
    }
  }
  return image;
}

/** Row a of the result is the sum of the rows of `rows`, each times element (a, b) of `turn`. */
function combine(
  turn: Float64Array,
  rows: Float64Array,
  width: number,
  size: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(width * size);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      const factor = turn[a * width + b] as number;
      for (let i = 0; i < size; i++)
        result[a * size + i] = (result[a * size + i] as number) + factor * (rows[b * size + i] as number);
    }
  }
  return result;
}

/** Makes the rows orthonormal (modified Gram and Schmidt); a row within the span of those before it becomes 0. */
function orthonormalize(rows: Float64Array, count: number, size: number): void {
  for (let a = 0; a < count; a++) {
    const row = rows.subarray(a * size, (a + 1) * size);
    const before = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    for (let b = 0; b < a; b++) {
      let dot = 0;
      for (let i = 0; i < size; i++) dot += (row[i] as number) * (rows[b * size + i] as number);
      for (let i = 0; i < size; i++) row[i] = (row[i] as number) - dot * (rows[b * size + i] as number);
    }
    const length = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    const factor = length > 1e-12 * before && length > 0 ? 1 / length : 0;
    for (let i = 0; i < size; i++) row[i] = (row[i] as number) * factor;
  }
}
