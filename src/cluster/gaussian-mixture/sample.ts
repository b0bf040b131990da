import { OptionError } from "../../errors.ts";
import { choleskyFactor, type Matrix } from "../../matrix/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import { hasMatrices } from "./options.ts";
import type { GaussianMixtureModel } from "./types.ts";

/** Points drawn from a mixture. */
export interface MixtureSample {
  /** count x nFeatures, in the units of the samples that the model was fitted to. */
  readonly samples: Matrix<Float32Array>;
  /** The component that each was drawn from. */
  readonly labels: Int32Array;
}

/**
 * Draws from a mixture: a component by its weight, then a point of its normal distribution.
 *
 * @param options.count number of points, an integer of at least 1
 * @param options.component draws from this component alone, 0..nComponents-1
 * @param options.seed integer in 0..2^53-1, default 0
 * @throws {OptionError} for a number out of range
 */
export function sample(
  model: GaussianMixtureModel,
  options: { readonly count: number; readonly seed?: number; readonly component?: number },
): MixtureSample {
  const { count, seed = 0, component } = options;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new OptionError(`gaussianMixture.sample: count must be an integer of at least 1; got ${count}.`);
  }
  const { rows: k, cols: d } = model.means;
  if (component !== undefined && !(Number.isInteger(component) && component >= 0 && component < k)) {
    throw new OptionError(
      `gaussianMixture.sample: component must be an integer in 0..${k - 1}; got ${component}.`,
    );
  }
  const root = createRandom(seed).stream("gaussian-mixture sample");
  const random = component === undefined ? root : root.stream("component", component);
  const factors = Array.from({ length: k }, (_, c) =>
    component === undefined || c === component ? factorOf(model, c) : new Float64Array(),
  );
  const labels = new Int32Array(count);
  const data = new Float32Array(count * d);
  for (let i = 0; i < count; i++) {
    const c = component ?? draw(model.weights, random.float());
    labels[i] = c;
    const factor = factors[c] as Float64Array;
    const z = Float64Array.from({ length: d }, () => normal(random));
    for (let j = 0; j < d; j++) {
      let value = model.means.data[c * d + j] as number;
      for (let m = 0; m <= j; m++) value += (factor[j * d + m] as number) * (z[m] as number);
      data[i * d + j] = value;
    }
  }
  return { samples: { rows: count, cols: d, data }, labels };
}

/** Lower triangular factor of a component's covariance. */
function factorOf({ covariances, means, settings }: GaussianMixtureModel, c: number): Float64Array {
  const d = means.cols;
  const type = settings.covarianceType;
  if (hasMatrices(type)) {
    const start = type === "tied" ? 0 : c * d * d;
    return choleskyFactor(covariances.subarray(start, start + d * d), d) as Float64Array;
  }
  const factor = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    factor[j * d + j] = Math.sqrt(covariances[type === "diagonal" ? c * d + j : c] as number);
  }
  return factor;
}

function draw(weights: Float64Array, uniform: number): number {
  let left = uniform;
  let last = 0;
  for (const [c, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = c;
    if (left < weight) return c;
    left -= weight;
  }
  return last; // rounding carried `left` past the end
}

/** Box and Muller's transform of two uniform numbers, of which one result is used. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.float()));
  return radius * Math.cos(2 * Math.PI * random.float());
}
