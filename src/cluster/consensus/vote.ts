/**
 * One answer by vote. Clusters of different partitions have no common names: each partition is aligned to a reference, by
 * the one-to-one match of clusters that shares the most samples, and then it gives each sample one vote.
 */
import { contingencyTable, linearAssignment } from "../../partitions/index.ts";

/**
 * Labels by vote in two rounds: the first is aligned to `reference`, the second to the outcome of the first.
 *
 * A sample goes to the cluster with the most votes, the lowest among equals. A cluster that wins no sample takes the one
 * that has given it the most votes, the earliest among equals, and that is not alone in its cluster.
 */
export function voteInRounds(
  reference: Int32Array,
  partitions: readonly Int32Array[],
  nClusters: number,
): Int32Array {
  let labels = reference;
  for (let round = 0; round < 2; round++) {
    const votes = countVotes(labels, partitions, nClusters);
    labels = winners(votes, nClusters);
    fillEmpty(labels, votes, nClusters);
  }
  return labels;
}

/** nSamples x nClusters: how many partitions, aligned to the reference, put each sample into each cluster. */
export function countVotes(
  reference: Int32Array,
  partitions: readonly Int32Array[],
  nClusters: number,
): Int32Array {
  const votes = new Int32Array(reference.length * nClusters);
  for (const labels of partitions) {
    const matched = matchTo(reference, labels, nClusters);
    for (let i = 0; i < labels.length; i++) {
      const cell = i * nClusters + (matched[labels[i] as number] as number);
      votes[cell] = (votes[cell] as number) + 1;
    }
  }
  return votes;
}

/** Cluster of the reference for each cluster of the labels: the one-to-one match that shares the most samples. */
function matchTo(reference: Int32Array, labels: Int32Array, nClusters: number): Int32Array {
  const { counts } = contingencyTable(labels, reference, { nClusters, nClasses: nClusters });
  const costs = { rows: nClusters, cols: nClusters, data: counts.map((count) => -count) };
  return linearAssignment(costs).columnOfRow;
}

function winners(votes: Int32Array, nClusters: number): Int32Array {
  return Int32Array.from({ length: votes.length / nClusters }, (_, i) => {
    let best = 0;
    for (let c = 1; c < nClusters; c++) {
      if ((votes[i * nClusters + c] as number) > (votes[i * nClusters + best] as number)) best = c;
    }
    return best;
  });
}

/** Gives each empty cluster a sample, as {@link voteInRounds} says; writes to `labels`. */
export function fillEmpty(labels: Int32Array, votes: Int32Array, nClusters: number): void {
  const sizes = new Int32Array(nClusters);
  for (let i = 0; i < labels.length; i++)
    sizes[labels[i] as number] = (sizes[labels[i] as number] as number) + 1;
  for (let c = 0; c < nClusters; c++) {
    if ((sizes[c] as number) > 0) continue;
    let taken = -1;
    for (let i = 0; i < labels.length; i++) {
      if (sizes[labels[i] as number] === 1) continue;
      if (taken < 0 || (votes[i * nClusters + c] as number) > (votes[taken * nClusters + c] as number))
        taken = i;
    }
    const from = labels[taken] as number;
    sizes[from] = (sizes[from] as number) - 1;
    sizes[c] = 1;
    labels[taken] = c;
  }
}
