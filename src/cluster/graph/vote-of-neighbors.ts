import { InputError } from "../../errors.ts";
import type { Matrix } from "../../matrix/index.ts";

/** Which samples are the nearest of each query: `indices[q * k + j]`, 0..nSamples-1. */
export interface NeighborTable {
  readonly rows: number;
  readonly k: number;
  readonly indices: Int32Array;
}

/**
 * Share of each cluster among the neighbours of each query, by weight: how new samples are assigned to the clusters of a
 * graph. The label of a query is the cluster with the largest share, the lowest among equals.
 *
 * @param neighbors nQueries x k
 * @param weights nQueries x k, at least 0; where all of a query's are 0, its neighbours count alike
 * @param labels cluster of each sample, 0..nClusters-1
 * @returns nQueries x nClusters, rows sum to 1
 * @throws {InputError} if the weights do not fit the neighbours, or a neighbour is no sample
 */
export function voteOfNeighbors(
  neighbors: NeighborTable,
  weights: Float32Array,
  labels: Int32Array,
  nClusters: number,
): Matrix<Float32Array> {
  const { rows, k, indices } = neighbors;
  if (k < 1 || indices.length !== rows * k || weights.length !== rows * k) {
    throw new InputError(
      `voteOfNeighbors: neighbors and weights must have rows x k = ${rows} x ${k} entries, k at least 1; got ${indices.length} and ${weights.length}.`,
    );
  }
  const shares = new Float64Array(nClusters);
  const data = new Float32Array(rows * nClusters);
  for (let q = 0; q < rows; q++) {
    shares.fill(0);
    let total = 0;
    for (let e = q * k; e < (q + 1) * k; e++) total += weights[e] as number;
    for (let e = q * k; e < (q + 1) * k; e++) {
      const label = labels[indices[e] as number];
      if (label === undefined) {
        throw new InputError(
          `voteOfNeighbors: neighbors must be samples, 0..${labels.length - 1}; got ${indices[e]} in row ${q}.`,
        );
      }
      shares[label] = (shares[label] as number) + (total > 0 ? (weights[e] as number) / total : 1 / k);
    }
    data.set(shares, q * nClusters);
  }
  return { rows, cols: nClusters, data };
}
