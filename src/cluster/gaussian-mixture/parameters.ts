/** Between a mixture's parameters and what the kernels take and give. */
import { NumericalError } from "../../errors.ts";
import { choleskyFactor, invertLowerTriangular, type Matrix } from "../../matrix/index.ts";
import { hasMatrices } from "./options.ts";
import type {
  CovarianceType,
  GaussianMixtureModel,
  GaussianMixtureSettings,
  MixtureParameters,
} from "./types.ts";

/** Weighted moments of the samples around the old means, in the samples' own units. */
export interface Moments {
  /** nComponents: sums of responsibilities. */
  readonly sizes: Float64Array;
  /** nComponents x nFeatures: weighted sums of samples less the component's old mean. */
  readonly sums: Float64Array;
  /** Weighted sums of the squares (nComponents x nFeatures), or products (nComponents x nFeatures^2, lower half). */
  readonly seconds: Float64Array;
}

/** Factors of inverse covariances, as rows of the lower triangular inverse of the Cholesky factor, or diagonals. */
export interface Precisions {
  /** Whether each factor is a triangle of nFeatures x nFeatures; else nFeatures numbers. */
  readonly triangular: boolean;
  /** One for each component, or a single one that all share. */
  readonly factors: readonly Float64Array[];
  /** Log of the density at the mean of each component. */
  readonly logPeaks: Float64Array;
}

type CovarianceSettings = Pick<GaussianMixtureSettings, "covarianceType" | "covarianceRegularization">;

/** A component with less than this of samples keeps its place: what so little says of a mean is rounding. */
const STARVED = 1e-8;

/**
 * Maximization (Dempster, Laird and Rubin 1977; McLachlan and Peel 2000, section 3.2).
 *
 * @param old parameters around whose means the moments were taken
 */
export function maximized(
  { sizes, sums, seconds }: Moments,
  old: MixtureParameters,
  settings: CovarianceSettings,
): MixtureParameters {
  const { rows: k, cols: d } = old.means;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const means = old.means.data.slice();
  for (let c = 0; c < k; c++) {
    if ((sizes[c] as number) < STARVED) continue;
    for (let j = 0; j < d; j++)
      means[c * d + j] = (means[c * d + j] as number) + shiftOf(sizes, sums, d, c, j);
  }
  return {
    weights: sizes.map((size) => size / total),
    means: { rows: k, cols: d, data: means },
    covariances: covariancesOf({ sizes, sums, seconds }, old, settings),
  };
}

/** How far a component's mean moves along a feature. */
function shiftOf(sizes: Float64Array, sums: Float64Array, d: number, c: number, j: number): number {
  return (sums[c * d + j] as number) / (sizes[c] as number);
}

function covariancesOf(
  moments: Moments,
  old: MixtureParameters,
  { covarianceType, covarianceRegularization: ridge }: CovarianceSettings,
): Float64Array {
  const d = old.means.cols;
  const out = old.covariances.slice();
  const fed = Array.from(moments.sizes.keys()).filter((c) => (moments.sizes[c] as number) >= STARVED);
  switch (covarianceType) {
    case "diagonal":
      for (const c of fed) out.set(variancesOf(moments, c, d, ridge), c * d);
      return out;
    case "spherical":
      for (const c of fed) {
        out[c] = variancesOf(moments, c, d, ridge).reduce((sum, variance) => sum + variance / d, 0);
      }
      return out;
    case "full":
      for (const c of fed) out.set(covarianceOf(moments, [c], d, ridge), c * d * d);
      return out;
    case "tied":
      return covarianceOf(moments, fed, d, ridge);
  }
}

/** Variances of a component along the features. */
function variancesOf({ sizes, sums, seconds }: Moments, c: number, d: number, ridge: number): Float64Array {
  return Float64Array.from({ length: d }, (_, j) => {
    const square = (seconds[c * d + j] as number) / (sizes[c] as number);
    return square - shiftOf(sizes, sums, d, c, j) ** 2 + ridge;
  });
}

/** Covariance within some components taken together, d x d. */
function covarianceOf(
  { sizes, sums, seconds }: Moments,
  components: readonly number[],
  d: number,
  ridge: number,
): Float64Array {
  const out = new Float64Array(d * d);
  const total = components.reduce((sum, c) => sum + (sizes[c] as number), 0);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? ridge : 0;
      for (const c of components) {
        const size = sizes[c] as number;
        const product = (seconds[(c * d + i) * d + j] as number) / size;
        const apart = shiftOf(sizes, sums, d, c, i) * shiftOf(sizes, sums, d, c, j);
        sum += (size / total) * (product - apart);
      }
      out[i * d + j] = sum;
      out[j * d + i] = sum;
    }
  }
  return out;
}

