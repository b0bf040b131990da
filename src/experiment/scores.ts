import { type ImageSet, nClasses } from "../images/index.ts";
import type { Samples } from "../matrix/index.ts";
import {
  contingencyTable,
  externalScores,
  internalScores,
  matchOrder,
  sortedConfusion,
} from "../metrics/index.ts";
import type { Assignment, StageContext } from "../pipeline/index.ts";
import type { Random } from "../random/index.ts";
import type { Metrics, RunRecord } from "./record.ts";

/** Up to this many images the silhouette is exact: it needs the distance of each pair. */
export const EXACT_SILHOUETTE_IMAGES = 5000;

/** Beyond, it is taken on a seeded sample of this size, with its standard error: about 0.005 on real images. */
export const SILHOUETTE_SAMPLE = 1000;

/** How good a clustering is, and how its clusters lie to the classes. */
export type Scores = Pick<RunRecord, "metrics" | "sizes" | "confusion" | "order">;

/** What is scored: images in their features, and the clusters that they were given. */
export interface Scored {
  readonly images: ImageSet;
  readonly samples: Samples;
  readonly assignment: Assignment;
  readonly nClusters: number;
  readonly inertia: number;
}

/** Scores a clustering, with its labels where they are known. */
export async function scoreClustering(
  scored: Scored,
  random: Random,
  context: StageContext,
): Promise<Scores> {
  const { images, samples, assignment, nClusters, inertia } = scored;
  const internal = await internalScores(
    samples,
    assignment.labels,
    {
      nClusters,
      random: random.stream("silhouette"),
      ...(samples.rows > EXACT_SILHOUETTE_IMAGES && { sampleSize: SILHOUETTE_SAMPLE }),
    },
    context,
  );
  const agreement = scoreAgreement(images, assignment.labels, nClusters);
  return { ...agreement, metrics: { ...internal, inertia, ...agreement.metrics } };
}

/** The scores that compare with known classes: without labels, the sizes of the clusters only. */
export function scoreAgreement(images: ImageSet, labels: Int32Array, nClusters: number): Scores {
  const sizes = clusterSizes(labels, nClusters);
  if (!hasLabels(images)) return { metrics: {}, sizes };
  const table = contingencyTable(labels, images.labels, { nClusters, nClasses: nClasses(images) });
  const order = matchOrder(table);
  const metrics: Metrics = externalScores(table);
  return { metrics, sizes, confusion: sortedConfusion(table, order), order };
}

/** Sum of squared distances of images to the centers of their clusters. */
export function sumOfSquares(distances: Float64Array): number {
  let sum = 0;
  for (const distance of distances) sum += distance * distance;
  return sum;
}

/** Number of images in each cluster. */
export function clusterSizes(labels: Int32Array, nClusters: number): number[] {
  const sizes = new Array<number>(nClusters).fill(0);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}

/** Whether the class of any image is known. */
export function hasLabels(images: ImageSet): images is ImageSet & { readonly labels: Int32Array } {
  return images.labels?.some((label) => label >= 0) ?? false;
}
