/**
 * Gaussian mixtures of k components: how many does the likelihood of the samples pay for? At each k all four kinds of
 * covariances are fitted, from the panel's partition on, and the one with the lowest BIC speaks (Fraley and Raftery 2002).
 *
 *   BIC          deviance + parameters x log n                      (Schwarz 1978)
 *   adjusted BIC deviance + parameters x max(4, log((n + 2) / 24))  (Sclove 1987, but for the 4)
 *   ICL          BIC + 2 entropy of the responsibilities            (Biernacki, Celeux and Govaert 2000)
 *
 * with deviance = -2 log likelihood. BIC asks so much of a component that of groups which overlap, or are small, some are
 * not worth theirs; the adjusted one finds these. ICL asks for groups that do not overlap at all.
 */
import * as gaussianMixture from "../cluster/gaussian-mixture/index.ts";
import { NumericalError } from "../errors.ts";
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import type { PanelContext } from "./types.ts";

/** Criteria of the best mixture of some k; the lower, the better. Null where no mixture could be fitted. */
export interface MixtureValues {
  readonly bic: number | null;
  readonly adjustedBic: number | null;
  readonly icl: number | null;
}

const covarianceTypes: readonly gaussianMixture.CovarianceType[] = ["spherical", "diagonal", "tied", "full"];

/** Samples that a mixture must have for each of its parameters; with fewer, its criteria mean nothing. */
const SAMPLES_PER_PARAMETER = 2;

/**
 * Least that the adjusted BIC asks for a parameter: by chance alone one component more lowers the deviance by 2 to 3 for
 * each of its parameters, however few the samples. Sclove's term exceeds it from 1,309 samples on.
 */
const LEAST_PENALTY = 4;

/** Variance, of 1 on average, below which a component cannot shrink: duplicates would make its density boundless. */
const LEAST_VARIANCE = 1e-4;

/** Samples around 0 with a variance of 1 on average, and how many of their units were one of these. */
export interface ScaledSamples {
  readonly samples: Matrix<Float32Array>;
  readonly scale: number;
  readonly shift: Float64Array;
}

/** Moves and scales samples, so that the least variance means the same for all. Undefined if all are equal. */
export function scaledSamples(source: Samples, negligible: number): ScaledSamples | undefined {
  const { rows, cols, data } = source;
  const unit = isByteMatrix(source) ? source.unit : 1;
  const shift = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) shift[at % cols] += (data[at] * unit) / rows;
  let scatter = 0;
  for (let at = 0; at < data.length; at++) scatter += (data[at] * unit - shift[at % cols]) ** 2;
  if (scatter <= negligible) return undefined;
  const scale = Math.sqrt(scatter / data.length);
  const scaled = Float32Array.from(data, (value, at) => (value * unit - shift[at % cols]) / scale);
  return { samples: { rows, cols, data: scaled }, scale, shift };
}

/**
 * Criteria of the best mixture of as many components as there are means, in the samples' own units.
 *
 * @param means first means, in those units
 */
export async function mixtureValues(
  { samples, scale, shift }: ScaledSamples,
  means: Matrix,
  context: PanelContext,
): Promise<MixtureValues> {
  const { rows: n, cols: d } = samples;
  const init = {
    ...means,
    data: Float64Array.from(means.data, (value, at) => (value - shift[at % d]) / scale),
  };
  const inOwnUnits = 2 * n * d * Math.log(scale);
  let best: MixtureValues = { bic: null, adjustedBic: null, icl: null };
  for (const type of covarianceTypes) {
    const free = gaussianMixture.parametersOf(type, means.rows, d);
    if (free * SAMPLES_PER_PARAMETER > n) continue;
    const fitted = await fittedMixture(samples, init, type, context);
    if (!fitted) continue;
    const bic = fitted.bic + inOwnUnits;
    const adjustedBic = bic + free * (Math.max(LEAST_PENALTY, Math.log((n + 2) / 24)) - Math.log(n));
    best = {
      ...(best.bic === null || bic < best.bic ? { bic, icl: fitted.icl + inOwnUnits } : best),
      adjustedBic: Math.min(adjustedBic, best.adjustedBic ?? Number.POSITIVE_INFINITY),
    };
  }
  return best;
}

/** Criteria of the mixture to which the means lead; undefined where a component has collapsed. */
async function fittedMixture(
  samples: Samples,
  init: Matrix,
  covarianceType: gaussianMixture.CovarianceType,
  context: PanelContext,
): Promise<gaussianMixture.MixtureCriteria | undefined> {
  try {
    const fitted = await gaussianMixture.fit(
      samples,
      { nComponents: init.rows, covarianceType, init, covarianceRegularization: LEAST_VARIANCE },
      context,
    );
    const shares = await gaussianMixture.responsibilities(fitted, samples, context);
    return gaussianMixture.criteria(fitted, fitted.logDensities, shares);
  } catch (error) {
    if (error instanceof NumericalError) return undefined;
    throw error;
  }
}
