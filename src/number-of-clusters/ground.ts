/** The samples that all criteria but the inertia look at. */
import { isByteMatrix, type Samples, takeRows } from "../matrix/index.ts";
import { distinctIntegers, type Random } from "../random/index.ts";

/** All samples, or as many as were asked for. */
export interface Ground {
  readonly samples: Samples;
  /** Rows of these samples among all; undefined where these are all. */
  readonly rows: Int32Array | undefined;
  /** Number of all samples. */
  readonly population: number;
  /** A sum of squared distances up to this is rounding: every sample lies on its center. */
  readonly negligible: number;
}

/** Part of the sum of squares of all numbers that summing them may be off by, squared: (1e-12)^2. */
const ROUNDING = 1e-24;

/** At most `size` samples, drawn without repeats, in their order. */
export function groundOf(all: Samples, size: number, random: Random): Ground {
  const rows = all.rows > size ? distinctIntegers(random, size, all.rows).sort() : undefined;
  const samples = rows ? takeRows(all, rows) : all;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  let squares = 0;
  for (const value of samples.data) squares += value * value;
  return { samples, rows, population: all.rows, negligible: squares * unit * unit * ROUNDING };
}

/** Labels of the ground's samples, out of those of all. */
export function labelsOn({ rows }: Ground, labels: Int32Array): Int32Array {
  return rows ? Int32Array.from(rows, (row) => labels[row]) : labels;
}
