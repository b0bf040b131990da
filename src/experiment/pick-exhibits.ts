import { type ImageSet, imageLength, takeImages } from "../images/index.ts";
import { distinctIntegers, type Random } from "../random/index.ts";
import type { ClusterExhibit, Exhibit, Exhibits } from "./exhibits.ts";

/** Images of the strip that shows what the data are (seed 003 shows as many). */
const STRIP_IMAGES = 20;

/** Most examples of each kind for each cluster: 5 x 5, as in seed 002's `examples_of`. */
export const EXAMPLES = 25;

/** Bytes of pixels that all examples together may have, so that a report of many clusters stays light. */
const EXAMPLE_BYTES = 2_200_000;

/** What the examples are picked by. */
export interface ExhibitChoice {
  /** Cluster of each image, 0..nClusters-1. */
  readonly labels: Int32Array;
  /** Distance of each image to the center of its cluster. */
  readonly distances: Float64Array;
  /** How clearly each image belongs to its cluster, 0 = undecided. */
  readonly margins: Float64Array;
  readonly nClusters: number;
  readonly centers?: ImageSet | undefined;
  /** What the strip is taken from; default: the images themselves. */
  readonly strip?: ImageSet | undefined;
}

/**
 * Picks the pictures that show a clustering: the first images, the centers, and for each cluster its typical,
 * borderline and random images. Ties go to the image that comes first.
 */
export function pickExhibits(images: ImageSet, choice: ExhibitChoice, random: Random): Exhibits {
  const { labels, distances, margins, nClusters, centers, strip = images } = choice;
  const count = examplesOf(nClusters, imageLength(images));
  const exhibit = (indices: Int32Array): Exhibit => exhibitOf(images, indices);
  const clusters = pickExamples({ labels, distances, margins, nClusters, count }, random).map(
    ({ size, typical, borderline, random: drawn }, cluster): ClusterExhibit => ({
      ...{ cluster, size, typical: exhibit(typical) },
      ...{ borderline: exhibit(borderline), random: exhibit(drawn) },
    }),
  );
  const first = Int32Array.from({ length: Math.min(STRIP_IMAGES, strip.count) }, (_, i) => i);
  return { strip: exhibitOf(strip, first), ...(centers && { centers }), clusters };
}

/** Examples of one cluster: indices of images, in order of interest. */
export interface ClusterExamples {
  readonly size: number;
  /** Nearest to the center first. */
  readonly typical: Int32Array;
  /** Most doubtful first. */
  readonly borderline: Int32Array;
  readonly random: Int32Array;
}

/**
 * The images that stand for each cluster. Ties go to the image that comes first.
 *
 * @param choice.count most of each kind
 */
export function pickExamples(
  choice: {
    readonly labels: Int32Array;
    readonly distances: Readonly<ArrayLike<number>>;
    readonly margins: Readonly<ArrayLike<number>>;
    readonly nClusters: number;
    readonly count: number;
  },
  random: Random,
): readonly ClusterExamples[] {
  const { labels, distances, margins, nClusters, count } = choice;
  return membersByCluster(labels, nClusters).map((members, cluster) => {
    const drawn = distinctIntegers(
      random.stream("examples", cluster),
      Math.min(count, members.length),
      members.length,
    );
    return {
      size: members.length,
      typical: lowest(members, distances, count),
      borderline: lowest(members, margins, count),
      random: drawn.map((position) => members[position] as number),
    };
  });
}

function exhibitOf(images: ImageSet, indices: Int32Array): Exhibit {
  return { indices: Array.from(indices), images: takeImages(images, indices) };
}

/** Number of examples of each kind: 25, fewer where clusters are many or images large, at least 1. */
function examplesOf(nClusters: number, bytes: number): number {
  return Math.max(1, Math.min(EXAMPLES, Math.floor(EXAMPLE_BYTES / (3 * nClusters * bytes))));
}

/** Indices of the images of each cluster, ascending. */
function membersByCluster(labels: Int32Array, nClusters: number): Int32Array[] {
  const members = Array.from({ length: nClusters }, (): number[] => []);
  for (let i = 0; i < labels.length; i++) members[labels[i] as number]?.push(i);
  return members.map((indices) => Int32Array.from(indices));
}

function lowest(members: Int32Array, values: Readonly<ArrayLike<number>>, count: number): Int32Array {
  const ascending = (a: number, b: number): number => (values[a] as number) - (values[b] as number) || a - b;
  return members.slice().sort(ascending).subarray(0, count);
}
