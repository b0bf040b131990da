import { InputError, OptionError } from "../../errors.ts";
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

/** @throws {OptionError} if so many clusters cannot be had from so many samples */
export function checkNClusters(where: string, nClusters: number, rows: number): void {
  const most = Math.min(rows, mostClusters);
  if (Number.isInteger(nClusters) && nClusters >= 1 && nClusters <= most) return;
  const limit = rows <= mostClusters ? "the number of samples" : "the most that a graph is cut into";
  throw new OptionError(`${where}: nClusters must be an integer in 1..${most} (${limit}); got ${nClusters}.`);
}

/**
 * @throws {InputError} unless the graph is square, symmetric and well formed, with finite weights of at least 0
 *
 * Time O(entries).
 */
export function checkGraph(where: string, graph: SparseMatrix): void {
  const { rows, cols, starts, columns, values } = graph;
  const fail = (rule: string, got: string): never => {
    throw new InputError(`${where}: the graph must ${rule}; got ${got}.`);
  };
  if (!Number.isInteger(rows) || rows < 1 || rows !== cols) {
    fail("be square, with a row for each sample", `${rows} x ${cols}`);
  }
  const entries = starts[rows];
  if (
    starts.length !== rows + 1 ||
    starts[0] !== 0 ||
    columns.length !== entries ||
    values.length !== entries
  ) {
    fail(
      "have rows + 1 starts, from 0 to the number of its columns and values",
      `${starts.length} starts up to ${entries}, ${columns.length} columns and ${values.length} values`,
    );
  }
  // Rows are read in order, so that the entries of each column are met in the order in which its own row has them.
  const mirrored = starts.slice(0, rows);
  for (let i = 0; i < rows; i++) {
    let before = -1;
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = columns[e] as number;
      const weight = values[e] as number;
      if (!(j > before && j < rows)) fail("have rising columns below its number of rows", `${j} in row ${i}`);
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
        fail("have finite weights of at least 0", `${weight} at (${i}, ${j})`);
      const mirror = mirrored[j] as number;
      if (!(mirror < (starts[j + 1] as number) && columns[mirror] === i && values[mirror] === weight))
        fail("be symmetric", `${weight} at (${i}, ${j}) and another weight, or none, at (${j}, ${i})`);
      mirrored[j] = mirror + 1;
      before = j;
    }
  }
}
