import { isByteMatrix, type Matrix, type Samples, takeRows } from "../../../matrix/index.ts";

/** Every way of leaving distances out; all must give the same labels. */
export const algorithms = ["lloyd", "hamerly", "elkan", "yinyang"] as const;

/** Rows of the samples as centers, in the samples' own units. */
export function rowsAsCenters(samples: Samples, indices: ArrayLike<number>): Matrix<Float64Array> {
  const rows = takeRows(samples, indices);
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  return { rows: rows.rows, cols: rows.cols, data: Float64Array.from(rows.data, (value) => value * unit) };
}
