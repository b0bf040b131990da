import type { RunRecord } from "../experiment/index.ts";

/**
 * What a run's method makes small: inertia; or likelihood, agreement or modularity with its sign turned. Of several runs of
 * one method the report shows the one where it is least, a choice that needs no labels.
 */
export function costOf({ metrics }: RunRecord): number {
  const { meanLogLikelihood, agreement, modularity } = metrics;
  const large = meanLogLikelihood ?? agreement ?? modularity;
  if (large !== undefined) return -large;
  return metrics.inertia ?? Number.POSITIVE_INFINITY;
}
