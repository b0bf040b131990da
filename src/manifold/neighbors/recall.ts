import { InputError } from "../../errors.ts";
import type { Neighbors } from "./types.ts";

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
