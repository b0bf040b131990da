/**
 * Stability: would other samples have given the same clusters?
 *
 * Two halves that share no sample are clustered, each alone; each clustering then gives the other half's samples their
 * clusters (its rule for new samples), and the adjusted Rand index compares these with the other half's own (the
 * classification transfer of Lange, Roth, Braun and Buhmann 2004; prediction strength, Tibshirani and Walther 2005, asks
 * the same of pairs). Some k are stable without any groups: an oblong cloud is always cut in two across its length. So the
 * same is done with samples without groups in the same box (reference.ts), and of the agreement A the chance N goes off:
 *
 *   stability(k) = (A - N) / (1 - N)
 *
 * 1: the same clusters every time; 0: no more than samples without groups agree.
 */
import { drain } from "../estimator.ts";
import type { Samples } from "../matrix/index.ts";
import { adjustedRandIndex, contingencyTable } from "../metrics/index.ts";
import type { Curve, PanelClusterer, PanelContext } from "./types.ts";

/** Samples that each half must have for each cluster; with fewer, agreement is luck. */
const SAMPLES_PER_CLUSTER = 2;

/** Where samples without groups agree as much as this, nothing is left that groups could add. */
const CERTAIN = 1 - 1e-6;

/** Two halves that share no sample, and how they are clustered. */
export interface HalvesOptions<Model> {
  readonly clusterer: PanelClusterer<Model>;
  readonly nClusters: number;
  readonly seed: number;
  readonly restarts: number;
}

/** Adjusted Rand index between the clusterings of two halves, the mean of both directions; null for too few samples. */
export async function agreement<Model>(
  one: Samples,
  other: Samples,
  { clusterer, nClusters, seed, restarts }: HalvesOptions<Model>,
  context: PanelContext,
): Promise<number | null> {
  if (Math.min(one.rows, other.rows) < nClusters * SAMPLES_PER_CLUSTER) return null;
  const first = await drain(clusterer.steps(one, { nClusters, seed, restarts }, context));
  const second = await drain(clusterer.steps(other, { nClusters, seed, restarts }, context));
  const toOther = await clusterer.assign(first.model, other, context);
  const toOne = await clusterer.assign(second.model, one, context);
  return (
    (adjustedRandIndex(contingencyTable(toOther, second.labels)) +
      adjustedRandIndex(contingencyTable(toOne, first.labels))) /
    2
  );
}

/** The stability over k, and its standard error. */
export interface StabilityCurve {
  readonly stability: Curve;
  readonly error: Curve;
}

/**
 * Stability out of agreements.
 *
 * @param agreements of each pair of halves of the samples, one for each k; for one cluster it says nothing
 * @param chances of each pair of halves without groups, one for each k
 */
export function stabilityCurve(
  k: readonly number[],
  agreements: readonly Curve[],
  chances: readonly Curve[],
): StabilityCurve {
  const stability: (number | null)[] = [];
  const error: (number | null)[] = [];
  k.forEach((nClusters, at) => {
    const seen = meanAndError(agreements.map((curve) => curve[at]));
    const chance = meanAndError(chances.map((curve) => curve[at]));
    if (nClusters < 2 || !seen || !chance || chance.mean > CERTAIN) {
      stability.push(null);
      error.push(null);
      return;
    }
    const left = 1 - chance.mean;
    const value = (seen.mean - chance.mean) / left;
    stability.push(value);
    // The value changes by 1 / left with the agreement, and by (value - 1) / left with the chance.
    error.push(Math.hypot(seen.error, (1 - value) * chance.error) / left);
  });
  return { stability, error };
}

function meanAndError(values: Curve): { readonly mean: number; readonly error: number } | undefined {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length < values.length) return undefined;
  const n = numbers.length;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / n;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/**
 * The largest k that is as stable as the most stable one, but for the standard error of either: where whole groups are put
 * together they are as stable as apart. 1 where nothing is more stable than without groups, by two standard errors, and
 * k = 1 is in the range.
 */
export function stabilityProposal(k: readonly number[], { stability, error }: StabilityCurve): number | null {
  const values = stability.map((value) => value ?? Number.NEGATIVE_INFINITY);
  const errors = stability.map((_, at) => error[at] ?? 0);
  const best = values.indexOf(Math.max(...values));
  if (best < 0 || values[best] === Number.NEGATIVE_INFINITY) return null;
  if (values[best] <= 2 * errors[best]) return k[0] === 1 ? 1 : null;
  const last = values.findLastIndex(
    (value, at) => value >= values[best] - Math.max(errors[best], errors[at]),
  );
  return k[last];
}
