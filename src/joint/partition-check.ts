/**
 * Whether the joint training has helped, without labels. Its loss cannot tell: it falls as well when wrong clusters are
 * made sharper, and a silhouette in a code that was trained to have one is high by construction. So both partitions, of
 * K-Means on the pre-trained code and of the result, are asked the same outside question: do images whose pixels are alike
 * share a cluster? The score is the modularity (Newman and Girvan 2004) of the partition on the graph that joins each of
 * some images to its nearest ones by pixels: the share of edges within clusters, less the share that chance would give
 * clusters of these degrees.
 */
import type { RunContext } from "../estimator.ts";
import { type ImageSet, imageLength, takeImages } from "../images/index.ts";
import { exactNeighbors } from "../manifold/neighbors/index.ts";
import { createRandom, distinctIntegers } from "../random/index.ts";
import type { PartitionCheck } from "./types.ts";

/** Images in the graph, at most. */
const MOST_IMAGES = 4000;

/** Nearest images that each is joined to, at most. */
const NEIGHBORS = 10;

/**
 * Scores the partitions before and after, on the same images.
 *
 * @param start labels of all images, at least 0
 * @param end labels of all images, at least 0
 * @param seed of the choice of images, where there are more than 4,000
 */
export async function checkPartitions(
  images: ImageSet,
  start: Int32Array,
  end: Int32Array,
  seed: number,
  context: RunContext,
): Promise<PartitionCheck> {
  const random = createRandom(seed).stream("joint").stream("check");
  const chosen = distinctIntegers(random, Math.min(MOST_IMAGES, images.count), images.count).sort();
  const { pixels } = takeImages(images, chosen);
  const samples = { rows: chosen.length, cols: imageLength(images), data: Float32Array.from(pixels) };
  const k = Math.min(NEIGHBORS, chosen.length - 1);
  const { indices } = await exactNeighbors(samples, { k }, context);
  const score = (labels: Int32Array): number =>
    modularity(
      indices,
      k,
      chosen.map((row) => labels[row] as number),
    );
  return { start: score(start), end: score(end), images: chosen.length };
}

/**
 * Modularity of a partition on the graph that joins each sample to its neighbours, and they to it.
 *
 * @param neighbors samples x k
 * @param labels at least 0
 * @returns in [-1/2, 1]; 0 where all samples share a cluster
 */
export function modularity(neighbors: Int32Array, k: number, labels: Int32Array): number {
  let within = 0;
  const degrees = new Float64Array(1 + labels.reduce((most, label) => Math.max(most, label), 0));
  neighbors.forEach((other, at) => {
    const [one, two] = [labels[Math.floor(at / k)] as number, labels[other] as number];
    if (one === two) within++;
    degrees[one] = (degrees[one] as number) + 1;
    degrees[two] = (degrees[two] as number) + 1;
  });
  const edges = neighbors.length;
  return within / edges - degrees.reduce((sum, degree) => sum + (degree / (2 * edges)) ** 2, 0);
}
