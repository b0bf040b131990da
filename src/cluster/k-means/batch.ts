import type { RunContext } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";
import { openSession, placeCenters, readCenters } from "./session.ts";

/** Samples at their nearest centers, and where those centers would go. */
export interface Batch {
  /** Nearest center of each sample; the lowest index among equals. */
  readonly labels: Int32Array;
  /** Distance of each sample to it. */
  readonly distances: Float64Array;
  /** Samples of each center. */
  readonly counts: Int32Array;
  /** Mean of the samples of each center, nClusters x nFeatures; of a center without samples the center itself. */
  readonly means: Matrix<Float64Array>;
}

/**
 * One assignment of samples to given centers, and the means of what each center was given: what an algorithm that sees
 * its samples in batches needs of each.
 *
 * @param where name of the public function, for messages
 * @param samples nSamples x nFeatures
 * @param centers nClusters x nFeatures, in the samples' own units
 * @returns the same bytes on any number of threads
 */
export async function assignBatch(
  where: string,
  samples: Samples,
  centers: Matrix,
  { compute, signal }: RunContext = {},
): Promise<Batch> {
  const nClusters = centers.rows;
  const session = await openSession(where, computeOf(compute), samples, nClusters, "lloyd", signal);
  const { loaded } = session;
  try {
    await placeCenters(session, centers);
    await loaded.run([["assignAll"], ["measure"], ["update", nClusters]], signal);
    const { memory } = loaded.compute;
    return {
      labels: memory.int32(loaded.get("labels"), samples.rows).slice(),
      distances: memory
        .float64(loaded.get("distances"), samples.rows)
        .map((squared) => Math.sqrt(squared) * loaded.unit),
      counts: memory.int32(loaded.get("counts"), nClusters).slice(),
      means: readCenters(session),
    };
  } finally {
    loaded.release();
  }
}
