/** What a person should look at before trusting, or using, a set of images: which of them, and why. */
import { type ImageSet, imageLength, takeImages } from "../../images/index.ts";
import type { StageContext } from "../../pipeline/index.ts";
import type { ClusterExhibit, CurationExhibit, Exhibit } from "../exhibits.ts";
import { type NearDuplicates, nearDuplicates } from "./near-duplicates.ts";

/**
 * Why an image is listed:
 *
 * - `near-duplicate`: it is nearly the same as the others of its group (`nearDuplicates`);
 * - `outlier`: it lies farther from the center of its cluster than the others do (Tukey's fence);
 * - `disagreement`: its class is not that of most images of its cluster, where more than half of them have one;
 * - `typical`, `borderline`: the images of each cluster nearest to its center, and most nearly in another cluster.
 */
export const curationKinds = ["near-duplicate", "outlier", "disagreement", "typical", "borderline"] as const;
/** Why an image is on the list. */
export type CurationKind = (typeof curationKinds)[number];

/** One image on the list. */
export interface CurationRow {
  readonly kind: CurationKind;
  /** From 1 on: of near duplicates that of the group, of typical and borderline images within the cluster. */
  readonly rank: number;
  /** Among the scored images, as in `assignments.csv`. */
  readonly index: number;
  /** Group of near duplicates, from 1 on. */
  readonly group?: number;
  /**
   * - `near-duplicate`: distance to the nearest of the group as a share of the typical distance to the nearest image; 0: equal;
   * - `outlier`: how far beyond the third quartile of its cluster's distances, in interquartile ranges, above 1.5;
   * - `disagreement`: share of the cluster's class times how clearly the image belongs to the cluster, at most 1;
   * - `typical`: distance to the center; `borderline`: how clearly it belongs to its cluster, 0 = undecided.
   */
  readonly score: number;
}

/** All rows by kind, each kind by rank, and pictures of some. */
export interface Curation {
  readonly rows: readonly CurationRow[];
  /** Absent where there is nothing to show. */
  readonly exhibit?: CurationExhibit;
}

/** What it is found by. */
export interface CurationInput {
  readonly images: ImageSet;
  /** Cluster of each image, 0..nClusters-1. */
  readonly labels: Int32Array;
  /** Distance of each image to the center of its cluster. */
  readonly distances: Float64Array;
  /** How clearly each image belongs to its cluster, 0 = undecided. */
  readonly margins: Float64Array;
  readonly nClusters: number;
  /** The typical and borderline images of each cluster. */
  readonly clusters: readonly ClusterExhibit[];
}

/** Most rows of near duplicates, of outliers and of disagreements, so that the list of a large set can be read. */
const CURATION_ROWS = 10_000;

/** How far beyond the quartiles, in interquartile ranges, an outlier lies (Tukey 1977). */
const FENCE = 1.5;

/** A fence around fewer images is no fence. */
const LEAST_MEMBERS = 8;

/** Most pictures of each kind, and bytes of pixels that all may have. */
const SHOWN = 36;
const SHOWN_GROUPS = 24;
const SHOWN_OF_GROUP = 6;
const SHOWN_BYTES = 900_000;

export async function curate(input: CurationInput, context: StageContext): Promise<Curation> {
  const { images, distances, margins } = input;
  const duplicates = await nearDuplicates(images, context);
  const outliers = findOutliers(input);
  const { rows: disagreements, majorities } = findDisagreements(input);
  const ofClusters = (kind: "typical" | "borderline", scores: Float64Array): readonly CurationRow[] =>
    input.clusters.flatMap((cluster) =>
      cluster[kind].indices.map((index, i) => ({
        kind,
        rank: i + 1,
        index,
        score: scores[index] as number,
      })),
    );
  const exhibit = exhibitOf(input, duplicates, outliers, disagreements, majorities);
  return {
    rows: [
      ...duplicateRows(duplicates),
      ...outliers.slice(0, CURATION_ROWS),
      ...disagreements.slice(0, CURATION_ROWS),
      ...ofClusters("typical", distances),
      ...ofClusters("borderline", margins),
    ],
    ...(exhibit && { exhibit }),
  };
}

function duplicateRows({ groups, shares }: NearDuplicates): readonly CurationRow[] {
  const rows: CurationRow[] = [];
  for (const [g, group] of groups.entries()) {
    if (rows.length + group.length > CURATION_ROWS && g > 0) break; // groups are listed whole
    for (const index of group) {
      rows.push({ kind: "near-duplicate", rank: g + 1, index, group: g + 1, score: shares.get(index) ?? 0 });
    }
  }
  return rows;
}

/** Images far from the center of their cluster: the farthest first, in units of their own cluster's spread. */
export function findOutliers({
  labels,
  distances,
  nClusters,
}: Pick<CurationInput, "labels" | "distances" | "nClusters">): readonly CurationRow[] {
  const members = Array.from({ length: nClusters }, (): number[] => []);
  labels.forEach((label, i) => {
    members[label]?.push(i);
  });
  const found = members.flatMap((own) => {
    if (own.length < LEAST_MEMBERS) return [];
    const sorted = Float64Array.from(own, (i) => distances[i] as number).sort();
    const [low, high] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
    if (!(high > low)) return [];
    return own
      .map((index) => ({ index, score: ((distances[index] as number) - high) / (high - low) }))
      .filter(({ score }) => score > FENCE);
  });
  return ranked("outlier", found);
}

