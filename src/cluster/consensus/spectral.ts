/**
 * One answer from the singular vectors of all labels (spectral consensus; Strehl and Ghosh 2002 give the table, Fern and
 * Brodley 2004 its spectral cut).
 *
 * B has a column for each cluster of each partition, 1 / sqrt(size of the cluster) for its members and 0 for all others.
 * Its first k left singular vectors place the samples so that those which most partitions put together lie together. They
 * are B V / s, with the eigenvectors V and eigenvalues s^2 of B'B, which has as many rows as there are clusters in all:
 * element (a, b) is the number of samples that a and b share, over the root of the product of their sizes.
 */

import type { Matrix } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";
import { leadingEigen } from "./leading-eigen.ts";
import type { Overlaps } from "./overlaps.ts";

/** Rows of the first `nClusters` left singular vectors, each of length 1: nSamples x nClusters. */
export function spectralPlaces(
  labels: readonly Int32Array[],
  { nClusters, counts }: Overlaps,
  random: Random,
): Matrix<Float32Array> {
  const size = labels.length * nClusters;
  const roots = Float64Array.from({ length: size }, (_, a) => Math.sqrt(counts[a * size + a] as number));
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const product = (roots[a] as number) * (roots[b] as number);
      gram[a * size + b] = product > 0 ? (counts[a * size + b] as number) / product : 0;
    }
  }
  const { values, vectors } = leadingEigen(gram, size, nClusters, random);
  const rows = (labels[0] as Int32Array).length;
  const data = new Float32Array(rows * nClusters);
  const place = new Float64Array(nClusters);
  for (let i = 0; i < rows; i++) {
    place.fill(0);
    labels.forEach((partition, p) => {
      const a = p * nClusters + (partition[i] as number);
      for (let c = 0; c < nClusters; c++)
        place[c] = (place[c] as number) + (vectors[c * size + a] as number) / (roots[a] as number);
    });
    let length = 0;
    for (let c = 0; c < nClusters; c++) {
      place[c] = (place[c] as number) / Math.sqrt(Math.max(values[c] as number, 1e-12));
      length += (place[c] as number) ** 2;
    }
    for (let c = 0; c < nClusters; c++) data[i * nClusters + c] = (place[c] as number) / Math.sqrt(length);
  }
  return { rows, cols: nClusters, data };
}
