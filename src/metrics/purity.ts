/** Scores that let each cluster stand for its most frequent class. Several clusters may stand for one class. */
import type { ContingencyTable } from "../partitions/index.ts";

/** The most frequent class of a cluster. */
interface Majority {
  /** Class with the largest count, the lowest at ties; -1 for an empty cluster. */
  readonly label: number;
  readonly count: number;
}

/** Most frequent class of each cluster; ties go to the lowest class, an empty cluster has label -1 and count 0. */
export function majorities(table: ContingencyTable): Majority[] {
  const { nClusters, nClasses, counts } = table;
  return Array.from({ length: nClusters }, (_, r) => {
    let label = -1;
    let count = 0;
    for (let l = 0; l < nClasses; l++) {
      const here = counts[r * nClasses + l];
      if (here > count) {
        count = here;
        label = l;
      }
    }
    return { label, count };
  });
}

/**
 * Share of samples that belong to the most frequent class of their cluster: every sample weighs alike.
 *
 * @returns a number in (0, 1]; 1 where no cluster mixes classes, so also where every sample is a cluster of its own
 */
export function purity(table: ContingencyTable): number {
  let agreeing = 0;
  for (const { count } of majorities(table)) agreeing += count;
  return agreeing / table.total;
}

/**
 * Mean over the non-empty clusters of (count of the most frequent class / size): every cluster weighs alike.
 *
 * @returns a number in (0, 1]
 */
export function meanClusterPurity(table: ContingencyTable): number {
  let sum = 0;
  let nonEmpty = 0;
  majorities(table).forEach(({ count }, r) => {
    if (count === 0) return;
    sum += count / table.clusterSizes[r];
    nonEmpty++;
  });
  return sum / nonEmpty;
}

/**
 * Number of classes that are the most frequent one of some non-empty cluster; ties go to the lowest class.
 *
 * As many as there are classes means that each of them is found.
 */
export function majorityClasses(table: ContingencyTable): number {
  const found = new Set<number>();
  for (const { label } of majorities(table)) if (label >= 0) found.add(label);
  return found.size;
}
