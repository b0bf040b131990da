/** Decides whether points are looked at in a few directions first, and in which. */
import type { KernelCompute } from "../../kernels/index.ts";
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
export async function chooseBasis(
  compute: KernelCompute,
  at: (row: number, column: number) => number,
  mean: Float64Array,
  { rows, pairs }: { readonly rows: number; readonly pairs: number },
  signal?: AbortSignal,
): Promise<SketchBasis | undefined> {
  const cols = mean.length;
  if (cols < leastColumns || pairs < leastPairs) return undefined;
  const nLooks = Math.min(rows, looks);
  const data = new Float32Array(nLooks * cols);
  for (let look = 0; look < nLooks; look++) {
    const row = Math.floor((look * rows) / nLooks);
    for (let c = 0; c < cols; c++) data[look * cols + c] = at(row, c) - (mean[c] as number);
  }
  let total = 0;
  for (const value of data) total += value * value;
  const sample = { rows: nLooks, cols, data };
  const most = Math.min(Math.floor((cols * 2) / 3), nLooks >> 1);
  for (const count of (counts[0] as number) <= most ? counts : [fewest]) {
    if (count > most) break;
    const random = createRandom(0).stream("sketch");
    const { directions, held } = await leadingDirections(compute, sample, count, random, signal);
    const shares = runningShares(held, total);
    const leading = candidates.find((fewer) => fewer <= count && (shares[fewer - 1] as number) >= enough);
    if (leading !== undefined) return { directions, leading };
  }
  return undefined;
}

/** The share of `total` that the first 1, 2, ... directions hold. */
function runningShares(held: Float64Array, total: number): Float64Array {
  let sum = 0;
  return held.map((part) => {
    sum += part;
    return total > 0 ? sum / total : 1;
  });
}
