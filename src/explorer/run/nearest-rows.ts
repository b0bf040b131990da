import { isByteMatrix, type Samples } from "../../matrix/index.ts";
import { inSlices } from "../slices.ts";

/** Numbers that are compared between two looks at the clock. */
const NUMBERS_AT_ONCE = 500_000;

/** A row and how far it is. */
export interface NearRow {
  readonly index: number;
  /** Euclidean, in the units of the samples. */
  readonly distance: number;
}

/**
 * The k rows nearest to one of them, itself left out, by exact search in double precision; ties by the lowest index.
 *
 * Time O(rows x cols) in slices; memory O(k).
 */
export async function nearestRows(samples: Samples, index: number, k: number): Promise<readonly NearRow[]> {
  const { rows, cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const asked = Float64Array.from(data.subarray(index * cols, (index + 1) * cols));
  const found: { index: number; square: number }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  await inSlices(rows, Math.max(1, Math.floor(NUMBERS_AT_ONCE / cols)), (from, to) => {
    for (let i = from, at = from * cols; i < to; i++, at += cols) {
      if (i === index) continue;
      let square = 0;
      for (let j = 0; j < cols; j++) {
        const difference = (data[at + j] as number) - (asked[j] as number);
        square += difference * difference;
      }
      if (square >= worst) continue;
      let place = found.length;
      while (place > 0 && (found[place - 1] as { square: number }).square > square) place--;
      found.splice(place, 0, { index: i, square });
      if (found.length > k) found.pop();
      if (found.length === k) worst = found[k - 1]?.square ?? worst;
    }
  });
  return found.map((row) => ({ index: row.index, distance: Math.sqrt(row.square) * unit }));
}
