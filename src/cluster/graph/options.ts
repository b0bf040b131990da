import { OptionError } from "../../errors.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import type { GraphOptions, GraphSettings } from "./types.ts";

/** What holds where an option is left out. */
export const defaults = {
  resolution: 1,
  startResolution: 2,
  nRestarts: 5,
  maxSweeps: 50,
  seed: 0,
} as const;

/** Most clusters: the table of the weights between all communities, a few times as many, must fit into memory. */
export const mostClusters = 1024;

const known: readonly string[] = ["nClusters", ...Object.keys(defaults)];

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkGraphOptions(options: GraphOptions, graph: SparseMatrix): GraphSettings {
  const fail = (what: string, rule: string, got: unknown): never => {
    throw new OptionError(`graph.fit: ${what} must be ${rule}; got ${String(got)}.`);
  };
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
  const settings = {
    nClusters: options.nClusters,
    resolution: options.resolution ?? defaults.resolution,
    startResolution: options.startResolution ?? defaults.startResolution,
    nRestarts: options.nRestarts ?? defaults.nRestarts,
    maxSweeps: options.maxSweeps ?? defaults.maxSweeps,
    seed: options.seed ?? defaults.seed,
  };
  if (settings.nClusters !== "auto") checkNClusters("graph.fit", settings.nClusters, graph.rows);
  for (const name of ["resolution", "startResolution"] as const) {
    const value = settings[name];
    if (!(value > 0 && Number.isFinite(value))) fail(name, "a finite number above 0", value);
  }
  for (const [name, least] of [
    ["nRestarts", 1],
    ["maxSweeps", 0],
  ] as const) {
    const value = settings[name];
    if (!Number.isInteger(value) || value < least || value > 2 ** 31)
      fail(name, `an integer of at least ${least}`, value);
  }
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, settings.seed);
  }
  return settings;
}

/**
 * Checks the number of clusters that a graph is to be cut into.
 *
 * @param where named by the error
 * @param rows number of samples
 * @throws {OptionError} if so many clusters cannot be had from so many samples
 */
export function checkNClusters(where: string, nClusters: number, rows: number): void {
  const most = Math.min(rows, mostClusters);
  if (Number.isInteger(nClusters) && nClusters >= 1 && nClusters <= most) return;
  const limit = rows <= mostClusters ? "the number of samples" : "the most that a graph is cut into";
  throw new OptionError(`${where}: nClusters must be an integer in 1..${most} (${limit}); got ${nClusters}.`);
}
