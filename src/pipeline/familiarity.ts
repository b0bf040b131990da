/**
 * How familiar an image is to a fitted chain: a conformal p-value (Vovk, Gammerman and Shafer 2005, chapter 2). Each
 * clusterer has one number that says how strange an image is to it: the distance to the center of its cluster, as a
 * share of what is usual there; the negative log density of a mixture; the distance to the nearest training images,
 * where those are what new images are compared with. The familiarity of an image is the share of calibration images
 * that are at least as strange, the image itself counted among them:
 *
 *   familiarity(x) = (1 + number of calibration images with strangeness >= that of x) / (1 + number of calibration images).
 *
 * If x comes from where the calibration images come from, its familiarity is below any p with probability p at most. So
 * about 1 % of images like the training ones lie below 0.01; more than that says that the images are others.
 *
 * Calibration images must be new to the model. They are the validation images of a run, where it has such; else the
 * training images, each as strange as it would be had it been left out, as far as that has a closed form: an image's own
 * share in its center or component is taken out, and it is no neighbour of itself.
 */
import type { Assignment } from "./stages.ts";

/** Images with a familiarity below this are called unfamiliar. */
export const UNFAMILIAR = 0.01;

/** Numbers that are kept of a calibration, at most. */
const MOST_VALUES = 1000;

/** Clusters with fewer calibration images than this share what is usual over all. */
const LEAST_MEMBERS = 20;

/** What strangeness is. */
export type StrangenessMeasure = "distance to center" | "log density" | "distance to training images";

/** Against what the strangeness of an image is held. */
export interface Familiarity {
  readonly measure: StrangenessMeasure;
  /** Which images it was calibrated with: training images, each left out, or validation images. */
  readonly calibratedWith: "training images" | "validation images";
  /** How many those are. */
  readonly images: number;
  /** What the strangeness is divided by in each cluster: what is usual there; absent where nothing is divided. */
  readonly units?: readonly number[];
  /** Strangeness of calibration images, rising: all, or 1,000 at even ranks. */
  readonly values: readonly number[];
}

/** What a calibration is made of. */
export interface Calibration {
  readonly measure: StrangenessMeasure;
  readonly calibratedWith: Familiarity["calibratedWith"];
  /** Strangeness of each calibration image; NaN where it cannot be said, and the image is left aside. */
  readonly strangeness: Float64Array;
  /** Cluster of each. */
  readonly labels: Int32Array;
  readonly nClusters: number;
}

/**
 * Orders calibration images by their strangeness.
 *
 * @returns undefined if there are none
 */
export function calibrated(calibration: Calibration): Familiarity | undefined {
  const { measure, calibratedWith, strangeness, labels, nClusters } = calibration;
  const units = measure === "distance to center" ? usual(strangeness, labels, nClusters) : undefined;
  const sorted = strangeness
    .map((value, i) => value / (units?.[labels[i] as number] ?? 1))
    .filter(Number.isFinite)
    .sort();
  if (sorted.length === 0) return undefined;
  const kept = Math.min(sorted.length, MOST_VALUES);
  return {
    measure,
    calibratedWith,
    images: sorted.length,
    ...(units && { units }),
    values: Array.from({ length: kept }, (_, at) => sorted[rankOf(at, kept, sorted.length)] as number),
  };
}

/** Place among all calibration images of one of those that are kept. */
function rankOf(at: number, kept: number, images: number): number {
  return kept === images ? at : Math.round((at * (images - 1)) / (kept - 1));
}

/**
 * How familiar each image is, in (0, 1]. Where not all calibration images are kept, those between two kept ones count as
 * at least as strange.
 */
export function familiaritiesOf(familiarity: Familiarity, assignment: Assignment): Float64Array {
  const { images, units, values } = familiarity;
  const { labels } = assignment;
  return strangenessOf(assignment).map((strangeness, i) => {
    const value = strangeness / (units?.[labels[i] as number] ?? 1);
    const at = firstNotBelow(values, value);
    const below = at === 0 ? 0 : rankOf(at - 1, values.length, images) + 1;
    return (1 + images - below) / (1 + images);
  });
}

/** How strange images are to the clusterer that gave them their clusters. */
export function strangenessOf({ strangeness, logDensities, distances }: Assignment): Float64Array {
  return strangeness ?? logDensities?.map((value) => -value) ?? distances;
}

/** Number of values below a given one; a value that is no number is above all. */
function firstNotBelow(values: readonly number[], value: number): number {
  if (Number.isNaN(value)) return values.length;
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The median strangeness in each cluster; that of all images for small clusters, and where it is 0. */
function usual(strangeness: Float64Array, labels: Int32Array, nClusters: number): number[] {
  const members = Array.from({ length: nClusters }, (): number[] => []);
  strangeness.forEach((value, i) => {
    if (Number.isFinite(value)) members[labels[i] as number]?.push(value);
  });
  const overall = median(members.flat()) || 1;
  return members.map((own) => (own.length < LEAST_MEMBERS ? 0 : median(own)) || overall);
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
