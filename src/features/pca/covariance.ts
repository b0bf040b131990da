/** Covariance of all columns in one pass over the samples. Bytes: exact sums of integers. */
import { NumericalError } from "../../errors.ts";
import { roundUp } from "../../kernels/index.ts";
import { centerOnStage } from "./provisional.ts";
import { eachStage, refuseNonFinite, type Session } from "./stages.ts";

/** First and second moments of samples. */
export interface Moments {
  /** In the samples' units. */
  readonly mean: Float64Array;
  /** Sum of the variances of all features, in the samples' units squared. */
  readonly totalVariance: number;
}

/** Moments with all covariances. */
export interface Covariance extends Moments {
  /** nFeatures x nFeatures, in units of `worth`. */
  readonly matrix: Float64Array;
  /** What 1 in the matrix is worth in the samples' units squared. */
  readonly worth: number;
}

/** Columns on a side of a block of products, and columns turned in a block (assembly/principal.ts). */
export const SIDE = 64;

/** Products that take about a second or two in double precision; of more, floats are multiplied in single precision. */
const DOUBLE_PRODUCTS = 4e9;

/** Covariance with the divisor n - 1, or 1 where there is one sample. */
export async function covarianceOf(session: Session): Promise<Covariance> {
  const { source, work, isBytes, unit, capacity, signal } = session;
  const { rows, cols } = source;
  const { memory } = work.compute;
  const double = !isBytes && rows * cols * cols <= DOUBLE_PRODUCTS;
  const padded = roundUp(cols, 4);
  const element = isBytes ? 2 : double ? 8 : 4;
  const cells = work.allocate(padded * padded * 8);
  work.set({ columns: work.allocate(padded * capacity * element), live: work.allocate(padded) });
  work.set({ sums: work.allocate(cols * 8), squares: work.allocate(cols * 8), cells, cellStride: padded });
  const turnBlocks = Math.ceil(cols / SIDE);
  const turn = isBytes ? "turnBytesWhole" : double ? "turnFloatsDouble" : "turnFloatsSingle";
  const products = isBytes ? "productsWhole" : double ? "productsDouble" : "productsSingle";
  await eachStage(session, async (first) => {
    if (first === 0 && !isBytes) centerOnStage(session);
    await work.run(
      [
        [turn, turnBlocks],
        [products, (turnBlocks * (turnBlocks + 1)) / 2],
      ],
      signal,
    );
    if (!memory.float64(work.get("squares"), cols).every(Number.isFinite)) refuseNonFinite(session, first);
  });

  const sums = memory.float64(work.get("sums"), cols);
  const scale = work.get("scale");
  const cellView = memory.float64(cells, padded * padded);
  const matrix = new Float64Array(cols * cols);
  const divisor = Math.max(1, rows - 1);
  for (let i = 0; i < cols; i++) {
    for (let j = 0; j <= i; j++) {
      const product = cellView[i * padded + j] as number;
      const value = centeredSum(product, sums[i] as number, sums[j] as number, rows) / divisor;
      matrix[i * cols + j] = value;
      matrix[j * cols + i] = value;
    }
  }
  if (!matrix.every(Number.isFinite)) throw overflowError(session);
  const worth = (unit / scale) ** 2;
  let trace = 0;
  for (let i = 0; i < cols; i++) trace += matrix[i * cols + i] as number;
  return { mean: meanOf(session), totalVariance: trace * worth, matrix, worth };
}

/** Mean of the samples in their own units, after a pass over them. */
export function meanOf({ work, source, isBytes, unit }: Session): Float64Array {
  const { memory } = work.compute;
  const { rows, cols } = source;
  const center = memory.float32(work.get("center"), cols);
  const scale = work.get("scale");
  return memory
    .float64(work.get("sums"), cols)
    .map((sum, j) => ((center[j] as number) + sum / rows / scale) * (isBytes ? unit : 1));
}

/**
 * Sum of the products of two columns less their means, from that of the columns as they are. Where all are whole numbers,
 * all but the last term is exact, so that a constant column has a variance of 0.
 */
function centeredSum(product: number, sumA: number, sumB: number, rows: number): number {
  const whole = Math.floor(sumB / rows);
  return product - sumA * whole - (sumA * (sumB - whole * rows)) / rows;
}

export function overflowError({ where }: Session): NumericalError {
  return new NumericalError(
    `${where}: squares of the samples must be finite; later rows are too far from the first ones. Scale or shuffle the samples.`,
  );
}
