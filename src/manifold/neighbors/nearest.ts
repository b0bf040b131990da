import type { RunContext } from "../../estimator.ts";
import type { Samples } from "../../matrix/index.ts";
import { approximateNeighbors } from "./approximate.ts";
import { exactNeighbors } from "./exact.ts";
import type { ApproximateNeighborsOptions, Neighbors } from "./types.ts";

/** Up to here the exact search takes no longer than NN-descent (measured at 70,000 x 50), beyond it grows with the square. */
export const mostExactRows = 100_000;

/**
 * Nearest neighbours: {@link exactNeighbors} up to 100,000 rows, where the other options have no effect, {@link approximateNeighbors} beyond.
 */
export function nearestNeighbors(
  samples: Samples,
  options: ApproximateNeighborsOptions,
  context: RunContext = {},
): Promise<Neighbors> {
  if (samples.rows > mostExactRows) return approximateNeighbors(samples, options, context);
  const { k, metric } = options;
  return exactNeighbors(samples, { k, metric }, context);
}
