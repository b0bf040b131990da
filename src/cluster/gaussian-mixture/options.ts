import { OptionError } from "../../errors.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";
import type {
  CovarianceType,
  GaussianMixtureOptions,
  GaussianMixtureSettings,
  MixtureParameters,
  MixtureStart,
} from "./types.ts";

/** What holds where an option is left out. */
export const defaults = {
  covarianceType: "full",
  init: "k-means",
  nRestarts: 1,
  maxIterations: 200,
  tolerance: 1e-5,
  covarianceRegularization: 1e-6,
  seed: 0,
} as const;

const covarianceTypes: readonly CovarianceType[] = ["full", "tied", "diagonal", "spherical"];
const known: readonly string[] = ["nComponents", ...Object.keys(defaults)];

/** Farthest from 1 that given weights may add up to. */
const WEIGHT_ERROR = 1e-6;

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkGaussianMixtureOptions(
  options: GaussianMixtureOptions,
  samples: Samples,
): GaussianMixtureSettings {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
  const { nComponents } = options;
  const settings = {
    nComponents,
    covarianceType: options.covarianceType ?? defaults.covarianceType,
    nRestarts: options.nRestarts ?? defaults.nRestarts,
    maxIterations: options.maxIterations ?? defaults.maxIterations,
    tolerance: options.tolerance ?? defaults.tolerance,
    covarianceRegularization: options.covarianceRegularization ?? defaults.covarianceRegularization,
    seed: options.seed ?? defaults.seed,
  };
  if (!Number.isInteger(nComponents) || nComponents < 1 || nComponents > samples.rows) {
    fail("nComponents", `an integer in 1..${samples.rows} (the number of samples)`, nComponents);
  }
  if (!covarianceTypes.includes(settings.covarianceType)) {
    fail("covarianceType", `one of ${covarianceTypes.join(", ")}`, `"${settings.covarianceType}"`);
  }
  for (const name of ["nRestarts", "maxIterations"] as const) {
    const value = settings[name];
    if (!Number.isSafeInteger(value) || value < 1) fail(name, "an integer of at least 1", value);
  }
  for (const name of ["tolerance", "covarianceRegularization"] as const) {
    const value = settings[name];
    if (!(value >= 0 && Number.isFinite(value))) fail(name, "a finite number of at least 0", value);
  }
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, settings.seed);
  }
  return { ...settings, init: checkInit(options.init ?? defaults.init, settings, samples.cols) };
}

type Shape = Pick<GaussianMixtureSettings, "nComponents" | "covarianceType">;

function checkInit(
  init: NonNullable<GaussianMixtureOptions["init"]>,
  shape: Shape,
  nFeatures: number,
): GaussianMixtureSettings["init"] {
  if (init === "k-means" || init === "k-means++" || init === "random") return init;
  if (typeof init === "string") {
    return fail("init", '"k-means", "k-means++", "random", means, or a whole start', `"${init as string}"`);
  }
  return "means" in init
    ? checkStart(init, shape, nFeatures)
    : checkMeans("init", init, shape.nComponents, nFeatures);
}

function checkMeans(what: string, means: Matrix, rows: number, cols: number): Matrix<Float64Array> {
  if (means.rows !== rows || means.cols !== cols || means.data.length !== rows * cols) {
    fail(what, `nComponents x nFeatures = ${rows} x ${cols}`, `${means.rows} x ${means.cols}`);
  }
  return { rows, cols, data: finite(what, means.data) };
}

function checkStart(start: MixtureStart, shape: Shape, nFeatures: number): MixtureParameters {
  const { nComponents, covarianceType } = shape;
  const weights = finite("init.weights", start.weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length !== nComponents || weights.some((weight) => weight <= 0)) {
    fail("init.weights", `${nComponents} positive numbers`, Array.from(weights).join(", "));
  }
  if (Math.abs(total - 1) > WEIGHT_ERROR) fail("the sum of init.weights", "1", total);
  const covariances = finite("init.covariances", start.covariances);
  const wanted = covarianceCount(covarianceType, nComponents, nFeatures);
  if (covariances.length !== wanted) {
    fail(`init.covariances of type ${covarianceType}`, `${wanted} numbers`, covariances.length);
  }
  return { weights, means: checkMeans("init.means", start.means, nComponents, nFeatures), covariances };
}

/** Whether covariances of a type are whole matrices, and their factors triangles; else they are diagonal. */
export function hasMatrices(type: CovarianceType): boolean {
  return type === "full" || type === "tied";
}

/** How many numbers the covariances of a type are. */
export function covarianceCount(type: CovarianceType, nComponents: number, nFeatures: number): number {
  switch (type) {
    case "full":
      return nComponents * nFeatures * nFeatures;
    case "tied":
      return nFeatures * nFeatures;
    case "diagonal":
      return nComponents * nFeatures;
    case "spherical":
      return nComponents;
  }
}

function finite(what: string, numbers: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(numbers);
  if (!copy.every(Number.isFinite)) fail(what, "finite numbers only", "NaN or infinity");
  return copy;
}

function fail(what: string, rule: string, got: unknown): never {
  throw new OptionError(`gaussianMixture.fit: ${what} must be ${rule}; got ${String(got)}.`);
}
