/** How well a mixture explains samples for the number of its parameters. */
import type { Matrix } from "../../matrix/index.ts";
import { covarianceCount } from "./options.ts";
import type { CovarianceType, GaussianMixtureModel } from "./types.ts";

/** Criteria of one model on some samples; the lower, the better. */
export interface MixtureCriteria {
  /** -2 log likelihood + parameters x log samples (Schwarz 1978). */
  readonly bic: number;
  /** -2 log likelihood + 2 parameters (Akaike 1974). */
  readonly aic: number;
  /** BIC + 2 entropy of the responsibilities: components that overlap count against it (Biernacki et al. 2000). */
  readonly icl: number;
}

/** Number of free parameters of a model: weights, means and covariances. */
export function parameterCount({ means, settings }: GaussianMixtureModel): number {
  return parametersOf(settings.covarianceType, means.rows, means.cols);
}

/** Number of free parameters that a mixture of this shape has. */
export function parametersOf(type: CovarianceType, k: number, d: number): number {
  const triangles = (d * (d + 1)) / 2;
  const ofCovariances =
    type === "full" ? k * triangles : type === "tied" ? triangles : covarianceCount(type, k, d);
  return k - 1 + k * d + ofCovariances;
}

/**
 * Criteria of a model on samples.
 *
 * @param logDensities of the samples, as the model gives them
 * @param responsibilities nSamples x nComponents, of the same samples; or their entropy, see {@link entropyOf}
 */
export function criteria(
  model: GaussianMixtureModel,
  logDensities: Float64Array,
  responsibilities: Matrix<Float64Array> | number,
): MixtureCriteria {
  const free = parameterCount(model);
  const deviance = -2 * logDensities.reduce((sum, density) => sum + density, 0);
  const bic = deviance + free * Math.log(logDensities.length);
  const entropy = typeof responsibilities === "number" ? responsibilities : entropyOf(responsibilities);
  return { bic, aic: deviance + 2 * free, icl: bic + 2 * entropy };
}

/** Sum over samples and components of -r ln r: 0 where no sample is in doubt. Of many samples it may be added up by parts. */
export function entropyOf(responsibilities: Matrix<Float64Array>): number {
  let entropy = 0;
  for (const share of responsibilities.data) if (share > 0) entropy -= share * Math.log(share);
  return entropy;
}