/** By linear interpolation between the sorted values. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  return low + (at % 1) * ((sorted[Math.ceil(at)] as number) - low);
}

interface Disagreements {
  readonly rows: readonly CurationRow[];
  /** Class of more than half of each cluster's labelled images; -1 where there is none. */
  readonly majorities: Int32Array;
}

/** Images that a cluster holds most firmly while their class is not its class. */
function findDisagreements({ images, labels, margins, nClusters }: CurationInput): Disagreements {
  const { labels: classes, classNames = [] } = images;
  const majorities = new Int32Array(nClusters).fill(-1);
  if (!classes) return { rows: [], majorities };
  const nClasses = classNames.length;
  const counts = new Float64Array(nClusters * nClasses);
  const totals = new Float64Array(nClusters);
  classes.forEach((label, i) => {
    if (label < 0) return;
    const cluster = labels[i] as number;
    counts[cluster * nClasses + label] = (counts[cluster * nClasses + label] as number) + 1;
    totals[cluster] = (totals[cluster] as number) + 1;
  });
  const shares = new Float64Array(nClusters);
  for (let c = 0; c < nClusters; c++) {
    for (let l = 0; l < nClasses; l++) {
      const share = (counts[c * nClasses + l] as number) / (totals[c] as number);
      if (share > 0.5) {
        majorities[c] = l;
        shares[c] = share;
      }
    }
  }
  const found: Found[] = [];
  classes.forEach((label, index) => {
    const cluster = labels[index] as number;
    const majority = majorities[cluster] as number;
    if (label < 0 || majority < 0 || label === majority) return;
    found.push({ index, score: (shares[cluster] as number) * (margins[index] as number) });
  });
  return { rows: ranked("disagreement", found), majorities };
}

interface Found {
  readonly index: number;
  readonly score: number;
}

/** Highest score first, ties by index. */
function ranked(kind: CurationKind, found: readonly Found[]): readonly CurationRow[] {
  return found
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index, score }, i) => ({ kind, rank: i + 1, index, score }));
}

function exhibitOf(
  { images, labels }: CurationInput,
  { groups, shares, sampled }: NearDuplicates,
  outliers: readonly CurationRow[],
  disagreements: readonly CurationRow[],
  majorities: Int32Array,
): CurationExhibit | undefined {
  // Large images are shown in smaller numbers, all kinds alike.
  const bytes = imageLength(images) * (2 * SHOWN + SHOWN_GROUPS * SHOWN_OF_GROUP);
  const part = Math.min(1, SHOWN_BYTES / bytes);
  const most = (count: number): number => Math.max(4, Math.floor(count * part));
  const show = (indices: readonly number[]): Exhibit => ({ indices, images: takeImages(images, indices) });
  const clustersOf = (indices: readonly number[]): readonly number[] =>
    indices.map((i) => labels[i] as number);
  const list = (rows: readonly CurationRow[]) => {
    const shown = spreadOver(rows, labels, most(SHOWN));
    const indices = shown.map(({ index }) => index);
    return {
      total: rows.length,
      shown: show(indices),
      clusters: clustersOf(indices),
      scores: shown.map(({ score }) => score),
    };
  };
  const across = (of: Int32Array): number =>
    groups.filter((group) => group.some((i) => of[i] !== of[group[0] as number])).length;
  const duplicates = groups.length > 0 && {
    total: groups.length,
    images: groups.reduce((sum, group) => sum + group.length, 0),
    equal: groups.filter((group) => group.every((i) => shares.get(i) === 0)).length,
    acrossClusters: across(labels),
    ...(images.labels && { acrossClasses: across(images.labels) }),
    ...(sampled !== undefined && { sampled }),
    groups: shownGroups(groups, labels, images.labels)
      .slice(0, most(SHOWN_GROUPS))
      .map((g) => {
        const group = groups[g] as Int32Array;
        const indices = Array.from(group.subarray(0, SHOWN_OF_GROUP));
        return { group: g + 1, size: group.length, shown: show(indices), clusters: clustersOf(indices) };
      }),
  };
  if (!duplicates && outliers.length === 0 && disagreements.length === 0) return undefined;
  return {
    ...(duplicates && { duplicates }),
    ...(outliers.length > 0 && { outliers: list(outliers) }),
    ...(disagreements.length > 0 && {
      disagreements: { ...list(disagreements), majorities: Array.from(majorities) },
    }),
  };
}

/** The first of the rows, but of no cluster more than a quarter as long as others have some left. */
function spreadOver(rows: readonly CurationRow[], labels: Int32Array, most: number): readonly CurationRow[] {
  const counts = new Map<number, number>();
  const [early, late]: [CurationRow[], CurationRow[]] = [[], []];
  for (const row of rows) {
    if (early.length === most) break;
    const cluster = labels[row.index] as number;
    const before = counts.get(cluster) ?? 0;
    counts.set(cluster, before + 1);
    if (before < most / 4) early.push(row);
    else if (late.length < most) late.push(row);
  }
  return [...early, ...late].slice(0, most).sort((a, b) => a.rank - b.rank);
}

/** Which groups to show: those first whose images have several classes, then several clusters, then the largest. */
function shownGroups(
  groups: readonly Int32Array[],
  labels: Int32Array,
  classes: Int32Array | undefined,
): readonly number[] {
  const differs = (of: Int32Array | undefined, group: Int32Array): number =>
    of && group.some((i) => of[i] !== of[group[0] as number]) ? 1 : 0;
  const urgency = groups.map((group) => 2 * differs(classes, group) + differs(labels, group));
  return groups.map((_, g) => g).sort((a, b) => (urgency[b] as number) - (urgency[a] as number) || a - b);
}
