/**
 * Scores that need no classes: how tight the clusters are and how far apart, in the features they were made in. They
 * compare clusterings of the same features, never clusterings of different ones.
 */
import { InputError } from "../errors.ts";
import type { RunContext } from "../estimator.ts";
import { centerTables, computeOf, type LoadedSamples, loadSamples, sumTables } from "../kernels/index.ts";
import type { Samples } from "../matrix/index.ts";
import { distinctIntegers, type Random } from "../random/index.ts";

/** What {@link internalScores} needs to know. */
export interface InternalScoresOptions {
  /** Labels lie in 0..nClusters-1; some of these clusters may be empty. */
  readonly nClusters: number;
  /** Measures the silhouette on that many samples, drawn by `random`, against all others; without it, or beyond nSamples, on all. */
  readonly sampleSize?: number | undefined;
  readonly random: Random;
}

/** Internal scores; those that are not defined for fewer than two clusters, or as many as samples, are then absent. */
export interface InternalScores {
  /** Sum of squared distances to the mean of the own cluster. */
  readonly inertia: number;
  /** Mean silhouette, in [-1, 1]; higher is better. */
  readonly silhouette?: number;
  /** Standard error of that mean, from drawing the samples; 0 where all were measured. */
  readonly silhouetteError?: number;
  /** Scatter between over scatter within the clusters, each over its degrees of freedom; higher is better. */
  readonly calinskiHarabasz?: number;
  /** Mean over the clusters of their worst ratio of spread to separation; lower is better. */
  readonly daviesBouldin?: number;
}

/**
 * Internal scores of a clustering.
 *
 * @param labels nSamples entries in 0..nClusters-1
 * @throws {InputError} for labels that do not fit the samples
 *
 * Sources: Rousseeuw 1987 (silhouette), Calinski and Harabasz 1974, Davies and Bouldin 1979.
 */
export async function internalScores(
  samples: Samples,
  labels: Int32Array,
  options: InternalScoresOptions,
  context: RunContext = {},
): Promise<InternalScores> {
  const { nClusters } = options;
  checkLabels(samples, labels, nClusters);
  const loaded = await loadSamples("internalScores", computeOf(context.compute), samples, context.signal);
  try {
    const clusters = await describeClusters(loaded, labels, nClusters, context.signal);
    const inertia = clusters.reduce((sum, cluster) => sum + cluster.squared, 0);
    if (clusters.length < 2 || clusters.length >= samples.rows) return { inertia };
    const silhouettes = await measureSilhouettes(loaded, labels, options, context.signal);
    return {
      inertia,
      ...meanAndError(silhouettes, samples.rows),
      calinskiHarabasz: calinskiHarabasz(clusters, inertia, samples.rows),
      daviesBouldin: daviesBouldin(clusters),
    };
  } finally {
    loaded.release();
  }
}

/**
 * Silhouette of each sample: how much closer it lies to its own cluster than to the next one.
 *
 * @param labels nSamples entries in 0..nClusters-1; at least two clusters must occur
 * @returns nSamples values in [-1, 1]; 0 for a sample alone in its cluster
 * @throws {InputError} if only one cluster occurs, or labels do not fit the samples
 *
 * Time O(nSamples^2 x nFeatures), memory O(nClusters). Definition: Rousseeuw 1987, section 2.
 */
export async function silhouetteSamples(
  samples: Samples,
  labels: Int32Array,
  nClusters: number,
  context: RunContext = {},
): Promise<Float64Array> {
  checkLabels(samples, labels, nClusters);
  if (new Set(labels).size < 2) {
    throw new InputError("silhouetteSamples: at least two clusters must occur; got one.");
  }
  const loaded = await loadSamples("silhouetteSamples", computeOf(context.compute), samples, context.signal);
  try {
    return await silhouettesOf(loaded, labels, nClusters, Int32Array.from(labels.keys()), context.signal);
  } finally {
    loaded.release();
  }
}

function checkLabels(samples: Samples, labels: Int32Array, nClusters: number): void {
  if (labels.length !== samples.rows) {
    throw new InputError(
      `internalScores: labels must be as many as samples, ${samples.rows}; got ${labels.length}.`,
    );
  }
  const stray = labels.find((label) => label < 0 || label >= nClusters);
  if (stray !== undefined) {
    throw new InputError(`internalScores: labels must lie in 0..${nClusters - 1}; got ${stray}.`);
  }
}

/** A cluster that is not empty, in the caller's units. */
interface ClusterMoments {
  readonly size: number;
  readonly center: Float64Array;
  /** Sum of squared distances of its samples to the center. */
  readonly squared: number;
  /** Mean distance of its samples to the center. */
  readonly spread: number;
}

