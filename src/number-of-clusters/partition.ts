/** What is summed over the clusters of a partition, in double precision. */
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";

/** Clusters of samples, as their labels tell. */
export interface Partition {
  /** nClusters x nFeatures: the mean of each cluster, 0 for an empty one. */
  readonly means: Matrix<Float64Array>;
  /** Samples of each cluster. */
  readonly sizes: Int32Array;
  /** Squared distance of each sample to the mean of its cluster. */
  readonly squares: Float64Array;
  /** Their sum. */
  readonly scatter: number;
}

/**
 * Means and scatter of a partition.
 *
 * @param labels nSamples entries in 0..nClusters-1
 *
 * Time O(nSamples x nFeatures).
 */
export function partitionOf(samples: Samples, labels: Int32Array, nClusters: number): Partition {
  const { rows, cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const sizes = new Int32Array(nClusters);
  const means = new Float64Array(nClusters * cols);
  for (let i = 0; i < rows; i++) {
    const c = labels[i];
    sizes[c] = sizes[c] + 1;
    for (let j = 0; j < cols; j++) {
      means[c * cols + j] = means[c * cols + j] + data[i * cols + j];
    }
  }
  for (let at = 0; at < means.length; at++) {
    means[at] = (means[at] * unit) / Math.max(1, sizes[Math.floor(at / cols)]);
  }
  const squares = new Float64Array(rows);
  let scatter = 0;
  for (let i = 0; i < rows; i++) {
    const c = labels[i];
    let square = 0;
    for (let j = 0; j < cols; j++) {
      square += (data[i * cols + j] * unit - means[c * cols + j]) ** 2;
    }
    squares[i] = square;
    scatter += square;
  }
  return { means: { rows: nClusters, cols, data: means }, sizes, squares, scatter };
}

/**
 * First centers for `nClusters` clusters: the means of the clusters that are not empty, and for each one that is missing
 * the sample farthest from its own mean. Started from there, K-Means cannot end above the partition's scatter.
 */
export function grownCenters(
  samples: Samples,
  partition: Partition,
  nClusters: number,
): Matrix<Float64Array> {
  const { cols, data } = samples;
  const { means, sizes, squares } = partition;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const grown = new Float64Array(nClusters * cols);
  const kept = [...sizes.keys()].filter((c) => sizes[c] > 0);
  kept.forEach((c, at) => {
    grown.set(means.data.subarray(c * cols, (c + 1) * cols), at * cols);
  });
  const farthest = largest(squares, nClusters - kept.length);
  farthest.forEach((i, at) => {
    const to = (kept.length + at) * cols;
    for (let j = 0; j < cols; j++) grown[to + j] = data[i * cols + j] * unit;
  });
  return { rows: nClusters, cols, data: grown };
}

/** Indices of the `count` largest values, the lowest index first among equals. */
function largest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  for (let n = 0; n < count; n++) {
    let best = -1;
    for (let i = 0; i < values.length; i++) {
      if (found.includes(i)) continue;
      if (best < 0 || values[i] > values[best]) best = i;
    }
    found.push(best);
  }
  return found;
}
