/**
 * Cholesky factor of a symmetric positive definite matrix: the lower triangular L with L L' = matrix (Golub and Van Loan
 * 2013, section 4.2).
 *
 * Time O(size^3 / 3).
 *
 * @param matrix size x size; only its lower half is read
 * @returns size x size, zero above the diagonal; undefined if the matrix is not positive definite to working precision
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j] as number;
      for (let m = 0; m < j; m++) {
        rest -= (factor[i * size + m] as number) * (factor[j * size + m] as number);
      }
      if (i > j) {
        factor[i * size + j] = rest / (factor[j * size + j] as number);
        continue;
      }
      // What is left of a variance by rounding alone is no variance.
      if (!(rest > size * Number.EPSILON * (matrix[i * size + i] as number))) return undefined;
      factor[i * size + i] = Math.sqrt(rest);
    }
  }
  return factor;
}

/**
 * Inverse of a lower triangular matrix with a diagonal without zeros; lower triangular too.
 *
 * Time O(size^3 / 6).
 *
 * @param factor size x size
 */
export function invertLowerTriangular(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    inverse[j * size + j] = 1 / (factor[j * size + j] as number);
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let m = j; m < i; m++) sum += (factor[i * size + m] as number) * (inverse[m * size + j] as number);
      inverse[i * size + j] = -sum / (factor[i * size + i] as number);
    }
  }
  return inverse;
}
