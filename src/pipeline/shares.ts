/** What is read from a table of shares or probabilities, nSamples x nClusters. */
import type { Matrix } from "../matrix/index.ts";

/** The cluster of the largest share of each sample, the first among equals. */
export function largestShares({ rows, cols, data }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let c = 1; c < cols; c++) {
      if ((data[i * cols + c] as number) > (data[i * cols + best] as number)) best = c;
    }
    return best;
  });
}

/** The share of each sample's own cluster; at most 1, which sums of single precision may pass by a rounding. */
export function ownShares({ cols, data }: Matrix, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (own, i) => Math.min(1, data[i * cols + own] as number));
}

/** How much the share of each sample's cluster exceeds that of the next one; 0 where another has more. */
export function shareMargins({ cols, data }: Matrix, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (own, i) => {
    let next = 0;
    for (let c = 0; c < cols; c++) if (c !== own) next = Math.max(next, data[i * cols + c] as number);
    return Math.max(0, (data[i * cols + own] as number) - next);
  });
}