async function describeClusters(
  loaded: LoadedSamples,
  labels: Int32Array,
  nClusters: number,
  signal: AbortSignal | undefined,
): Promise<ClusterMoments[]> {
  const { compute, rows, cols, stride, unit, allocate, set, get, run } = loaded;
  const { memory } = compute;
  set({ ...centerTables(loaded, nClusters), ...sumTables(loaded, nClusters) });
  set({ labels: allocate(rows * 4), distances: allocate(rows * 8) });
  memory.int32(get("labels"), rows).set(labels);
  await run([["accumulate"], ["update", nClusters], ["measure"]], signal);

  const squared = new Float64Array(nClusters);
  const spread = new Float64Array(nClusters);
  memory.float64(get("distances"), rows).forEach((value, i) => {
    const c = labels[i] as number;
    squared[c] = (squared[c] as number) + value * unit * unit;
    spread[c] = (spread[c] as number) + Math.sqrt(value) * unit;
  });
  const centers = memory.float64(get("centers"), nClusters * stride);
  return [...memory.int32(get("counts"), nClusters)].flatMap((size, c) => {
    if (size === 0) return [];
    const center = centers.slice(c * stride, c * stride + cols).map((value) => value * unit);
    return [{ size, center, squared: squared[c] as number, spread: (spread[c] as number) / size }];
  });
}

function calinskiHarabasz(clusters: readonly ClusterMoments[], within: number, nSamples: number): number {
  const nFeatures = clusters[0]?.center.length ?? 0;
  const mean = new Float64Array(nFeatures);
  for (const { size, center } of clusters) {
    center.forEach((value, j) => {
      mean[j] = (mean[j] as number) + (size / nSamples) * value;
    });
  }
  const between = clusters.reduce((sum, { size, center }) => sum + size * squaredDistance(center, mean), 0);
  // All samples on their centers: no ratio exists; 1 is the field's convention.
  return within === 0 ? 1 : (between * (nSamples - clusters.length)) / (within * (clusters.length - 1));
}

function daviesBouldin(clusters: readonly ClusterMoments[]): number {
  const worst = clusters.map((a) =>
    Math.max(
      ...clusters.map((b) => {
        const separation = Math.sqrt(squaredDistance(a.center, b.center));
        // Centers that coincide are left out, as the field does; a cluster has no ratio with itself.
        return a === b || separation === 0 ? 0 : (a.spread + b.spread) / separation;
      }),
    ),
  );
  return worst.reduce((a, b) => a + b, 0) / clusters.length;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, j) => sum + (value - (b[j] as number)) ** 2, 0);
}

function measureSilhouettes(
  loaded: LoadedSamples,
  labels: Int32Array,
  { nClusters, sampleSize = labels.length, random }: InternalScoresOptions,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const measured =
    sampleSize < labels.length
      ? distinctIntegers(random, sampleSize, labels.length).sort()
      : Int32Array.from(labels.keys());
  return silhouettesOf(loaded, labels, nClusters, measured, signal);
}

/** Samples whose distances to all others are summed in one pass: enough to pay for reading all samples. */
const batchSize = 64;

async function silhouettesOf(
  loaded: LoadedSamples,
  labels: Int32Array,
  nClusters: number,
  measured: Int32Array,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { compute, blocks, rows, allocate, set, get, run } = loaded;
  const { memory } = compute;
  const sizes = new Int32Array(nClusters);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  set({ ...centerTables(loaded, batchSize), queries: allocate(batchSize * 4), labels: allocate(rows * 4) });
  memory.int32(get("labels"), rows).set(labels);
  const cells = batchSize * nClusters;
  const output = allocate(blocks * cells * 8);
  set({ output, nQueries: nClusters });

  const silhouettes = new Float64Array(measured.length);
  for (let from = 0; from < measured.length; from += batchSize) {
    const batch = measured.subarray(from, from + batchSize);
    const queries = memory.int32(get("queries"), batchSize).fill(batch[0] as number);
    queries.set(batch);
    memory.float64(output, blocks * cells).fill(0);
    await run([["adopt", batchSize], ["sumDistances"]], signal);
    const parts = memory.float64(output, blocks * cells);
    const sums = new Float64Array(cells);
    for (let at = 0; at < parts.length; at++) {
      sums[at % cells] = (sums[at % cells] as number) + (parts[at] as number);
    }
    batch.forEach((index, b) => {
      const row = sums.subarray(b * nClusters, (b + 1) * nClusters);
      silhouettes[from + b] = silhouetteFrom(row, sizes, labels[index] as number);
    });
  }
  return silhouettes;
}

/** Silhouette out of the sums of a sample's distances to the members of each cluster. */
function silhouetteFrom(sums: Float64Array, sizes: Int32Array, own: number): number {
  const others = (sizes[own] as number) - 1;
  if (others < 1) return 0;
  let next = Number.POSITIVE_INFINITY;
  sums.forEach((sum, c) => {
    const size = sizes[c] as number;
    if (c !== own && size > 0) next = Math.min(next, sum / size);
  });
  const inner = (sums[own] as number) / others;
  const larger = Math.max(inner, next);
  return larger === 0 ? 0 : (next - inner) / larger;
}

function meanAndError(
  values: Float64Array,
  population: number,
): { silhouette: number; silhouetteError: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = n > 1 ? values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) : 0;
  // Drawn without replacement: nothing is left to chance once all samples are measured.
  return { silhouette: mean, silhouetteError: Math.sqrt((variance / n) * (1 - n / population)) };
}
