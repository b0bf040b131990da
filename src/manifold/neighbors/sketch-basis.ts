/** Decides whether points are looked at in a few directions first, and in which. */
import type { Matrix } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { leadingDirections } from "./leading-directions.ts";

/** Rows that the directions are found from. */
const looks = 768;

/** Fewer columns, or fewer pairs, are sooner compared whole than the directions found. */
const leastColumns = 96;
const leastPairs = 2 ** 26;

/** Directions tried, of which long sketches have all; with the length of what they leave over, sketches have an even number of entries. */
const counts = [127, 159];
const fewest = 63;

/** At least as many as a basis ever has, a multiple of four. */
export const mostDirections = 160;

/**
 * Share of the variance that directions must hold. MNIST: 63 directions hold 0.86, and are faster than 31 (0.73), of which
 * too many pairs need a full look, and than 127 (0.94).
 */
const enough = 0.85;

/** Of fewer directions the first that hold enough are taken. */
const candidates = [15, 31, 47, 63, 95, 127, 159];

/** Orthonormal directions, those of largest spread first, of which sketches have the first `leading`. */
export interface SketchBasis {
  readonly directions: Matrix<Float64Array>;
  readonly leading: number;
}

/**
 * Directions for sketches, or undefined where the rows serve as they are.
 *
 * @param at gives one number of one row
 * @param shape pairs is how many comparisons lie ahead
 */
export function chooseBasis(
  at: (row: number, column: number) => number,
  mean: Float64Array,
  { rows, pairs }: { readonly rows: number; readonly pairs: number },
): SketchBasis | undefined {
  const cols = mean.length;
  if (cols < leastColumns || pairs < leastPairs) return undefined;
  const nLooks = Math.min(rows, looks);
  const data = new Float64Array(nLooks * cols);
  for (let look = 0; look < nLooks; look++) {
    const row = Math.floor((look * rows) / nLooks);
    for (let c = 0; c < cols; c++) data[look * cols + c] = at(row, c) - (mean[c] as number);
  }
  const sample = { rows: nLooks, cols, data };
  const most = Math.min(Math.floor((cols * 2) / 3), nLooks >> 1);
  for (const count of (counts[0] as number) <= most ? counts : [fewest]) {
    if (count > most) break;
    const directions = leadingDirections(sample, count, createRandom(0).stream("sketch"));
    const held = heldShares(sample, directions);
    const leading = candidates.find((fewer) => fewer <= count && (held[fewer - 1] as number) >= enough);
    if (leading !== undefined) return { directions, leading };
  }
  return undefined;
}

/** The share of the sample's variance that the first 1, 2, ... directions hold. */
function heldShares(sample: Matrix<Float64Array>, basis: Matrix<Float64Array>): Float64Array {
  const { rows, cols, data } = sample;
  const held = new Float64Array(basis.rows);
  let total = 0;
  for (const value of data) total += value * value;
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < basis.rows; q++) {
      let dot = 0;
      for (let c = 0; c < cols; c++) {
        dot += (data[r * cols + c] as number) * (basis.data[q * cols + c] as number);
      }
      held[q] = (held[q] as number) + dot * dot;
    }
  }
  let sum = 0;
  return held.map((share) => {
    sum += share;
    return total > 0 ? sum / total : 1;
  });
}
