/**
 * The knee of a falling curve: where more clusters stop paying.
 *
 * Simplified from "Kneedle" (Satopaa, Albrecht, Irwin and Raghavan 2011): both axes are scaled to [0, 1], and the knee is
 * the point that lies farthest below the chord from the first point to the last. Left out are the smoothing spline (a
 * curve over k has few points, each computed, not measured) and the sensitivity threshold for streams (the whole curve is
 * here). It is a suggestion from the curve's shape, no test of whether there are groups: evenly spread samples have a
 * knee too. It also depends on the range of k: the chord ends at the largest one.
 */
import { InputError } from "../errors.ts";

/** Differences of depth up to this are rounding: a straight curve has no knee, and equally deep points tie. */
const rounding = 1e-9;

/**
 * Suggested number of clusters, one of `k` other than the first and the last; ties go to the smallest.
 *
 * @param k numbers of clusters, ascending
 * @param inertia within-cluster sum of squares for each, finite; a rise on the way (a poor local optimum) is allowed
 * @returns null where the curve has no knee: fewer than 3 points, the last not below the first, or nowhere below the chord
 * @throws {InputError} if both differ in length, k does not ascend, or a number is not finite
 */
export function knee(k: readonly number[], inertia: readonly number[]): number | null {
  checkCurve(k, inertia);
  const last = k.length - 1;
  if (k.length < 3 || inertia[last] >= inertia[0]) return null;
  const width = k[last] - k[0];
  const height = inertia[0] - inertia[last];
  let suggested: number | null = null;
  let deepest = 0;
  for (let i = 1; i < last; i++) {
    const chord = (k[last] - k[i]) / width;
    const depth = chord - (inertia[i] - inertia[last]) / height;
    if (depth > deepest + rounding) {
      deepest = depth;
      suggested = k[i];
    }
  }
  return suggested;
}

function checkCurve(k: readonly number[], inertia: readonly number[]): void {
  if (k.length !== inertia.length) {
    throw new InputError(`knee: k and inertia must be equally long; got ${k.length} and ${inertia.length}.`);
  }
  for (let i = 0; i < k.length; i++) {
    if (!Number.isFinite(k[i]) || !Number.isFinite(inertia[i])) {
      throw new InputError(
        `knee: k and inertia must be finite; got k = ${k[i]} and inertia = ${inertia[i]} at index ${i}.`,
      );
    }
    if (i > 0 && k[i] <= k[i - 1]) {
      throw new InputError(`knee: k must ascend; got ${k[i]} after ${k[i - 1]}. Sort the curve by k first.`);
    }
  }
}
