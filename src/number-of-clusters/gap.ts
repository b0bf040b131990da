/**
 * Gap statistic (Tibshirani, Walther and Hastie 2001): how far the log of the within-cluster scatter W of the samples lies
 * below that of samples without groups (reference.ts), clustered in the same way:
 *
 *   gap(k) = mean over references of log W*(k) - log W(k)
 *
 * Proposed is the smallest k with gap(k) >= gap(k + 1) - s(k + 1), where s is the standard deviation of log W* over the
 * B references, times sqrt(1 + 1 / B) for the error of their mean.
 */
import type { Curve } from "./types.ts";

/** The gap over k, and s. */
export interface GapCurve {
  readonly gap: Curve;
  readonly error: Curve;
}

/**
 * The gap at each k.
 *
 * @param scatter W of the samples, one for each k
 * @param references W of each reference, one for each k
 * @param negligible scatter up to this is rounding, and has no logarithm worth the name: the gap is null there
 */
export function gapCurve(
  scatter: readonly number[],
  references: readonly (readonly number[])[],
  negligible: number,
): GapCurve {
  const gap: (number | null)[] = [];
  const error: (number | null)[] = [];
  scatter.forEach((value, at) => {
    const others = references.map((reference) => reference[at]);
    if (value <= negligible || others.some((other) => other <= negligible)) {
      gap.push(null);
      error.push(null);
      return;
    }
    const logs = others.map(Math.log);
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length;
    gap.push(mean - Math.log(value));
    error.push(Math.sqrt(variance * (1 + 1 / logs.length)));
  });
  return { gap, error };
}

/** The first k whose gap the next one does not exceed by more than its error; null if none has such a successor. */
export function gapProposal(k: readonly number[], { gap, error }: GapCurve): number | null {
  for (let at = 0; at + 1 < k.length; at++) {
    const here = gap[at];
    const next = gap[at + 1];
    if (here !== null && next !== null && here >= next - (error[at + 1] ?? 0)) return k[at];
  }
  return null;
}
