import { InputError } from "../errors.ts";

/** Cells that a table may have; its counts then take 200 MB. */
const maximumCells = 50_000_000;

/** How many samples each cluster shares with each class: everything that a score of labels against classes needs. */
export interface ContingencyTable {
  readonly nClusters: number;
  readonly nClasses: number;
  /** nClusters x nClasses, row-major: `counts[r * nClasses + l]` samples of cluster r belong to class l. */
  readonly counts: Int32Array;
  /** Counted samples of each cluster (row sums); 0 for an empty cluster. */
  readonly clusterSizes: Float64Array;
  /** Counted samples of each class (column sums); 0 for a class that does not occur. */
  readonly classSizes: Float64Array;
  /** Number of counted samples, at least 1. */
  readonly total: number;
  /** Number of samples without a cluster, without a class, or without either; they count nowhere else. */
  readonly leftOut: number;
}

/** Sizes of the table, where clusters or classes may be empty; without them, the largest label says. */
export interface ContingencyOptions {
  readonly nClusters?: number | undefined;
  readonly nClasses?: number | undefined;
}

/**
 * Contingency table of a clustering and the true classes.
 *
 * @param clusters cluster of each sample, 0..nClusters-1, or -1 for none
 * @param classes class of each sample, 0..nClasses-1, or -1 for none
 * @throws {InputError} if both differ in length, hold anything but such labels, no sample has both a cluster and a
 *   class, or the table would have more than 50,000,000 cells
 */
export function contingencyTable(
  clusters: Int32Array,
  classes: Int32Array,
  options: ContingencyOptions = {},
): ContingencyTable {
  if (clusters.length !== classes.length) {
    throw new InputError(
      `contingencyTable: clusters and classes must be equally long; got ${clusters.length} and ${classes.length}.`,
    );
  }
  const nClusters = labelCount("clusters", clusters, "nClusters", options.nClusters);
  const nClasses = labelCount("classes", classes, "nClasses", options.nClasses);
  if (nClusters * nClasses > maximumCells) {
    throw new InputError(
      `contingencyTable: clusters x classes must be at most ${maximumCells}; got ${nClusters} x ${nClasses}. Number both from 0 without gaps.`,
    );
  }
  const counts = new Int32Array(nClusters * nClasses);
  const clusterSizes = new Float64Array(nClusters);
  const classSizes = new Float64Array(nClasses);
  let total = 0;
  for (let i = 0; i < clusters.length; i++) {
    const cluster = clusters[i];
    const label = classes[i];
    if (cluster < 0 || label < 0) continue;
    counts[cluster * nClasses + label]++;
    clusterSizes[cluster]++;
    classSizes[label]++;
    total++;
  }
  if (total === 0) {
    throw new InputError(
      `contingencyTable: at least one sample must have both a cluster and a class; got ${clusters.length} samples and none such. Scores against classes need labelled samples.`,
    );
  }
  return { nClusters, nClasses, counts, clusterSizes, classSizes, total, leftOut: clusters.length - total };
}

/** Checks one side's labels and gives how many different ones the table must hold. */
function labelCount(what: string, labels: Int32Array, option: string, stated: number | undefined): number {
  if (stated !== undefined && !(Number.isSafeInteger(stated) && stated >= 1)) {
    throw new InputError(`contingencyTable: ${option} must be an integer of at least 1; got ${stated}.`);
  }
  let largest = -1;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < -1) {
      throw new InputError(
        `contingencyTable: ${what} must be integers from 0, or -1 for none; got ${label} at index ${i}.`,
      );
    }
    if (label > largest) largest = label;
  }
  if (stated !== undefined && largest >= stated) {
    throw new InputError(
      `contingencyTable: ${what} must be below ${option}, ${stated}; got ${largest} at index ${labels.indexOf(largest)}.`,
    );
  }
  return stated ?? largest + 1;
}
