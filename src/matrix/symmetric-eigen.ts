import { NumericalError } from "../errors.ts";

/** Eigenvalues of a symmetric matrix in falling order, and its eigenvectors in the same order. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** size x size; row i is the eigenvector of value i, of length 1, its largest element positive. */
  readonly vectors: Float64Array;
}

/** Sweeps after which the rotations give up; ten suffice for any matrix met in practice. */
const MOST_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan 2013, section 8.5):
 * slower than others for large matrices, and accurate to the last digits for small ones.
 *
 * Time O(size^3) per sweep, about ten sweeps.
 *
 * @param matrix size x size, symmetric, finite
 * @throws {NumericalError} if the rotations do not converge, as with numbers that are not finite
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  let sweeps = 0;
  while (!(offDiagonal(a, size) <= Number.EPSILON * diagonal(a, size))) {
    if (++sweeps > MOST_SWEEPS) {
      throw new NumericalError(
        `symmetricEigen: the matrix must be symmetric and finite; its rotations did not converge in ${MOST_SWEEPS} sweeps.`,
      );
    }
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
    }
  }
  return sorted(a, v, size);
}

/** Turns the plane of axes p and q so that element (p, q) vanishes. `v` collects the turns, one eigenvector per row. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q, c, s);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k, c, s);
  for (let k = 0; k < n; k++) turn(v, p * n + k, q * n + k, c, s);
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

function turn(a: Float64Array, one: number, other: number, c: number, s: number): void {
  const x = a[one] as number;
  const y = a[other] as number;
  a[one] = c * x - s * y;
  a[other] = s * x + c * y;
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) sum += 2 * (a[i * n + j] as number) ** 2;
  }
  return Math.sqrt(sum);
}

function diagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a[i * n + i] as number) ** 2;
  return Math.sqrt(sum);
}

function sorted(a: Float64Array, v: Float64Array, n: number): SymmetricEigen {
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => (a[j * n + j] as number) - (a[i * n + i] as number),
  );
  const values = Float64Array.from(order, (i) => a[i * n + i] as number);
  const vectors = new Float64Array(n * n);
  order.forEach((from, i) => {
    const vector = v.subarray(from * n, (from + 1) * n);
    const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    vectors.set(largest < 0 ? vector.map((value) => -value) : vector, i * n);
  });
  return { values, vectors };
}