/** Covariances that are `variance` in every direction. */
export function roundCovariances(type: CovarianceType, k: number, d: number, variance: number): Float64Array {
  if (type === "spherical") return new Float64Array(k).fill(variance);
  if (type === "diagonal") return new Float64Array(k * d).fill(variance);
  const matrices = type === "tied" ? 1 : k;
  const out = new Float64Array(matrices * d * d);
  for (let m = 0; m < matrices; m++) for (let i = 0; i < d; i++) out[(m * d + i) * d + i] = variance;
  return out;
}

/**
 * What the density needs of the covariances.
 *
 * @param where name of the public function, for messages
 * @param nSamples number of samples, for messages
 * @throws {NumericalError} if a covariance is not positive definite
 */
export function precisionsOf(
  where: string,
  { weights, means, covariances }: MixtureParameters,
  { covarianceType: type, covarianceRegularization: ridge }: GaussianMixtureSettings,
  nSamples: number,
): Precisions {
  const { rows: k, cols: d } = means;
  const triangular = hasMatrices(type);
  const count = type === "tied" ? 1 : k;
  const factors: Float64Array[] = [];
  const logDeterminants = new Float64Array(k);
  for (let c = 0; c < count; c++) {
    const factor = triangular
      ? triangularPrecision(covariances.subarray(c * d * d, (c + 1) * d * d), d)
      : diagonalPrecision(
          type === "diagonal" ? covariances.subarray(c * d, (c + 1) * d) : covariances.subarray(c, c + 1),
          d,
        );
    if (!factor) {
      const size = (weights[c] as number) * nSamples;
      const what =
        type === "tied"
          ? "the common covariance is singular"
          : `component ${c} collapsed onto ${size < 10 ? size.toFixed(1) : Math.round(size)} samples; its covariance is singular`;
      throw new NumericalError(
        `${where}: ${what}. Use fewer components or raise covarianceRegularization (now ${ridge}).`,
      );
    }
    factors.push(factor);
    logDeterminants[c] = logDeterminant(factor, d, triangular);
  }
  const logPeaks = Float64Array.from(
    logDeterminants,
    (_, c) => (logDeterminants[type === "tied" ? 0 : c] as number) - (d / 2) * Math.log(2 * Math.PI),
  );
  return { triangular, factors, logPeaks };
}

/** Covariance of features i and j within a component. */
export function covarianceAt(
  { covariances, means, settings }: Pick<GaussianMixtureModel, "covariances" | "means" | "settings">,
  component: number,
  i: number,
  j: number,
): number {
  const d = means.cols;
  switch (settings.covarianceType) {
    case "full":
      return covariances[(component * d + i) * d + j] as number;
    case "tied":
      return covariances[i * d + j] as number;
    case "diagonal":
      return i === j ? (covariances[component * d + i] as number) : 0;
    case "spherical":
      return i === j ? (covariances[component] as number) : 0;
  }
}

/** {@link Precisions} of a fitted mixture: with them, ln N(x) = log peak - |factor (x - mean)|^2 / 2. */
export function precisions(model: GaussianMixtureModel): Precisions {
  return precisionsOf("gaussianMixture.precisions", model, model.settings, model.nSamples);
}

function triangularPrecision(covariance: Float64Array, d: number): Float64Array | undefined {
  const factor = choleskyFactor(covariance, d);
  return factor && invertLowerTriangular(factor, d);
}

/** @param variances one for each feature, or one for all */
function diagonalPrecision(variances: Float64Array, d: number): Float64Array | undefined {
  if (!variances.every((variance) => variance > 0)) return undefined;
  return Float64Array.from({ length: d }, (_, j) => 1 / Math.sqrt(variances[j % variances.length] as number));
}

/** Log determinant of a factor, which is half that of the inverse covariance. */
function logDeterminant(factor: Float64Array, d: number, triangular: boolean): number {
  let sum = 0;
  for (let j = 0; j < d; j++) sum += Math.log(factor[triangular ? j * d + j : j] as number);
  return sum;
}

/** The same means, weights equal: what a sample is nearest to is then what is likeliest. */
export function nearestMeans(means: Matrix, type: CovarianceType): MixtureParameters {
  const { rows: k, cols: d } = means;
  return {
    weights: new Float64Array(k).fill(1 / k),
    means: { rows: k, cols: d, data: Float64Array.from(means.data) },
    covariances: roundCovariances(type, k, d, 1),
  };
}
