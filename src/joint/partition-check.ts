/**
 * Whether the joint training has helped, without labels. Its loss cannot tell: it falls as well when wrong clusters are
 * made sharper, and a silhouette in a code that was trained to have one is high by construction. So both partitions, of
 * K-Means on the pre-trained code and of the result, are asked the same outside question: do images whose pixels are alike
 * share a cluster? The score is the modularity (Newman and Girvan 2004) of the partition on the graph that joins each of
 * some images to its nearest ones by pixels: the share of edges within clusters, less the share that chance would give
 * clusters of these degrees.
 */
import type { RunContext } from "../estimator.ts";
import { type ImageSet, imageLength } from "../images/index.ts";
import { createRandom, distinctIntegers } from "../random/index.ts";
import type { PartitionCheck } from "./types.ts";

/** Images in the graph, at most. */
const MOST_IMAGES = 2000;

/** Nearest images that each is joined to, at most. */
const NEIGHBORS = 10;

/**
 * Scores the partitions before and after.
 *
 * @param start labels of all images
 * @param end labels of all images
 */
export async function checkPartitions(
  images: ImageSet,
  start: Int32Array,
  end: Int32Array,
  seed: number,
  _context: RunContext,
): Promise<PartitionCheck> {
  const random = createRandom(seed).stream("joint").stream("check");
  const chosen = distinctIntegers(random, Math.min(MOST_IMAGES, images.count), images.count).sort();
  const length = imageLength(images);
  const pixels = new Uint8Array(chosen.length * length);
  chosen.forEach((row, i) => {
    pixels.set(images.pixels.subarray(row * length, (row + 1) * length), i * length);
  });
  const k = Math.min(NEIGHBORS, chosen.length - 1);
  const neighbors = nearest(pixels, chosen.length, length, k);
  const score = (labels: Int32Array): number =>
    modularity(
      neighbors,
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

function nearest(pixels: Uint8Array, rows: number, length: number, k: number): Int32Array {
  const distances = Array.from({ length: rows }, () => new Float32Array(rows).fill(Number.POSITIVE_INFINITY));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      const [a, b] = [i * length, j * length];
      for (let c = 0; c < length; c++) {
        const apart = (pixels[a + c] as number) - (pixels[b + c] as number);
        sum += apart * apart;
      }
      (distances[i] as Float32Array)[j] = sum;
      (distances[j] as Float32Array)[i] = sum;
    }
  }
  const result = new Int32Array(rows * k);
  distances.forEach((row, i) => {
    const order = Array.from(row.keys()).sort((a, b) => (row[a] as number) - (row[b] as number) || a - b);
    result.set(order.slice(0, k), i * k);
  });
  return result;
}
