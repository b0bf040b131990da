/**
 * Where new images belong after edits: in the cluster that the program finds for them, led through merges and splits in
 * their order. Moved images were moved one by one, which says nothing of others.
 */
import { InputError } from "../errors.ts";
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import type { SplitPart } from "./edit.ts";
import type { RouteStep } from "./fold.ts";

/** What decides between the parts of a split. */
export type PartRule = Pick<SplitPart, "center" | "factor" | "bias">;

/**
 * Present cluster of each image.
 *
 * @param labels cluster that the program has found for each
 * @param samples features of the images, one row each; needed only where a cluster was split
 * @throws {InputError} if features are needed and missing, or are of another length than those that were split
 */
export function routeLabels(route: readonly RouteStep[], labels: Int32Array, samples?: Samples): Int32Array {
  const present = labels.slice();
  for (const step of route) {
    if (step.kind === "merge") {
      const merged = new Set(step.clusters);
      present.forEach((cluster, i) => {
        if (merged.has(cluster)) present[i] = step.into;
      });
      continue;
    }
    const score = partScores(step.parts, samples);
    present.forEach((cluster, i) => {
      if (cluster === step.cluster) present[i] = step.parts[greatest(score(i))]?.cluster ?? cluster;
    });
  }
  return present;
}

/**
 * Probability of the present cluster of each image. Probabilities of merged clusters add up; that of a split cluster goes
 * to its parts: whole to the nearest one of K-Means, in the shares that its components have in the image of a mixture.
 *
 * @param labels present cluster of each image, as {@link routeLabels} gives it
 * @param probabilities of the clusters that the run found, nImages x nClusters
 * @param nextCluster above all numbers of clusters
 */
export function routeProbabilities(
  route: readonly RouteStep[],
  labels: Int32Array,
  probabilities: Matrix,
  nextCluster: number,
  samples?: Samples,
): Float64Array {
  const { rows, cols, data } = probabilities;
  const scorers = route.map((step) => (step.kind === "split" ? partScores(step.parts, samples) : undefined));
  const own = new Float64Array(rows);
  const shares = new Float64Array(nextCluster);
  for (let i = 0; i < rows; i++) {
    shares.fill(0);
    for (let c = 0; c < cols; c++) shares[c] = data[i * cols + c] as number;
    route.forEach((step, s) => {
      if (step.kind === "merge") {
        const sum = step.clusters.reduce((total, cluster) => total + (shares[cluster] as number), 0);
        for (const cluster of step.clusters) shares[cluster] = 0;
        shares[step.into] = sum;
        return;
      }
      const whole = shares[step.cluster] as number;
      shares[step.cluster] = 0;
      const parts = partShares(step.parts, scorers[s]?.(i) ?? []);
      step.parts.forEach(({ cluster }, p) => {
        shares[cluster] = whole * (parts[p] as number);
      });
    });
    own[i] = Math.min(1, shares[labels[i] as number] as number); // sums may end a rounding above
  }
  return own;
}

/** Index of the part that each row belongs to, by the rule of its split. */
export function nearestParts(parts: readonly PartRule[], samples: Samples): Int32Array {
  const score = partScores(parts, samples);
  return Int32Array.from({ length: samples.rows }, (_, i) => greatest(score(i)));
}

/** Whole to the nearest of centers alone; the softmax of the scores of components. */
function partShares(parts: readonly PartRule[], scores: readonly number[]): readonly number[] {
  const best = greatest(scores);
  if (parts.every(({ bias }) => bias === undefined)) return scores.map((_, p) => Number(p === best));
  const weights = scores.map((score) => Math.exp(score - (scores[best] as number)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** `bias - |factor (x - center)|^2 / 2` of each part, for row i of the samples. */
function partScores(
  parts: readonly PartRule[],
  samples: Samples | undefined,
): (i: number) => readonly number[] {
  const where = "routeLabels";
  if (!samples) {
    throw new InputError(
      `${where}: features of the images must be given, since a cluster was split; got none.`,
    );
  }
  const { cols, data } = samples;
  const wrong = parts.find(({ center }) => center.length !== cols);
  if (wrong) {
    throw new InputError(
      `${where}: features must be ${wrong.center.length} numbers, as those that were split; got ${cols}.`,
    );
  }
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const from = new Float64Array(cols);
  return (i) =>
    parts.map(({ center, factor, bias = 0 }) => {
      for (let j = 0; j < cols; j++) from[j] = (data[i * cols + j] as number) * unit - (center[j] as number);
      return bias - squaredLength(from, factor) / 2;
    });
}

/** |factor v|^2, where factor is a diagonal, a lower triangle in rows, or 1. */
function squaredLength(v: Float64Array, factor: readonly number[] | undefined): number {
  let sum = 0;
  for (let r = 0; r < v.length; r++) {
    let value = v[r] as number;
    if (factor && factor.length === v.length) value *= factor[r] as number;
    else if (factor) {
      value = 0;
      for (let j = 0; j <= r; j++) value += (factor[r * v.length + j] as number) * (v[j] as number);
    }
    sum += value * value;
  }
  return sum;
}

/** Index of the greatest, the first among equals. */
function greatest(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, p) => {
    if (value > (values[best] as number)) best = p;
  });
  return best;
}
