/** Two opened runs held against each other. */
import { compareRuns, type RunRecord } from "../../experiment/index.ts";
import type { ComparedCluster, CompareView } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import type { CurrentClusters } from "./current-clusters.ts";

/** Cells of the table of two runs, at most: a thousand clusters in each take seconds to match. */
const MOST_CELLS = 1_000_000;

/** A run as it is now. */
export interface ComparedRun {
  readonly name: string;
  readonly record: RunRecord;
  readonly now: CurrentClusters;
}

/**
 * How the clusters of two runs agree.
 *
 * @throws {Refusal} 400 where they are of other images, or have too many clusters to be matched
 */
export function compareView(first: ComparedRun, second: ComparedRun): CompareView {
  const [a, b] = [numbered(first.now), numbered(second.now)];
  if (a.clusters.length * b.clusters.length > MOST_CELLS) {
    throw new Refusal(
      400,
      `explorer: runs that are compared must have at most ${MOST_CELLS} pairs of clusters; got ${a.clusters.length} x ${b.clusters.length}.`,
    );
  }
  const pair = compareRuns(
    { record: first.record, labels: a.labels, nClusters: a.clusters.length },
    { record: second.record, labels: b.labels, nClusters: b.clusters.length },
  );
  const { ari, nmi, flow, match, scores, differences } = pair;
  if (ari === undefined || nmi === undefined || !flow || !match) {
    throw new Refusal(
      400,
      `explorer: runs that are compared must be of the same images; got ${words(first)} and ${words(second)}.`,
    );
  }
  return {
    clusters: a.clusters,
    others: b.clusters,
    flow,
    match: match.map(([i, j]) => [a.clusters[i]?.cluster ?? -1, b.clusters[j]?.cluster ?? -1] as const),
    agreeing: match.reduce((sum, [i, j]) => sum + (flow[i]?.[j] ?? 0), 0),
    adjustedRandIndex: ari,
    normalizedMutualInformation: nmi,
    scores,
    differences,
  };
}

function words({ name, record: { source, scored = source } }: ComparedRun): string {
  return `"${name}" (${scored.name}, ${scored.count} images, digest ${scored.sha256.slice(0, 8)})`;
}

/** Clusters that have images, and labels that count them without gaps. */
function numbered({ labels, clusters }: CurrentClusters): {
  readonly clusters: readonly ComparedCluster[];
  readonly labels: Int32Array;
} {
  const filled = clusters.filter(({ size }) => size > 0);
  const places = new Map(filled.map(({ cluster }, place) => [cluster, place]));
  return {
    clusters: filled.map(({ cluster, name, size }) => ({ cluster, name, size })),
    labels: labels.map((label) => places.get(label) as number),
  };
}
