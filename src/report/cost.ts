import type { RunRecord } from "../experiment/index.ts";

/**
 * What a run's method makes small: inertia, or the log-likelihood with its sign turned. Of several runs of one method the
 * report shows the one where it is least, a choice that needs no labels.
 */
export function costOf({ metrics }: RunRecord): number {
  if (metrics.meanLogLikelihood !== undefined) return -metrics.meanLogLikelihood;
  return metrics.inertia ?? Number.POSITIVE_INFINITY;
}
