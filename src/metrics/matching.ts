/** Which cluster is which class: the best one-to-one match, the score it gives, and the orders of a readable table. */

import type { ContingencyTable } from "../partitions/index.ts";
import { linearAssignment } from "../partitions/index.ts";
import { majorities } from "./purity.ts";

/** One-to-one match of clusters and classes with the most samples in matched cells. */
export interface BestMatch {
  /** Class of each cluster, or -1 where there are more clusters than classes and this one is left over. */
  readonly classOfCluster: Int32Array;
  /** Number of samples whose cluster is matched to their class. */
  readonly matched: number;
}

/**
 * The best one-to-one match of clusters and classes, exact for any number of either.
 *
 * min(nClusters, nClasses) pairs are made, even if some of them share no sample. Where several matches are equally
 * good, the rule of {@link linearAssignment} picks one, always the same for the same table.
 *
 * Time O(min^2 x max) of both numbers at worst.
 */
export function bestMatch(table: ContingencyTable): BestMatch {
  const { nClusters, nClasses, counts } = table;
  const costs = counts.map((count) => -count);
  const { columnOfRow } = linearAssignment({ rows: nClusters, cols: nClasses, data: costs });
  let matched = 0;
  for (let r = 0; r < nClusters; r++) {
    if (columnOfRow[r] >= 0) matched += counts[r * nClasses + columnOfRow[r]];
  }
  return { classOfCluster: columnOfRow, matched };
}

/** Share of samples whose cluster is matched to their class by the best one-to-one match, in (0, 1]. */
export function accuracy(table: ContingencyTable): number {
  return bestMatch(table).matched / table.total;
}

/**
 * Clusters in the order of the best match: the one matched to class 0 first, then that of class 1, and so on; clusters
 * without a class follow, the largest first, ties by lowest index.
 *
 * @returns a permutation of 0..nClusters-1
 */
export function matchOrder(table: ContingencyTable, match: BestMatch = bestMatch(table)): number[] {
  const { classOfCluster } = match;
  const rank = (r: number): number => (classOfCluster[r] < 0 ? table.nClasses : classOfCluster[r]);
  // Matched clusters never share a rank, so that sizes decide among those left over only.
  return sortedClusters(table, (r, s) => rank(r) - rank(s) || table.clusterSizes[s] - table.clusterSizes[r]);
}

/**
 * Clusters in the order of their most frequent class, as in seed 000's sorted matrix: several clusters may stand for
 * one class, and a class that is nowhere the most frequent has none.
 *
 * Among clusters of one class the one with the most samples of that class comes first, ties by lowest index; a cluster
 * with several most frequent classes stands for the lowest. Empty clusters come last.
 *
 * @returns a permutation of 0..nClusters-1
 */
export function majorityOrder(table: ContingencyTable): number[] {
  const majority = majorities(table);
  const rank = (r: number): number => (majority[r].label < 0 ? table.nClasses : majority[r].label);
  return sortedClusters(table, (r, s) => rank(r) - rank(s) || majority[s].count - majority[r].count);
}

/**
 * Rows of the table in the given order: entry [r][l] counts the samples of class l in cluster `order[r]`.
 *
 * @param order clusters, each 0..nClusters-1
 */
export function sortedConfusion(table: ContingencyTable, order: readonly number[]): number[][] {
  const { nClasses, counts } = table;
  return order.map((r) => Array.from(counts.subarray(r * nClasses, (r + 1) * nClasses)));
}

/** The sort is stable, so that ties keep the lowest index first. */
function sortedClusters(table: ContingencyTable, compare: (r: number, s: number) => number): number[] {
  return Array.from({ length: table.nClusters }, (_, r) => r).sort(compare);
}
