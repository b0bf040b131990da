/** What sets the clusters of vectors apart: columns in which a cluster's mean lies far from that of all. */
import { groupMeans, type Matrix } from "../matrix/index.ts";
import type { ColumnShift, VectorExhibit } from "./exhibits.ts";

/** Columns that are told of each cluster. */
export const SHIFTED_COLUMNS = 8;

/**
 * For each cluster, the columns whose mean within it lies farthest from the mean of all vectors, in standard deviations of
 * all vectors; the first among equals first. Columns that do not vary are left out, as are empty clusters.
 *
 * @param values nVectors x width, as the source has them: before any scaling
 * @param labels cluster of each vector, 0..nClusters-1
 * @param names of the columns, where the source names them
 */
export function vectorExhibit(
  values: Matrix<Float32Array>,
  labels: Int32Array,
  nClusters: number,
  names?: readonly string[],
): VectorExhibit {
  const { rows, cols } = values;
  const mean = groupMeans(values, new Int32Array(rows), 1).data;
  const deviation = deviations(values, mean);
  const means = groupMeans(values, labels, nClusters).data;
  const filled = new Set(labels);
  const shifts = Array.from({ length: nClusters }, (_, cluster): readonly ColumnShift[] => {
    if (!filled.has(cluster)) return [];
    const shiftOf = (column: number): number => {
      const apart = (means[cluster * cols + column] as number) - (mean[column] as number);
      return apart / (deviation[column] as number);
    };
    return Array.from({ length: cols }, (_, column) => column)
      .filter((column) => (deviation[column] as number) > 0)
      .map((column) => ({ column, mean: means[cluster * cols + column] as number, shift: shiftOf(column) }))
      .sort((a, b) => Math.abs(b.shift) - Math.abs(a.shift) || a.column - b.column)
      .slice(0, SHIFTED_COLUMNS)
      .map((one) => ({ ...one, ...(names?.[one.column] && { name: names[one.column] as string }) }));
  });
  const varying = deviation.filter((one) => one > 0).length;
  return { width: cols, varying, ...(names && { named: true }), shifts };
}

/** Standard deviation of each column, divisor n; exactly 0 for a constant one. */
function deviations({ rows, cols, data }: Matrix, mean: Float64Array): Float64Array {
  const squares = new Float64Array(cols);
  const first = data.slice(0, cols);
  const varies = new Uint8Array(cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      const value = data[at] as number;
      if (value !== first[j]) varies[j] = 1;
      squares[j] = (squares[j] as number) + (value - (mean[j] as number)) ** 2;
    }
  }
  return squares.map((square, j) => (varies[j] === 1 ? Math.sqrt(square / rows) : 0));
}
