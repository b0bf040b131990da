import { InputError, OptionError } from "../../errors.ts";
import type { RunContext } from "../../estimator.ts";
import { type Samples, takeRows } from "../../matrix/index.ts";
import { createRandom, distinctIntegers } from "../../random/index.ts";
import { queryNeighbors } from "./exact.ts";
import type { NeighborMetric, Neighbors } from "./types.ts";

/**
 * Share of the true neighbours that were found, in [0, 1]. A neighbour as near as the last true one counts, whichever of equals
 * the exact search has taken.
 *
 * @param approximate of the same points
 * @throws {InputError} for tables of different shapes
 */
export function neighborRecall(approximate: Neighbors, exact: Neighbors): number {
  const { rows, k } = exact;
  if (approximate.rows !== rows || approximate.k !== k) {
    throw new InputError(
      `neighborRecall: both tables must have one shape; got ${approximate.rows} x ${approximate.k} and ${rows} x ${k}.`,
    );
  }
  let found = 0;
  for (let i = 0; i < rows; i++) {
    const last = exact.distances[i * k + k - 1] as number;
    for (let j = 0; j < k; j++) if ((approximate.distances[i * k + j] as number) <= last) found++;
  }
  return found / (rows * k);
}

/** What {@link estimateRecall} needs to know. */
export interface EstimateRecallOptions {
  /** Rows whose true neighbours are sought; default 1000, all where there are fewer. */
  readonly sample?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** The one that the neighbours were found by; default `euclidean`. */
  readonly metric?: NeighborMetric | undefined;
}

/**
 * {@link neighborRecall} on some rows, whose true neighbours are found for the purpose.
 *
 * @param neighbors of the samples among themselves
 * @throws {OptionError} for a sample below 1
 * @throws {InputError} for a table that is not of these samples
 */
export async function estimateRecall(
  samples: Samples,
  neighbors: Neighbors,
  options: EstimateRecallOptions = {},
  context: RunContext = {},
): Promise<number> {
  const { rows, k } = neighbors;
  if (rows !== samples.rows) {
    throw new InputError(
      `estimateRecall: neighbors must be of the samples' ${samples.rows} rows; got ${rows}.`,
    );
  }
  const wanted = options.sample ?? 1000;
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new OptionError(`estimateRecall: sample must be an integer of at least 1; got ${wanted}.`);
  }
  const random = createRandom(options.seed ?? 0).stream("recall");
  const asked = distinctIntegers(random, Math.min(wanted, rows), rows).sort();
  const query = { k: k + 1, metric: options.metric };
  const all = await queryNeighbors(samples, takeRows(samples, asked), query, context);
  const pick = (from: Neighbors, row: number, skip: number): Omit<Neighbors, "rows" | "k"> => {
    const range = { indices: new Int32Array(k), distances: new Float32Array(k) };
    for (let j = 0, to = 0; to < k; j++) {
      if (from.indices[row * from.k + j] === skip) continue;
      range.indices[to] = from.indices[row * from.k + j] as number;
      range.distances[to++] = from.distances[row * from.k + j] as number;
    }
    return range;
  };
  let sum = 0;
  asked.forEach((row, at) => {
    const found = { rows: 1, k, ...pick(neighbors, row, -1) };
    sum += neighborRecall(found, { rows: 1, k, ...pick(all, at, row) });
  });
  return sum / asked.length;
}
