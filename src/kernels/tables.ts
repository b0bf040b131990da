/** Tables beside the samples: centers in all their forms, sums by cluster, and what is read from them. */
import type { LoadedSamples, TaskValues } from "./loaded-samples.ts";
import { roundUp } from "./round-up.ts";

/** What float32 underflow may hide of a distance between samples in the comfortable range. */
const underflow = 1e-18;

/** Length of the centers of bytes that fill the places behind the last one: squared, still a float32. */
const farAway = 1e18;

/** Tables for k centers, to be `set` when they are to be used. */
export function centerTables(loaded: LoadedSamples, k: number): TaskValues {
  const { stride, cols, isBytes, blockRows, allocate, compute } = loaded;
  const { memory } = compute;
  const nPadded = roundUp(k, isBytes ? 5 : 4);
  const centerStride = roundUp(nPadded, 4);
  const scratchBytes = roundUp(2 * centerStride * 4 + (blockRows + 1) * 4, 64);
  const tables = {
    centers: allocate(k * stride * 8),
    rounded: allocate(k * stride * 4),
    quantized: allocate(isBytes ? nPadded * stride * 2 : 0),
    quantizedNorms: allocate(nPadded * 8),
    centerNorms: allocate(k * 8),
    transposed: allocate(isBytes ? 0 : cols * centerStride * 4),
    roundingErrors: allocate(k * 8),
    workerScratch: allocate(compute.threads * scratchBytes),
  };
  memory.float64(tables.quantizedNorms, nPadded).fill(farAway ** 2, k);
  if (!isBytes && nPadded > k) {
    const columns = memory.float32(tables.transposed, cols * centerStride);
    for (let j = 0; j < cols; j++)
      columns.fill(Number.POSITIVE_INFINITY, j * centerStride + k, (j + 1) * centerStride);
  }
  return { ...tables, nCenters: k, nPadded, centerStride, epsilon: 0, scratchBytes };
}

/** Tables in which samples are summed by cluster, for k clusters. */
export function sumTables(loaded: LoadedSamples, k: number): TaskValues {
  const { stride, allocate, compute } = loaded;
  const cells = k * stride * 8;
  return {
    counts: allocate(k * 4),
    sums: allocate(cells),
    workerCounts: allocate(compute.threads * k * 4),
    workerSums: allocate(compute.threads * cells),
    workerCounters: allocate(compute.threads * 64),
    mean: allocate(stride * 8),
    movements: allocate(k * 8),
    scatter: allocate(k * 8),
  };
}

/**
 * Stands for any longer way of a center, so that sums of ways stay finite: it exceeds by far what any bound on a distance
 * claims (FAR in assembly/nearest.ts), and so leaves every sample in doubt.
 */
export const beyondAllBounds = 1e30;

/** Largest distance between a center and its rounded form, with what underflow may hide. To be set as `epsilon`. */
export function largestRoundingError(loaded: LoadedSamples): number {
  const errors = loaded.compute.memory.float64(loaded.get("roundingErrors"), loaded.get("nCenters"));
  return Math.min(errors.reduce((a, b) => Math.max(a, b), 0) + underflow, beyondAllBounds);
}

/** Sum of the totals of all blocks, in the order of the blocks. */
export function sumOfBlocks(loaded: LoadedSamples): number {
  return loaded.compute.memory.float64(loaded.get("blockTotals"), loaded.blocks).reduce((a, b) => a + b, 0);
}
