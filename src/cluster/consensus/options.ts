import { InputError, OptionError } from "../../errors.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import { checkGraph, checkNClusters } from "../graph/index.ts";
import type { ConsensusMethod, ConsensusOptions, ConsensusSettings } from "./types.ts";

/** What holds where an option is left out. */
export const defaults = {
  resolutions: [1.25, 1.5, 1.75],
  nRuns: 4,
  startResolution: 2,
  maxSweeps: 50,
  method: "spectral",
  seed: 0,
} as const;

const methods: readonly ConsensusMethod[] = ["spectral", "vote"];
const known: readonly string[] = ["nClusters", ...Object.keys(defaults)];

/** Most partitions: the table of what all their clusters share grows with the square of their number. */
const mostPartitions = 1000;

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 * @throws {InputError} for graphs of no use
 */
export function checkConsensusOptions(
  options: ConsensusOptions,
  graphs: readonly SparseMatrix[],
): ConsensusSettings {
  const fail = (what: string, rule: string, got: unknown): never => {
    throw new OptionError(`consensus.fit: ${what} must be ${rule}; got ${String(got)}.`);
  };
  checkGraphs(graphs);
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
  const settings = {
    nClusters: options.nClusters,
    resolutions: [...(options.resolutions ?? defaults.resolutions)],
    nRuns: options.nRuns ?? defaults.nRuns,
    startResolution: options.startResolution ?? defaults.startResolution,
    maxSweeps: options.maxSweeps ?? defaults.maxSweeps,
    method: options.method ?? defaults.method,
    seed: options.seed ?? defaults.seed,
  };
  checkNClusters("consensus.fit", settings.nClusters, (graphs[0] as SparseMatrix).rows);
  if (settings.resolutions.length === 0) fail("resolutions", "one number or more", "none");
  for (const value of settings.resolutions) {
    if (!(value > 0 && Number.isFinite(value))) fail("each of resolutions", "a finite number above 0", value);
  }
  const start = settings.startResolution;
  if (!(start > 0 && Number.isFinite(start))) fail("startResolution", "a finite number above 0", start);
  for (const [name, least] of [
    ["nRuns", 1],
    ["maxSweeps", 0],
  ] as const) {
    const value = settings[name];
    if (!Number.isInteger(value) || value < least || value > 2 ** 31)
      fail(name, `an integer of at least ${least}`, value);
  }
  const nPartitions = graphs.length * settings.nRuns * settings.resolutions.length;
  if (nPartitions > mostPartitions)
    fail("graphs x nRuns x resolutions", `at most ${mostPartitions} partitions`, nPartitions);
  if (!methods.includes(settings.method))
    fail("method", `one of ${methods.join(", ")}`, `"${settings.method}"`);
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0)
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, settings.seed);
  return settings;
}

function checkGraphs(graphs: readonly SparseMatrix[]): void {
  if (graphs.length === 0) throw new InputError("consensus.fit: graphs must be one or more; got none.");
  for (const graph of graphs) {
    checkGraph("consensus.fit", graph);
    if (graph.rows !== graphs[0]?.rows) {
      throw new InputError(
        `consensus.fit: all graphs must have the same samples; got ${graphs[0]?.rows} and ${graph.rows}.`,
      );
    }
  }
}
