import type { Matrix } from "../../matrix/index.ts";

/** Axes that the curve goes through, at most, and bits of each. */
const nAxes = 3;
const nBits = 10;

/**
 * The rows in the order in which a Z-shaped curve (Morton 1966) through their first three columns meets them: rows that lie near each other in
 * space mostly come near each other in memory as well. Equal rows keep their order.
 */
export function alongCurve({ rows, cols, data }: Matrix<Float32Array>): Int32Array {
  const axes = Math.min(cols, nAxes);
  const keys = new Float64Array(rows);
  for (let axis = 0; axis < axes; axis++) {
    let least = Infinity;
    let most = -Infinity;
    for (let at = axis; at < data.length; at += cols) {
      least = Math.min(least, data[at] as number);
      most = Math.max(most, data[at] as number);
    }
    const scale = (2 ** nBits - 1) / (most - least || 1);
    for (let i = 0; i < rows; i++) {
      const cell = Math.floor(((data[i * cols + axis] as number) - least) * scale);
      keys[i] = (keys[i] as number) + spreadBits(cell, axes) * 2 ** axis;
    }
  }
  return Int32Array.from({ length: rows }, (_, i) => i).sort(
    (i, j) => (keys[i] as number) - (keys[j] as number) || i - j,
  );
}

/** The bits of a cell with `step - 1` zeros between them. */
function spreadBits(cell: number, step: number): number {
  let spread = 0;
  for (let bit = 0; bit < nBits; bit++) {
    if (cell & (1 << bit)) spread += 2 ** (bit * step);
  }
  return spread;
}
