import { InputError, OptionError } from "../../errors.ts";
import type { NeighborMetric } from "./types.ts";

const metrics: readonly string[] = ["euclidean", "cosine"];

/** @throws {OptionError} for an option that does not exist, or a metric that does not */
export function checkMetric(
  where: string,
  options: { readonly metric?: NeighborMetric | undefined },
  known: readonly string[],
): NeighborMetric {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new OptionError(`${where}: every option must be one of ${known.join(", ")}; got "${name}".`);
    }
  }
  const metric = options.metric ?? "euclidean";
  if (!metrics.includes(metric)) {
    throw new OptionError(`${where}: metric must be one of ${metrics.join(", ")}; got "${metric}".`);
  }
  return metric;
}

/** @throws {OptionError} for k outside 1..most; {InputError} where there is no other sample at all */
export function checkK(where: string, k: number, most: number, what: string): void {
  if (most < 1) {
    throw new InputError(`${where}: samples must have at least 2 rows, so that each has a neighbour; got 1.`);
  }
  if (!Number.isInteger(k) || k < 1 || k > most) {
    throw new OptionError(`${where}: k must be an integer in 1..${most} (${what}); got ${k}.`);
  }
}
