import { OptionError } from "../../errors.ts";
import type { MiniBatchKMeansOptions, MiniBatchKMeansSettings } from "./types.ts";

/** What holds where an option is left out. `initSize` follows from the batch and the clusters. */
export const defaults = {
  batchSize: 1024,
  init: "k-means++",
  nRestarts: 3,
  maxPasses: 100,
  patience: 10,
  tolerance: 1e-4,
  reassignmentRatio: 0.01,
  seed: 0,
} as const;

const known: readonly string[] = ["nClusters", "initSize", ...Object.keys(defaults)];

/** Batches that the first centers are found on, and samples of each cluster among them, at least. */
const initBatches = 3;
const initPerCluster = 10;

/**
 * Complete, valid settings, as far as they do not depend on how many samples there are.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkMiniBatchKMeansOptions(
  options: MiniBatchKMeansOptions,
  nFeatures: number,
): MiniBatchKMeansSettings {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
  const { nClusters } = options;
  checkInteger("nClusters", nClusters);
  const batchSize = options.batchSize ?? defaults.batchSize;
  checkInteger("batchSize", batchSize);
  const settings = {
    nClusters,
    batchSize,
    initSize: options.initSize ?? Math.max(initBatches * batchSize, initPerCluster * nClusters),
    nRestarts: options.nRestarts ?? defaults.nRestarts,
    maxPasses: options.maxPasses ?? defaults.maxPasses,
    patience: options.patience ?? defaults.patience,
    tolerance: options.tolerance ?? defaults.tolerance,
    reassignmentRatio: options.reassignmentRatio ?? defaults.reassignmentRatio,
    seed: options.seed ?? defaults.seed,
  };
  for (const name of ["nRestarts", "maxPasses", "patience"] as const) checkInteger(name, settings[name]);
  const { initSize, tolerance, reassignmentRatio, seed } = settings;
  if (!Number.isSafeInteger(initSize) || initSize < nClusters) {
    fail("initSize", `an integer of at least nClusters, ${nClusters}`, initSize);
  }
  if (!(tolerance >= 0 && Number.isFinite(tolerance))) {
    fail("tolerance", "a finite number of at least 0", tolerance);
  }
  if (!(reassignmentRatio >= 0 && reassignmentRatio <= 1)) {
    fail("reassignmentRatio", "a number in 0..1", reassignmentRatio);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, seed);
  }
  return { ...settings, init: checkInit(options.init ?? defaults.init, nClusters, nFeatures) };
}

/** @throws {OptionError} if there are fewer samples than clusters */
export function checkEnough({ nClusters }: MiniBatchKMeansSettings, nSamples: number): void {
  if (nClusters > nSamples) {
    fail("nClusters", `an integer in 1..${nSamples} (the number of samples)`, nClusters);
  }
}

function checkInteger(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) fail(name, "an integer of at least 1", value);
}

function checkInit(
  init: NonNullable<MiniBatchKMeansOptions["init"]>,
  nClusters: number,
  nFeatures: number,
): MiniBatchKMeansSettings["init"] {
  if (init === "k-means++" || init === "random") return init;
  if (typeof init === "string") {
    return fail("init", `"k-means++", "random" or a matrix of centers`, `"${init as string}"`);
  }
  if (init.rows !== nClusters || init.cols !== nFeatures || init.data.length !== init.rows * init.cols) {
    fail("init", `nClusters x nFeatures = ${nClusters} x ${nFeatures}`, `${init.rows} x ${init.cols}`);
  }
  const data = Float64Array.from(init.data);
  if (!data.every(Number.isFinite)) fail("init", "of finite numbers only", "NaN or infinity");
  return { rows: init.rows, cols: init.cols, data };
}

function fail(what: string, rule: string, got: unknown): never {
  throw new OptionError(`miniBatchKMeans.fit: ${what} must be ${rule}; got ${String(got)}.`);
}
