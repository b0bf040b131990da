/** The clusters of a run as they are now, and what they look like. */
import { EXAMPLES, findOutliers, pickExamples, type RunPoints } from "../../experiment/index.ts";
import { groupMeans } from "../../matrix/index.ts";
import { contingencyTable, matchOrder, sortedConfusion } from "../../metrics/index.ts";
import { createRandom } from "../../random/index.ts";
import type { ClusterView, ConfusionView, EditState, PlaneShapes } from "../protocol.ts";

/** Points of a line around a cluster. */
const OUTLINE_POINTS = 48;

/** Clusters that another is told to be confused with. */
const CONFUSED_WITH = 5;

/** Which image belongs where now. */
export interface CurrentClusters {
  /** Cluster of each image; numbers may have gaps. */
  readonly labels: Int32Array;
  readonly clusters: EditState["clusters"];
}

/** Classes of images, where they are known. */
export interface KnownClasses {
  /** -1 = unknown. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

/** What galleries are picked by. */
export interface GalleryInput {
  readonly now: CurrentClusters;
  /** Clusters as the run made them. */
  readonly original: Int32Array;
  readonly distances: Float64Array;
  readonly points: Pick<RunPoints, "margins" | "seconds">;
  readonly classes: KnownClasses | undefined;
  readonly seed: number;
}

/** Every cluster, with images that stand for it: those that the report picks. */
export function clusterViews(input: GalleryInput): readonly ClusterView[] {
  const { now, original, distances, points, classes, seed } = input;
  const { labels } = now;
  const nClusters = numbersOf(now);
  const choice = { labels, distances, margins: points.margins, nClusters, count: EXAMPLES };
  const examples = pickExamples(choice, createRandom(seed));
  const outliers = Array.from({ length: nClusters }, (): number[] => []);
  for (const { index } of findOutliers({ labels, distances, nClusters })) {
    const own = outliers[labels[index] as number];
    if (own && own.length < EXAMPLES) own.push(index);
  }
  const seconds = secondShares(labels, original, points.seconds, nClusters);
  const majorities = areKnown(classes) ? majoritiesOf(labels, classes, nClusters) : undefined;
  return now.clusters.map(({ cluster, name, notes, size }) => {
    const own = examples[cluster];
    const majority = majorities?.[cluster];
    return {
      ...{ cluster, name, notes, size },
      purity: majority?.share ?? null,
      majority: majority ? (classes?.classNames[majority.class] ?? null) : null,
      confusedWith: (seconds[cluster] ?? []).slice(0, CONFUSED_WITH),
      typical: Array.from(own?.typical ?? []),
      borderline: Array.from(own?.borderline ?? []),
      outliers: outliers[cluster] ?? [],
      random: Array.from(own?.random ?? []),
    };
  });
}

/** Whether the class of any image is known. */
function areKnown(classes: KnownClasses | undefined): classes is KnownClasses {
  return classes?.labels.some((label) => label >= 0) === true;
}

/** One more than the greatest number of a cluster. */
function numbersOf({ clusters }: CurrentClusters): number {
  return clusters.reduce((most, { cluster }) => Math.max(most, cluster + 1), 0);
}

/**
 * Of each cluster, the share of its images whose second cluster is another one, the largest first. Second clusters are
 * known by the numbers of the run; each counts as the cluster to which most of its images belong now.
 */
function secondShares(
  labels: Int32Array,
  original: Int32Array,
  seconds: Int32Array,
  nClusters: number,
): readonly (readonly { readonly cluster: number; readonly share: number }[])[] {
  const nOriginal = original.reduce((most, label) => Math.max(most, label + 1), 0);
  const went = Array.from({ length: nOriginal }, () => new Map<number, number>());
  for (let i = 0; i < labels.length; i++) add(went[original[i] as number], labels[i] as number);
  const nowOf = went.map((counts) => greatest(counts) ?? -1);
  const counts = Array.from({ length: nClusters }, () => new Map<number, number>());
  const sizes = new Int32Array(nClusters);
  for (let i = 0; i < labels.length; i++) {
    const own = labels[i] as number;
    sizes[own] = (sizes[own] as number) + 1;
    const second = nowOf[seconds[i] as number] ?? -1;
    if (second >= 0 && second !== own) add(counts[own], second);
  }
  return counts.map((found, own) =>
    [...found]
      .map(([cluster, count]) => ({ cluster, share: count / (sizes[own] as number) }))
      .sort((a, b) => b.share - a.share || a.cluster - b.cluster),
  );
}

function add(counts: Map<number, number> | undefined, key: number): void {
  counts?.set(key, (counts.get(key) ?? 0) + 1);
}

function greatest(counts: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  for (const [key, count] of counts)
    if (best === undefined || count > (counts.get(best) as number)) best = key;
  return best;
}

/** Most frequent class of each cluster, and its share of the images whose class is known. */
function majoritiesOf(
  labels: Int32Array,
  { labels: known, classNames }: KnownClasses,
  nClusters: number,
): readonly ({ readonly class: number; readonly share: number } | undefined)[] {
  const nClasses = classNames.length;
  const { counts, clusterSizes } = contingencyTable(labels, known, { nClusters, nClasses });
  return Array.from({ length: nClusters }, (_, cluster) => {
    const own = counts.subarray(cluster * nClasses, (cluster + 1) * nClasses);
    const total = clusterSizes[cluster] as number;
    if (total === 0) return undefined;
    const most = own.reduce((best, count, c) => (count > (own[best] as number) ? c : best), 0);
    return { class: most, share: (own[most] as number) / total };
  });
}

/** The sorted confusion matrix, by the match that the report's has; empty where no classes are known. */
export function confusionView(now: CurrentClusters, classes: KnownClasses | undefined): ConfusionView {
  if (!areKnown(classes)) return { classes: [], clusters: [], counts: [] };
  const numbers = now.clusters.filter(({ size }) => size > 0).map(({ cluster }) => cluster);
  const places = new Map(numbers.map((cluster, place) => [cluster, place]));
  const labels = now.labels.map((label) => places.get(label) as number);
  const { classNames } = classes;
  const table = contingencyTable(labels, classes.labels, {
    nClusters: numbers.length,
    nClasses: classNames.length,
  });
  const order = matchOrder(table);
  const confusion = sortedConfusion(table, order);
  return {
    classes: classNames,
    clusters: order.map((place) => numbers[place] as number),
    counts: classNames.map((_, l) => confusion.map((row) => row[l] ?? 0)),
  };
}

/**
 * Centers of the clusters in a plane, and ellipses of one standard deviation of their images there.
 *
 * @param places nImages x width, of which the first two columns are the plane
 * @param outlined whether clusters have such a shape; those of graphs may have any
 * @returns by number of the cluster; empty lists for numbers without images
 */
export function planeShapes(
  { labels, clusters }: CurrentClusters,
  places: Float32Array,
  width: number,
  outlined: boolean,
): PlaneShapes {
  const nClusters = numbersOf({ labels, clusters });
  const sizes = new Float64Array(nClusters);
  for (const own of labels) sizes[own] = (sizes[own] as number) + 1;
  const means = groupMeans({ rows: labels.length, cols: width, data: places }, labels, nClusters).data;
  const centers = Array.from(sizes, (size, own) =>
    size === 0 ? [] : Array.from(means.subarray(own * width, (own + 1) * width)),
  );
  if (!outlined || width !== 2) return { centers, ellipses: [] };
  const spreads = new Float64Array(nClusters * 3);
  for (let i = 0; i < labels.length; i++) {
    const own = labels[i] as number;
    const x = (places[2 * i] as number) - (means[2 * own] as number);
    const y = (places[2 * i + 1] as number) - (means[2 * own + 1] as number);
    spreads[3 * own] = (spreads[3 * own] as number) + x * x;
    spreads[3 * own + 1] = (spreads[3 * own + 1] as number) + x * y;
    spreads[3 * own + 2] = (spreads[3 * own + 2] as number) + y * y;
  }
  const ellipses = centers.map(([x = 0, y = 0], own) => {
    const size = sizes[own] as number;
    if (size < 2) return [];
    const [xx = 0, xy = 0, yy = 0] = spreads.subarray(3 * own, 3 * own + 3).map((sum) => sum / (size - 1));
    return outline(x, y, xx, xy, yy);
  });
  return { centers, ellipses };
}

/** The line on which (p - c)' S^-1 (p - c) = 1: the circle, under the Cholesky factor of S. */
function outline(x: number, y: number, xx: number, xy: number, yy: number): [number, number][] {
  const a = Math.sqrt(xx);
  const b = a > 0 ? xy / a : 0;
  const c = Math.sqrt(Math.max(0, yy - b * b));
  return Array.from({ length: OUTLINE_POINTS + 1 }, (_, i): [number, number] => {
    const turn = (2 * Math.PI * (i % OUTLINE_POINTS)) / OUTLINE_POINTS;
    const [u, v] = [Math.cos(turn), Math.sin(turn)];
    return [x + a * u, y + b * u + c * v];
  });
}
