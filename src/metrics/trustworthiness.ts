/**
 * How well a map keeps neighbourhoods. With r(i, j) the rank of j among all samples by distance from i in the features, and
 * M(i) the k nearest of i in the map,
 *
 *   trustworthiness = 1 - 2 / (n k (2n - 3k - 1)) sum over i, and j in M(i), of max(0, r(i, j) - k)
 *   neighborRecall = share of all j in M(i) with r(i, j) <= k
 *
 * (Venna and Kaski 2001). The first forgives a neighbour that is nearly one; the second counts only those that are.
 */
import { InputError, OptionError } from "../errors.ts";
import type { RunContext } from "../estimator.ts";
import { computeOf, openWorkspace, roundUp } from "../kernels/index.ts";
import { checkShape, type Matrix, type Samples } from "../matrix/index.ts";
import { createRandom, distinctIntegers } from "../random/index.ts";

/** What {@link mapScores} needs to know. */
export interface MapScoresOptions {
  /** Neighbours that are compared, at least 1 and less than half of the samples. Default 15. */
  readonly k?: number;
  /** Samples whose neighbours are looked at, drawn by the seed; those are compared with all. Default 1000. */
  readonly sampleSize?: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** Both in 0..1, higher is better. */
export interface MapScores {
  readonly trustworthiness: number;
  readonly neighborRecall: number;
}

/** Queries that the kernel looks at together. */
const blockQueries = 4;

/** As {@link mapScores}, the trustworthiness alone. */
export async function trustworthiness(
  samples: Samples,
  embedding: Matrix<Float32Array>,
  options: MapScoresOptions = {},
  context: RunContext = {},
): Promise<number> {
  return (await mapScores(samples, embedding, options, context)).trustworthiness;
}

/**
 * Trustworthiness of a map, and the share of neighbours that it keeps; ties go to the lowest index.
 *
 * @param samples nSamples x nFeatures, compared by Euclidean distances
 * @param embedding nSamples x nDimensions
 * @throws {OptionError} for k or sampleSize out of range
 * @throws {InputError} if samples and embedding differ in length
 *
 * Time O(sampleSize x nSamples x nFeatures).
 */
export async function mapScores(
  samples: Samples,
  embedding: Matrix<Float32Array>,
  options: MapScoresOptions = {},
  context: RunContext = {},
): Promise<MapScores> {
  checkShape("mapScores", samples);
  checkShape("mapScores", embedding);
  const { k = 15, seed = 0 } = options;
  const { rows } = samples;
  if (embedding.rows !== rows) {
    throw new InputError(
      `mapScores: embedding must have a row for each of ${rows} samples; got ${embedding.rows}.`,
    );
  }
  if (!Number.isInteger(k) || k < 1 || 2 * k >= rows) {
    throw new OptionError(
      `mapScores: k must be an integer of at least 1 and less than half of ${rows} samples; got ${k}.`,
    );
  }
  const { sampleSize = 1000 } = options;
  if (!Number.isInteger(sampleSize) || sampleSize < 1) {
    throw new OptionError(`mapScores: sampleSize must be an integer of at least 1; got ${sampleSize}.`);
  }
  const queries =
    sampleSize < rows
      ? distinctIntegers(createRandom(seed).stream("map-scores"), sampleSize, rows).sort()
      : Int32Array.from({ length: rows }, (_, i) => i);
  const ranks = await ranksOf(samples, embedding, queries, k, context);
  let excess = 0;
  let kept = 0;
  for (const rank of ranks) {
    if (rank > k) excess += rank - k;
    else kept++;
  }
  return {
    trustworthiness: 1 - (2 * excess) / (ranks.length * (2 * rows - 3 * k - 1)),
    neighborRecall: kept / ranks.length,
  };
}

/** Ranks of the k nearest in the map of each query, queries x k. */
async function ranksOf(
  samples: Samples,
  embedding: Matrix<Float32Array>,
  queries: Int32Array,
  k: number,
  { compute, signal }: RunContext,
): Promise<Uint32Array> {
  const work = openWorkspace(computeOf(compute), "RankTask");
  try {
    const { memory } = work.compute;
    const { rows } = samples;
    const stride = roundUp(samples.cols, 4);
    const mapStride = roundUp(embedding.cols, 4);
    const cells = queries.length * k;
    work.set({
      rows,
      k,
      stride,
      mapStride,
      samples: work.allocate(rows * stride * 4),
      map: work.allocate(rows * mapStride * 4),
      nQueries: queries.length,
      queries: work.allocate(queries.length * 4),
      neighbors: work.allocate(cells * 4),
      distances: work.allocate(cells * 4),
      ranks: work.allocate(cells * 4),
    });
    spreadRows(memory.float32(work.get("samples"), rows * stride), stride, samples);
    spreadRows(memory.float32(work.get("map"), rows * mapStride), mapStride, embedding);
    memory.int32(work.get("queries"), queries.length).set(queries);
    await work.run([["rankMapNeighbors", Math.ceil(queries.length / blockQueries)]], signal);
    return memory.uint32(work.get("ranks"), cells).slice();
  } finally {
    work.release();
  }
}

/** Copies rows to places `stride` apart; what bytes are worth does not matter to ranks. */
function spreadRows(target: Float32Array, stride: number, { rows, cols, data }: Samples): void {
  if (stride === cols) target.set(data);
  else for (let i = 0; i < rows; i++) target.set(data.subarray(i * cols, (i + 1) * cols), i * stride);
}
