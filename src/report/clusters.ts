import type { RunRecord, SourceRecord } from "../experiment/index.ts";
import { percent, quantity, shorten } from "./format.ts";

/** The most frequent class of a cluster. */
export interface Majority {
  readonly classIndex: number;
  readonly className: string;
  /** Its share of the cluster's labelled images, in [0, 1]. */
  readonly share: number;
}

/** What a record says of one cluster. */
export interface ClusterSummary {
  readonly cluster: number;
  /** Number of scored images in it. */
  readonly size: number;
  /** Its most frequent class and that class's share of its labelled images; absent without labels or if it is empty. */
  readonly majority?: Majority;
  /** Images of each class in it; absent without labels. */
  readonly classCounts?: readonly number[];
}

/** The clusters of a run, in the order of their numbers. */
export function clusterSummaries(result: RunRecord): readonly ClusterSummary[] {
  const rows = rowsByCluster(result);
  const source = scoredSource(result);
  return result.sizes.map((size, cluster) => {
    const classCounts = rows?.[cluster];
    if (classCounts === undefined) return { cluster, size };
    const classIndex = indexOfGreatest(classCounts);
    const labelled = sum(classCounts);
    if (labelled === 0) return { cluster, size, classCounts };
    const share = (classCounts[classIndex] ?? 0) / labelled;
    return {
      cluster,
      size,
      classCounts,
      majority: { classIndex, className: className(source, classIndex), share },
    };
  });
}

/** The most frequent class of a cluster with its share: `91.0% Trouser`. */
export function majorityWords(majority: Majority, length = 60): string {
  return `${percent(majority.share)} ${classWords(shorten(majority.className, length))}`;
}

/** Name of a class in a sentence: `Trouser`, but `class 5`, since a bare number would be taken for a count. */
export function classWords(name: string): string {
  return /^\d+$/.test(name) ? `class ${name}` : name;
}

/** One line on a cluster: `6,012 images, 91.0% Trouser`. */
export function clusterLine(summary: ClusterSummary): string {
  const size = quantity(summary.size, "image");
  const { majority } = summary;
  return majority === undefined ? size : `${size}, ${majorityWords(majority)}`;
}

/** Source of the images that the scores, sizes and confusion matrix speak of. */
export function scoredSource(result: RunRecord): SourceRecord {
  return result.scored ?? result.source;
}

/** Name of a class; its number where the source has no name for it. */
export function className(source: SourceRecord, classIndex: number): string {
  return source.classNames?.[classIndex] ?? `${classIndex}`;
}

/** Position of the greatest value, the first among equals. */
export function indexOfGreatest(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value > (values[best] ?? 0)) best = i;
  });
  return best;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

// The record keeps the rows in sorted order; row r belongs to cluster order[r].
function rowsByCluster(result: RunRecord): readonly (readonly number[])[] | undefined {
  const { confusion, order } = result;
  if (confusion === undefined || order === undefined) return undefined;
  const rows: (readonly number[])[] = [];
  order.forEach((cluster, r) => {
    rows[cluster] = confusion[r] ?? [];
  });
  return rows;
}
