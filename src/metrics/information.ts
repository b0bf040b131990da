/**
 * Scores that ask how much the cluster tells about the class, and the class about the cluster.
 *
 * With n samples, counts n_rl, cluster sizes a_r and class sizes b_l, in nats:
 *   H(clusters) = sum a_r/n log(n/a_r),  H(classes) = sum b_l/n log(n/b_l)
 *   I = sum n_rl/n log(n n_rl / (a_r b_l))
 * Empty clusters and classes that do not occur add nothing. Rounding that leaves a range is cut off.
 * Sources: Rosenberg and Hirschberg 2007 (homogeneity, completeness, V); Vinh, Epps and Bailey 2010 (NMI, AMI).
 */
import type { ContingencyTable } from "../partitions/index.ts";
import { expectedMutualInformation } from "./expected-mutual-information.ts";

/** How much of the classes' entropy the clusters explain: 1 if no cluster mixes classes; 1 for a single class. */
export function homogeneity(table: ContingencyTable): number {
  return explained(mutualInformation(table), entropy(table.classSizes, table.total));
}

/** How much of the clusters' entropy the classes explain: 1 if no class is split; 1 for a single cluster. */
export function completeness(table: ContingencyTable): number {
  return explained(mutualInformation(table), entropy(table.clusterSizes, table.total));
}

/** Harmonic mean of homogeneity and completeness, in [0, 1]; 0 where both are 0. */
export function vMeasure(table: ContingencyTable): number {
  const h = homogeneity(table);
  const c = completeness(table);
  return h + c === 0 ? 0 : (2 * h * c) / (h + c);
}

/**
 * Mutual information over the arithmetic mean of both entropies.
 *
 * @returns a number in [0, 1], the same as {@link vMeasure}; 1 for one cluster against one class, 0 for one cluster
 *   against several classes
 */
export function normalizedMutualInformation(table: ContingencyTable): number {
  const mean = meanEntropy(table);
  return mean === 0 ? 1 : Math.min(1, mutualInformation(table) / mean);
}

/**
 * Mutual information adjusted for chance, with the arithmetic mean of both entropies.
 *
 * @returns 1 for equal partitions, 0 on average for random ones, below 0 for worse. One cluster against several
 *   classes gives 0 (to rounding), as do singletons against anything else; a partition against itself gives 1, one
 *   cluster and singletons included.
 *
 * Time: see `expectedMutualInformation`.
 */
export function adjustedMutualInformation(table: ContingencyTable): number {
  // For singletons against themselves the formula is 0 / 0; the rule for all equal partitions decides it.
  if (isOneToOne(table)) return 1;
  const expected = expectedMutualInformation(table);
  return (mutualInformation(table) - expected) / (meanEntropy(table) - expected);
}

/** Mutual information of clusters and classes, in nats, at least 0. */
export function mutualInformation(table: ContingencyTable): number {
  const { nClusters, nClasses, counts, clusterSizes, classSizes, total } = table;
  let sum = 0;
  for (let r = 0; r < nClusters; r++) {
    for (let l = 0; l < nClasses; l++) {
      const count = counts[r * nClasses + l];
      if (count === 0) continue;
      sum += (count / total) * Math.log((count * total) / (clusterSizes[r] * classSizes[l]));
    }
  }
  return Math.max(0, sum);
}

function entropy(sizes: Float64Array, total: number): number {
  let sum = 0;
  for (const size of sizes) if (size > 0) sum += (size / total) * Math.log(total / size);
  return sum;
}

function meanEntropy(table: ContingencyTable): number {
  return (entropy(table.clusterSizes, table.total) + entropy(table.classSizes, table.total)) / 2;
}

function explained(information: number, uncertainty: number): number {
  return uncertainty === 0 ? 1 : Math.min(1, information / uncertainty);
}

/** Whether clusters and classes are the same partition under other names: each count fills its row and its column. */
function isOneToOne(table: ContingencyTable): boolean {
  const { nClusters, nClasses, counts, clusterSizes, classSizes } = table;
  for (let r = 0; r < nClusters; r++) {
    for (let l = 0; l < nClasses; l++) {
      const count = counts[r * nClasses + l];
      if (count !== 0 && (count !== clusterSizes[r] || count !== classSizes[l])) return false;
    }
  }
  return true;
}
