/** The largest eigenvalues of a symmetric matrix and their eigenvectors, on the kernels' threads. */
import { type KernelCompute, openWorkspace } from "../../kernels/index.ts";
import { tridiagonalValues, tridiagonalVectors } from "../../matrix/index.ts";

/** Eigenvalues of a symmetric matrix, and the eigenvectors of the first of them. */
export interface TopEigen {
  /** All values, largest first. */
  readonly values: Float64Array;
  /** count x size: row i is the eigenvector of value i, of length 1. */
  readonly vectors: Float64Array;
}

/** Blocks of a step (assembly/householder.ts), and steps in one call of the threads. */
const BLOCKS = 32;
const STEPS = 4;

/**
 * Eigenvectors of the `count` largest eigenvalues of a symmetric matrix: Householder's reflections to a tridiagonal matrix,
 * QL for the values, inverse iteration for the vectors.
 *
 * Time O(size^3).
 *
 * @param matrix size x size, finite
 * @param count  integer in 1..size
 */
export async function topEigen(
  compute: KernelCompute,
  matrix: Float64Array,
  size: number,
  count: number,
  signal?: AbortSignal,
): Promise<TopEigen> {
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
  const work = openWorkspace(compute, "HouseholderTask");
  try {
    const { memory } = compute;
    const [diagonal, beside, betas, v, w, next, product] = Array.from({ length: 7 }, () =>
      work.allocate(size * 8),
    ) as [number, number, number, number, number, number, number];
    const address = work.allocate(size * size * 8);
    const vectors = work.allocate(count * size * 8);
    work.set({ matrix: address, size, step: -1, diagonal, beside, betas, v, w, next, product });
    work.set({ vectors, nVectors: count });
    const target = memory.float64(address, size * size);
    for (let i = 0; i < target.length; i++) target[i] = (matrix[i] as number) / unit;

    for (let step = 0; step < size; step += STEPS) {
      const phases = Array.from({ length: Math.min(STEPS, size - step) }, () => [
        ["reflectRow", 1] as const,
        ["reflectRest", BLOCKS] as const,
      ]).flat();
      await work.run(phases, signal);
    }
    const d = memory.float64(diagonal, size).slice();
    const e = memory.float64(beside, size).slice();
    const values = tridiagonalValues(d, e);
    memory.float64(vectors, count * size).set(tridiagonalVectors(d, e, values.subarray(0, count)));
    await work.run([["reflectBack", Math.ceil(count / 4)]], signal);
    return {
      values: values.map((value) => value * unit),
      vectors: memory.float64(vectors, count * size).slice(),
    };
  } finally {
    work.release();
  }
}
