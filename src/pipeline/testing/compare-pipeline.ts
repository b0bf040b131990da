import type { ImageSet } from "../../images/index.ts";
import { sliceImages } from "../../images/index.ts";
import type { Runtime } from "../../neural/index.ts";
import type { Assignment } from "../index.ts";

/** How the answers of a chain's `pipeline.onnx` lie beside those of `assignImages`. */
export interface PipelineComparison {
  readonly count: number;
  /** Images with another cluster. */
  readonly different: number;
  /** Images, alike or not, whose two nearest distances agree to `closest`, absolutely and as a share of them. */
  readonly undecided: number;
  /** Images with another cluster that are decided: there must be none. */
  readonly wrong: number;
  /** Largest difference between the distances to the same cluster, as a share of the distance to the farthest. */
  readonly distanceError: number;
}

/** Images in each call: not all, as nobody would run 10,000 at once. */
const BATCH = 1000;

/** Runs `pipeline.onnx` on images, and counts where it disagrees with what `assignImages` gave for them. */
export async function comparePipeline(
  runtime: Runtime,
  pipeline: Uint8Array,
  images: ImageSet,
  assigned: Assignment,
  closest = 1e-5,
): Promise<PipelineComparison> {
  const session = await runtime.load(pipeline);
  let different = 0;
  let undecided = 0;
  let wrong = 0;
  let distanceError = 0;
  for (let from = 0; from < images.count; from += BATCH) {
    const { count, height, width, channels, pixels, values } = sliceImages(
      images,
      from,
      Math.min(from + BATCH, images.count),
    );
    const results = await session.run(
      values
        ? { vectors: { type: "float32", shape: [count, width], data: values.data } }
        : { images: { type: "uint8", shape: [count, height, width, channels], data: pixels } },
      { fetch: ["cluster", "distances"] },
    );
    const clusters = results.cluster?.data as BigInt64Array;
    const distances = results.distances?.data as Float64Array;
    const k = distances.length / count;
    for (let i = 0; i < count; i++) {
      const own = distances.subarray(i * k, (i + 1) * k);
      const label = assigned.labels[from + i] as number;
      const expected = assigned.distances[from + i] as number;
      const error = Math.abs((own[label] as number) - expected) / Math.max(...own);
      distanceError = Math.max(distanceError, error);
      const [nearest = 0, second = Number.POSITIVE_INFINITY] = own.toSorted();
      const doubtful = second - nearest <= closest * Math.min(1, second);
      const other = Number(clusters[i]) !== label;
      if (doubtful) undecided++;
      if (other) different++;
      if (other && !doubtful) wrong++;
    }
  }
  await session.release();
  return { count: images.count, different, undecided, wrong, distanceError };
}
