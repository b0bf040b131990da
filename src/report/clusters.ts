import type { RunRecord, SourceRecord } from "../experiment/index.ts";
import { percent, quantity, shorten } from "../presentation/index.ts";

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
  /** What the user calls it, and notes of it, where there is something. */
  readonly name?: string;
  readonly notes?: string;
  /** Number of scored images in it. */
  readonly size: number;
  /** Its most frequent class and that class's share of its labelled images; absent without labels or if it is empty. */
  readonly majority?: Majority;
  /** Images of each class in it; absent without labels. */
  readonly classCounts?: readonly number[];
}

/** What the user calls clusters, by their numbers. */
export type ClusterNames = ReadonlyMap<number, { readonly name?: string; readonly notes?: string }>;

/** The clusters of a run, in the order of their numbers. */
export function clusterSummaries(
  result: RunRecord,
  names: ClusterNames = new Map(),
): readonly ClusterSummary[] {
  const rows = rowsByCluster(result);
  const source = scoredSource(result);
  return result.sizes.map((size, cluster) => {
    const { name, notes } = names.get(cluster) ?? {};
    const named = { cluster, size, ...(name && { name }), ...(notes && { notes }) };
    const classCounts = rows?.[cluster];
    if (classCounts === undefined) return named;
    const classIndex = indexOfGreatest(classCounts);
    const labelled = sum(classCounts);
    if (labelled === 0) return { ...named, classCounts };
    const share = (classCounts[classIndex] ?? 0) / labelled;
    return {
      ...named,
      classCounts,
      majority: { classIndex, className: className(source, classIndex), share },
    };
  });
}

/** A cluster's number, and its name where it has one: `3`, or `3 (boots)`. */
export function clusterName(clusters: readonly ClusterSummary[], cluster: number): string {
  const name = clusters[cluster]?.name;
  return name === undefined ? `${cluster}` : `${cluster} (${shorten(name, 40)})`;
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
