import { fit } from "../cluster/k-means/index.ts";
import type { RunContext } from "../estimator.ts";
import { createRandom } from "../random/index.ts";

/** What is measured: iterations of K-Means on drawn bytes of the size of small images. */
const rows = 3000;
const cols = 784;
const nClusters = 10;
const iterations = 5;

/** Seconds that one such fit takes on the machine of the measurements (estimate.ts), both cores its own. */
const REFERENCE = 0.01;

/**
 * How much slower this machine is, as it is loaded now, than the one that estimates were measured on.
 *
 * @param context.now milliseconds from any fixed moment on
 * @param context.milliseconds how long to measure, about
 * @returns 1: as fast; 2: takes twice as long
 */
export async function slownessHere({
  compute,
  signal,
  now,
  milliseconds = 250,
}: Pick<RunContext, "compute" | "signal"> & {
  readonly now: () => number;
  readonly milliseconds?: number;
}): Promise<number> {
  const context = { compute, signal };
  const random = createRandom(0).stream("calibration");
  const data = new Uint8Array(rows * cols);
  // Four bytes of five are paper, as in images of digits.
  for (let i = 0; i < data.length; i += 5) data[i] = random.uint32() & 255;
  const samples = { rows, cols, data, unit: 1 / 255 };
  const options = { nClusters, init: "random", maxIterations: iterations, algorithm: "lloyd" } as const;
  await fit(samples, options, context); // starts threads, compiles
  const started = now();
  let fastest = Number.POSITIVE_INFINITY;
  let fits = 0;
  let all = 0;
  do {
    const begun = now();
    await fit(samples, options, context);
    fastest = Math.min(fastest, now() - begun);
    fits++;
    all = now() - started;
  } while (all < milliseconds && fits < 100);
  // Between the best that the machine can do and what it does on average while others work.
  return Math.max(0.05, (fastest + all / fits) / 2 / 1000 / REFERENCE);
}
