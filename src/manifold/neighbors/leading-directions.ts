/**
 * Directions in which rows spread most, from some of them: a few steps of orthogonal iteration (Golub and Van Loan, section 8.2.4) from a
 * random start. They only make the search quick; its result does not depend on them.
 */
import type { Matrix } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";

/** Steps of the iteration: more change the time of a search by less than they take. */
const steps = 2;

/**
 * @param rows centered
 * @returns count x cols, orthonormal to double precision, those of largest spread first
 */
export function leadingDirections(
  rows: Matrix<Float64Array>,
  count: number,
  random: Random,
): Matrix<Float64Array> {
  const { cols } = rows;
  const data = Float64Array.from({ length: count * cols }, () => random.float() - 0.5);
  const directions = { rows: count, cols, data };
  orthonormalizeInPlace(directions);
  for (let step = 0; step < steps; step++) {
    data.set(scatterTimes(rows, directions));
    orthonormalizeInPlace(directions);
  }
  return directions;
}

/** The scatter matrix of the rows, applied to each direction: sum over rows x of (x . q) x. */
function scatterTimes(rows: Matrix<Float64Array>, directions: Matrix<Float64Array>): Float64Array {
  const { cols } = rows;
  const sums = new Float64Array(directions.data.length);
  for (let r = 0; r < rows.rows; r++) {
    const x = rows.data.subarray(r * cols, (r + 1) * cols);
    for (let q = 0; q < directions.rows; q++) {
      const at = q * cols;
      let dot = 0;
      for (let c = 0; c < cols; c++) dot += (x[c] as number) * (directions.data[at + c] as number);
      for (let c = 0; c < cols; c++) sums[at + c] = (sums[at + c] as number) + dot * (x[c] as number);
    }
  }
  return sums;
}

/** Gram-Schmidt, twice, so that rounding leaves nothing; a direction that vanishes becomes zero. */
function orthonormalizeInPlace({ rows, cols, data }: Matrix<Float64Array>): void {
  for (let q = 0; q < rows; q++) {
    const direction = data.subarray(q * cols, (q + 1) * cols);
    const before = norm(direction);
    for (let pass = 0; pass < 2; pass++) {
      for (let p = 0; p < q; p++) {
        const other = data.subarray(p * cols, (p + 1) * cols);
        let dot = 0;
        for (let c = 0; c < cols; c++) dot += (direction[c] as number) * (other[c] as number);
        for (let c = 0; c < cols; c++) direction[c] = (direction[c] as number) - dot * (other[c] as number);
      }
    }
    const length = norm(direction);
    const factor = length > before * 1e-10 ? 1 / length : 0;
    for (let c = 0; c < cols; c++) direction[c] = (direction[c] as number) * factor;
  }
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}
