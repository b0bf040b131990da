/**
 * Principal components of many columns without their covariance matrix: the range of the covariance C is found by
 * multiplying random directions Q with it, again and again, keeping them orthonormal (Halko, Martinsson and Tropp 2011,
 * algorithm 4.4, on the side of the columns). With X the centered samples, C Q = X'(X Q) / (n - 1) needs one pass over the
 * samples. In the end the best directions within the range are the eigenvectors of Q'C Q.
 */
import { type KernelCompute, roundUp } from "../../kernels/index.ts";
import { createRandom } from "../../random/index.ts";
import { type Moments, meanOf, overflowError, SIDE } from "./covariance.ts";
import { placeComponents } from "./projection.ts";
import { centerOnStage } from "./provisional.ts";
import { eachStage, refuseNonFinite, type Session } from "./stages.ts";
import { topEigen } from "./top-eigen.ts";
import type { PcaSettings } from "./types.ts";

/** What the components are made of. */
export interface Directions extends Moments {
  /** count x nFeatures, rows orthonormal. */
  readonly vectors: Float64Array;
  /** Variance along each, in the samples' units squared. */
  readonly variances: Float64Array;
}

/**
 * The `count` directions of largest variance.
 *
 * Time O((nPowerIterations + 1) x nSamples x nFeatures x (count + nOversamples)).
 */
export async function randomizedDirections(
  compute: KernelCompute,
  session: Session,
  settings: PcaSettings,
  count: number,
): Promise<Directions> {
  const { source, unit, work } = session;
  const { rows, cols } = source;
  const size = Math.min(count + settings.nOversamples, rows, cols);
  prepare(session, size);
  const random = createRandom(settings.seed).stream("pca");
  let directions = Float64Array.from({ length: size * cols }, () => random.float() - 0.5);
  orthonormalizeInPlace(directions, size, cols);
  for (let iteration = 0; iteration < settings.nPowerIterations; iteration++) {
    directions = await multiplied(session, directions, size);
    orthonormalizeInPlace(directions, size, cols);
  }
  const images = await multiplied(session, directions, size);
  const inner = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const value =
        (dot(directions, a * cols, images, b * cols, cols) +
          dot(directions, b * cols, images, a * cols, cols)) /
        2;
      inner[a * size + b] = value;
      inner[b * size + a] = value;
    }
  }
  const { values, vectors: turns } = await topEigen(compute, inner, size, count, session.signal);
  const vectors = new Float64Array(count * cols);
  for (let c = 0; c < count; c++) {
    for (let a = 0; a < size; a++) {
      addMultiple(vectors, c * cols, directions, a * cols, turns[c * size + a] as number, cols);
    }
  }
  const worth = (unit / work.get("scale")) ** 2;
  return {
    mean: meanOf(session),
    totalVariance: totalVariance(session) * worth,
    vectors,
    variances: values.subarray(0, count).map((value) => Math.max(0, value) * worth),
  };
}

/** Tables for `size` directions. */
function prepare({ work, source, capacity }: Session, size: number): void {
  const { cols } = source;
  const padded = roundUp(cols, 4);
  const nOthers = roundUp(size, 2);
  const others = work.allocate(nOthers * capacity * 4);
  work.set({ columns: work.allocate(padded * capacity * 4), live: work.allocate(padded) });
  work.set({ sums: work.allocate(cols * 8), squares: work.allocate(cols * 8) });
  work.set({ others, nOthers, cells: work.allocate(padded * nOthers * 8), cellStride: nOthers });
  work.set({ output: others, rowStep: 1, componentStep: capacity });
}

/** Directions times the covariance: both size x nFeatures. One pass over the samples. */
async function multiplied(
  session: Session,
  directions: Float64Array,
  size: number,
): Promise<Float64Array<ArrayBuffer>> {
  const { source, work, isBytes, capacity, signal } = session;
  const { rows, cols } = source;
  const { memory } = work.compute;
  const stride = work.get("cellStride");
  const cellCount = roundUp(cols, 4) * stride;
  memory.float64(work.get("cells"), cellCount).fill(0);
  for (const table of ["sums", "squares"] as const) memory.float64(work.get(table), cols).fill(0);
  placeComponents(work, directions, size, cols);
  const sides = Math.ceil(cols / SIDE);
  let centered = false;
  await eachStage(session, async (first) => {
    if (first === 0 && !centered) centerOnStage(session);
    centered = true;
    await work.run(
      [
        [isBytes ? "turnBytesSingle" : "turnFloatsSingle", sides],
        [isBytes ? "projectBytes" : "projectFloats", capacity / SIDE],
        ["productsSingle", sides * Math.ceil(stride / SIDE)],
      ],
      signal,
    );
    if (!memory.float64(work.get("squares"), cols).every(Number.isFinite)) refuseNonFinite(session, first);
  });
  // What the mean adds to the sums of products is taken out again.
  const sums = memory.float64(work.get("sums"), cols);
  const cells = memory.float64(work.get("cells"), cellCount);
  const result = new Float64Array(size * cols);
  for (let a = 0; a < size; a++) {
    const along = dot(directions, a * cols, sums, 0, cols) / rows;
    for (let j = 0; j < cols; j++) {
      const product = (cells[j * stride + a] as number) - along * (sums[j] as number);
      result[a * cols + j] = product / Math.max(1, rows - 1);
    }
  }
  if (!result.every(Number.isFinite)) throw overflowError(session);
  return result;
}

function totalVariance({ work, source }: Session): number {
  const { rows, cols } = source;
  const { memory } = work.compute;
  const sums = memory.float64(work.get("sums"), cols);
  const squares = memory.float64(work.get("squares"), cols);
  return squares.reduce(
    (total, square, j) => total + (square - (sums[j] as number) ** 2 / rows) / Math.max(1, rows - 1),
    0,
  );
}

/** Part of a direction that may be rounding alone, as a share of its length before the others were taken out of it. */
const ROUNDING = 1e-12;

/**
 * Makes rows orthonormal, in their order (Gram and Schmidt, twice). A row that depends on those before it becomes an axis
 * made orthogonal to them: it has no variance, and takes no part in what has.
 */
function orthonormalizeInPlace(rows: Float64Array, count: number, cols: number): void {
  let axis = 0;
  for (let a = 0; a < count; a++) {
    let before = Math.sqrt(dot(rows, a * cols, rows, a * cols, cols));
    for (let pass = 0; pass < 2; pass++) {
      for (let b = 0; b < a; b++) {
        addMultiple(rows, a * cols, rows, b * cols, -dot(rows, a * cols, rows, b * cols, cols), cols);
      }
      const length = Math.sqrt(dot(rows, a * cols, rows, a * cols, cols));
      if (!(length > ROUNDING * before)) {
        rows.fill(0, a * cols, (a + 1) * cols);
        rows[a * cols + axis++] = 1;
        pass = -1;
        before = 1;
        continue;
      }
      for (let j = a * cols; j < (a + 1) * cols; j++) rows[j] = (rows[j] as number) / length;
      before = 1;
    }
  }
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, length: number): number {
  let sum = 0;
  for (let j = 0; j < length; j++) sum += (a[aAt + j] as number) * (b[bAt + j] as number);
  return sum;
}

/** Adds `factor` times a piece of `from` to a piece of `to`. */
function addMultiple(
  to: Float64Array,
  toAt: number,
  from: Float64Array,
  fromAt: number,
  factor: number,
  length: number,
): void {
  for (let j = 0; j < length; j++) {
    to[toAt + j] = (to[toAt + j] as number) + factor * (from[fromAt + j] as number);
  }
}
