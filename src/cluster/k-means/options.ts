import { OptionError } from "../../errors.ts";
import { isByteMatrix, type Samples } from "../../matrix/index.ts";
import type { KMeansAlgorithm, KMeansOptions, KMeansSettings } from "./types.ts";

/** What holds where an option is left out. */
export const defaults = {
  init: "k-means++",
  nRestarts: 1,
  maxIterations: 300,
  tolerance: 0,
  seed: 0,
  algorithm: "auto",
} as const;

const algorithms: readonly KMeansAlgorithm[] = ["auto", "lloyd", "hamerly", "elkan", "yinyang"];
const known: readonly string[] = ["nClusters", ...Object.keys(defaults)];

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkKMeansOptions(options: KMeansOptions, samples: Samples): KMeansSettings {
  const fail = (what: string, rule: string, got: unknown): never => {
    throw new OptionError(`kMeans.fit: ${what} must be ${rule}; got ${String(got)}.`);
  };
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
  const { nClusters } = options;
  const settings = {
    nClusters,
    init: options.init ?? defaults.init,
    nRestarts: options.nRestarts ?? defaults.nRestarts,
    maxIterations: options.maxIterations ?? defaults.maxIterations,
    tolerance: options.tolerance ?? defaults.tolerance,
    seed: options.seed ?? defaults.seed,
    algorithm: options.algorithm ?? defaults.algorithm,
  };
  if (!Number.isInteger(nClusters) || nClusters < 1 || nClusters > samples.rows) {
    fail("nClusters", `an integer in 1..${samples.rows} (the number of samples)`, nClusters);
  }
  for (const name of ["nRestarts", "maxIterations"] as const) {
    const value = settings[name];
    if (!Number.isSafeInteger(value) || value < 1) fail(name, "an integer of at least 1", value);
  }
  if (!(settings.tolerance >= 0 && Number.isFinite(settings.tolerance))) {
    fail("tolerance", "a finite number of at least 0", settings.tolerance);
  }
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, settings.seed);
  }
  if (!algorithms.includes(settings.algorithm)) {
    fail("algorithm", `one of ${algorithms.join(", ")}`, `"${settings.algorithm}"`);
  }
  return { ...settings, init: checkInit(settings.init, nClusters, samples) };
}

function checkInit(
  init: NonNullable<KMeansOptions["init"]>,
  nClusters: number,
  samples: Samples,
): KMeansSettings["init"] {
  if (init === "k-means++" || init === "random") return init;
  if (typeof init === "string") {
    throw new OptionError(
      `kMeans.fit: init must be "k-means++", "random" or a matrix of centers; got "${init as string}".`,
    );
  }
  if (init.rows !== nClusters || init.cols !== samples.cols || init.data.length !== init.rows * init.cols) {
    throw new OptionError(
      `kMeans.fit: init must be nClusters x nFeatures = ${nClusters} x ${samples.cols}; got ${init.rows} x ${init.cols}.`,
    );
  }
  const data = Float64Array.from(init.data);
  if (!data.every(Number.isFinite)) {
    throw new OptionError("kMeans.fit: init must hold finite numbers only; got NaN or infinity.");
  }
  return { rows: init.rows, cols: init.cols, data };
}

/** Below this many features, one distance costs hardly more than looking at the bounds that might spare it. */
export const manyFeatures = 64;

/** Memory that the bounds and the samples may take together, of the kernels' 4 GiB. */
const mostBytes = 3 * 2 ** 30;

/**
 * The algorithm for a shape, from measurements over k = 2, 10, 50, 200 and d = 3, 10, 784 (bench/RESULTS.md): Hamerly's
 * two bounds win for few features and for few clusters; many of both are worth a bound for each center (Elkan, floats) or for
 * each five centers (Yinyang, bytes, whose distances come by five).
 */
export function chooseAlgorithm(
  settings: KMeansSettings,
  samples: Samples,
): Exclude<KMeansAlgorithm, "auto"> {
  if (settings.algorithm !== "auto") return settings.algorithm;
  const { rows, cols, data } = samples;
  const k = settings.nClusters;
  if (cols < manyFeatures) return "hamerly";
  if (isByteMatrix(samples)) return k > 50 ? "yinyang" : "hamerly";
  return k > 20 && rows * k * 4 + data.byteLength < mostBytes ? "elkan" : "hamerly";
}
