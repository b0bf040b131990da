/** How much the clusters of several partitions of the same samples have in common. */
import { adjustedRandIndex, contingencyTable } from "../../partitions/index.ts";

/** All partitions against each other. */
export interface Overlaps {
  readonly nPartitions: number;
  readonly nClusters: number;
  /** nPartitions x nPartitions: adjusted Rand index of each two. */
  readonly agreement: Float64Array;
  /** (nPartitions nClusters)^2: samples that each cluster of each partition shares with each of each other, row-major. */
  readonly counts: Float64Array;
}

/**
 * Compares partitions.
 *
 * @param labels cluster of each sample, 0..nClusters-1, for each partition
 *
 * Time O(nPartitions^2 x nSamples): about 0.5 s for 48 partitions of 70,000 samples.
 */
export function overlapsOf(labels: readonly Int32Array[], nClusters: number): Overlaps {
  const nPartitions = labels.length;
  const size = nPartitions * nClusters;
  const agreement = new Float64Array(nPartitions * nPartitions);
  const counts = new Float64Array(size * size);
  const sizes = { nClusters, nClasses: nClusters };
  labels.forEach((one, p) => {
    for (let q = p; q < nPartitions; q++) {
      const table = contingencyTable(one, labels[q] as Int32Array, sizes);
      const index = adjustedRandIndex(table);
      agreement[p * nPartitions + q] = index;
      agreement[q * nPartitions + p] = index;
      for (let a = 0; a < nClusters; a++) {
        for (let b = 0; b < nClusters; b++) {
          const shared = table.counts[a * nClusters + b] as number;
          counts[(p * nClusters + a) * size + q * nClusters + b] = shared;
          counts[(q * nClusters + b) * size + p * nClusters + a] = shared;
        }
      }
    }
  });
  return { nPartitions, nClusters, agreement, counts };
}

/** Mean adjusted Rand index of each partition to the others; 1 for a partition that is the only one. */
export function meanAgreements({ nPartitions, agreement }: Overlaps): Float64Array {
  return Float64Array.from({ length: nPartitions }, (_, p) => {
    if (nPartitions === 1) return 1;
    let sum = 0;
    for (let q = 0; q < nPartitions; q++) if (q !== p) sum += agreement[p * nPartitions + q] as number;
    return sum / (nPartitions - 1);
  });
}
