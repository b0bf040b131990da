/**
 * Directions in which rows spread most, from some of them: a few steps of orthogonal iteration (Golub and Van Loan, section 8.2.4) from a
 * random start. They only make the search quick; its result does not depend on them.
 */
import { type KernelCompute, openWorkspace, roundUp } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";

/** Steps of the iteration: more change the time of a search by less than they take. */
const steps = 2;

/** Directions as rows, orthonormal to double precision, those of largest spread first. */
export interface LeadingDirections {
  readonly directions: Matrix<Float64Array>;
  /** Sum of the squared products of the rows with each direction. */
  readonly held: Float64Array;
}

/**
 * @param rows centered
 * @param count at least one
 */
export async function leadingDirections(
  compute: KernelCompute,
  rows: Matrix<Float32Array>,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<LeadingDirections> {
  const { cols } = rows;
  const stride = roundUp(cols, 4);
  const blocks = Math.ceil(count / 4);
  const workspace = openWorkspace(compute, "DirectionTask");
  try {
    const { allocate, set, get } = workspace;
    const tableBytes = blocks * 4 * stride * 4;
    set({ rows: allocate(rows.rows * stride * 4), nRows: rows.rows, stride });
    set({ directions: allocate(tableBytes), scattered: allocate(tableBytes), held: allocate(blocks * 32) });
    const line = (field: "rows" | "directions" | "scattered", at: number): Float32Array =>
      compute.memory.float32(get(field) + at * stride * 4, cols);
    for (let r = 0; r < rows.rows; r++) line("rows", r).set(rows.data.subarray(r * cols, (r + 1) * cols));
    for (let q = 0; q < count; q++)
      line("directions", q).set(Float32Array.from({ length: cols }, () => random.float() - 0.5));
    const directions = { rows: count, cols, data: new Float64Array(count * cols) };
    for (let step = 0; step < steps; step++) {
      await workspace.run([["scatterDirections", blocks]], signal);
      for (let q = 0; q < count; q++) directions.data.set(line("scattered", q), q * cols);
      // Rounding is of no harm until the last step.
      orthonormalizeInPlace(directions, step === steps - 1 ? 2 : 1);
      for (let q = 0; q < count; q++)
        line("directions", q).set(directions.data.subarray(q * cols, (q + 1) * cols));
    }
    await workspace.run([["weighDirections", blocks]], signal);
    return { directions, held: compute.memory.float64(get("held"), count).slice() };
  } finally {
    workspace.release();
  }
}

/** Gram-Schmidt, twice so that rounding leaves nothing; a direction that vanishes becomes zero. */
function orthonormalizeInPlace({ rows, cols, data }: Matrix<Float64Array>, passes: 1 | 2): void {
  for (let q = 0; q < rows; q++) {
    const direction = data.subarray(q * cols, (q + 1) * cols);
    const before = norm(direction);
    for (let pass = 0; pass < passes; pass++) {
      for (let p = 0; p < q; p++) {
        const other = data.subarray(p * cols, (p + 1) * cols);
        let dot = 0;
        for (let c = 0; c < cols; c++) dot += (direction[c] as number) * (other[c] as number);
        for (let c = 0; c < cols; c++) direction[c] = (direction[c] as number) - dot * (other[c] as number);
      }
    }
    const length = norm(direction);
    const factor = length > before * 1e-6 ? 1 / length : 0;
    for (let c = 0; c < cols; c++) direction[c] = (direction[c] as number) * factor;
  }
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}
