/**
 * Scores that ask of each pair of samples whether clustering and classes agree to put them together or apart.
 *
 * With n samples, counts n_rl, cluster sizes a_r and class sizes b_l, ordered pairs of different samples are together
 * in both (`both` = sum n_rl^2 - n), in the clustering (`clustered` = sum a_r^2 - n) and in the classes
 * (`classed` = sum b_l^2 - n). The sums are exact in doubles up to 94 million samples.
 */
import type { ContingencyTable } from "./contingency.ts";

interface PairCounts {
  readonly both: number;
  readonly clustered: number;
  readonly classed: number;
  readonly all: number;
}

/**
 * Rand index adjusted for chance (Hubert and Arabie 1985).
 *
 * @returns 1 for equal partitions, 0 on average for random ones, at least -0.5. One cluster against several classes,
 *   or singletons against anything else, give 0; a partition against itself gives 1, one cluster and singletons included.
 */
export function adjustedRandIndex(table: ContingencyTable): number {
  const { both, clustered, classed, all } = pairCounts(table);
  const onlyClustered = clustered - both;
  const onlyClassed = classed - both;
  if (onlyClustered === 0 && onlyClassed === 0) return 1;
  const apart = all - clustered - onlyClassed;
  const numerator = 2 * (both * apart - onlyClustered * onlyClassed);
  return numerator / (classed * (onlyClassed + apart) + clustered * (onlyClustered + apart));
}

/**
 * Geometric mean of the precision and the recall of "these two belong together" (Fowlkes and Mallows 1983).
 *
 * @returns a number in [0, 1]; 0 where no pair is together in both, so also for singletons against themselves
 */
export function fowlkesMallows(table: ContingencyTable): number {
  const { both, clustered, classed } = pairCounts(table);
  return both === 0 ? 0 : Math.sqrt(both / clustered) * Math.sqrt(both / classed);
}

function pairCounts(table: ContingencyTable): PairCounts {
  const { counts, clusterSizes, classSizes, total } = table;
  return {
    both: sumOfSquares(counts) - total,
    clustered: sumOfSquares(clusterSizes) - total,
    classed: sumOfSquares(classSizes) - total,
    all: total * total - total,
  };
}

function sumOfSquares(values: Int32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
