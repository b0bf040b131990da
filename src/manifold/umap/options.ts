import { OptionError } from "../../errors.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";
import type { Neighbors } from "../neighbors/index.ts";
import type {
  GraphLayoutOptions,
  LayoutOptions,
  LayoutSettings,
  UmapInit,
  UmapOptions,
  UmapSettings,
} from "./types.ts";

/** What holds where an option is left out; `nEpochs` follows from the number of samples. */
export const defaults = {
  nNeighbors: 15,
  metric: "euclidean",
  nDimensions: 2,
  minDist: 0.1,
  spread: 1,
  learningRate: 1,
  negativeSamples: 5,
  repulsion: 1,
  init: "spectral",
  seed: 0,
} as const;

const inits: readonly string[] = ["spectral", "pca", "random"];
const metrics: readonly string[] = ["euclidean", "cosine"];
const ofNeighbors: readonly string[] = ["nNeighbors", "metric"];
const ofLayout = [...Object.keys(defaults).filter((name) => !ofNeighbors.includes(name)), "nEpochs"];

/** Epochs where none are given, as in umap-learn: small sets take more, because they can. */
function defaultEpochs(rows: number): number {
  return rows <= 10000 ? 500 : 200;
}

type Fail = (what: string, rule: string, got: unknown) => never;

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkUmapOptions(options: UmapOptions, samples: Samples): UmapSettings {
  const fail = failIn("umap.fit");
  checkNames(options, [...ofNeighbors, "neighbors", ...ofLayout], fail);
  const { neighbors } = options;
  const nNeighbors = options.nNeighbors ?? (neighbors ? neighbors.k + 1 : defaults.nNeighbors);
  const metric = options.metric ?? defaults.metric;
  checkInteger("nNeighbors", nNeighbors, 2, 1000, fail);
  if (!metrics.includes(metric)) fail("metric", `one of ${metrics.join(", ")}`, `"${metric}"`);
  if (neighbors) checkNeighbors(neighbors, nNeighbors, samples.rows, fail);
  return {
    nNeighbors: Math.min(nNeighbors, samples.rows),
    metric,
    ...checkLayout(options, samples.rows, fail),
  };
}

/**
 * Complete, valid settings of a layout of a given graph.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkLayoutOptions(options: GraphLayoutOptions, rows: number): LayoutSettings {
  const fail = failIn("umap.layoutOf");
  checkNames(options, ["samples", ...ofLayout], fail);
  const { samples } = options;
  if (samples && samples.rows !== rows) {
    fail("samples", `as many as the graph has rows, ${rows}`, samples.rows);
  }
  const settings = checkLayout(options, rows, fail);
  if (settings.init === "pca" && !samples) {
    fail("init", `"spectral", "random" or a matrix where no samples are given`, `"pca"`);
  }
  return settings;
}

function checkLayout(options: LayoutOptions, rows: number, fail: Fail): LayoutSettings {
  const settings = {
    nDimensions: options.nDimensions ?? defaults.nDimensions,
    minDist: options.minDist ?? defaults.minDist,
    spread: options.spread ?? defaults.spread,
    nEpochs: options.nEpochs ?? defaultEpochs(rows),
    learningRate: options.learningRate ?? defaults.learningRate,
    negativeSamples: options.negativeSamples ?? defaults.negativeSamples,
    repulsion: options.repulsion ?? defaults.repulsion,
    init: options.init ?? defaults.init,
    seed: options.seed ?? defaults.seed,
  };
  checkInteger("nDimensions", settings.nDimensions, 1, 64, fail);
  checkInteger("nEpochs", settings.nEpochs, 0, 100_000, fail);
  checkInteger("negativeSamples", settings.negativeSamples, 0, 100, fail);
  checkInteger("seed", settings.seed, 0, Number.MAX_SAFE_INTEGER, fail);
  for (const name of ["spread", "learningRate"] as const) {
    const value = settings[name];
    if (!(value > 0 && Number.isFinite(value))) fail(name, "a positive, finite number", value);
  }
  if (!(settings.repulsion >= 0 && Number.isFinite(settings.repulsion))) {
    fail("repulsion", "a finite number of at least 0", settings.repulsion);
  }
  if (!(settings.minDist >= 0 && settings.minDist <= settings.spread)) {
    fail("minDist", `in 0..${settings.spread} (spread)`, settings.minDist);
  }
  return { ...settings, init: checkInit(settings.init, rows, settings.nDimensions, fail) };
}

function checkInit(
  init: UmapInit | Matrix,
  rows: number,
  nDimensions: number,
  fail: Fail,
): LayoutSettings["init"] {
  if (typeof init === "string") {
    return inits.includes(init) ? init : fail("init", `one of ${inits.join(", ")} or a matrix`, `"${init}"`);
  }
  if (init.rows !== rows || init.cols !== nDimensions || init.data.length !== init.rows * init.cols) {
    fail("init", `nSamples x nDimensions = ${rows} x ${nDimensions}`, `${init.rows} x ${init.cols}`);
  }
  const data = Float32Array.from(init.data);
  if (!data.every(Number.isFinite)) fail("init", "finite numbers only", "NaN or infinity");
  return { rows, cols: nDimensions, data };
}

function checkNeighbors(neighbors: Neighbors, nNeighbors: number, rows: number, fail: Fail): void {
  if (neighbors.rows !== rows) fail("neighbors", `of all ${rows} samples`, neighbors.rows);
  if (neighbors.k + 1 !== nNeighbors) {
    fail("nNeighbors", `one more than neighbors has, ${neighbors.k + 1}, or left out`, nNeighbors);
  }
}

/** @throws {OptionError} for anything but an integer in 0..100000 */
export function checkTransformEpochs(nEpochs: number): void {
  checkInteger("nEpochs", nEpochs, 0, 100_000, failIn("umap.transform"));
}

function failIn(where: string): Fail {
  return (what, rule, got) => {
    throw new OptionError(`${where}: ${what} must be ${rule}; got ${String(got)}.`);
  };
}

function checkNames(options: object, known: readonly string[], fail: Fail): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
}

function checkInteger(name: string, value: number, least: number, most: number, fail: Fail): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    fail(name, `an integer in ${least}..${most}`, value);
  }
}
