/**
 * What mutual information chance alone would give: its mean over all tables with the same row and column sums.
 *
 * A count n of a cluster of size a and a class of size b, among N samples, is hypergeometric (Vinh, Epps and Bailey
 * 2010, equation 24a). Its probabilities follow from each other:
 *   p(n + 1) / p(n) = (a - n)(b - n) / ((n + 1)(N - a - b + n + 1))
 * We start at the most likely count with weight 1, follow this ratio both ways, and divide by the sum of the weights.
 * The usual route, a difference of nine log-gamma values around 1e6, would lose six digits more, and starting at the
 * smallest count underflows for large clusters.
 */
import type { ContingencyTable } from "../partitions/index.ts";

/**
 * Weights below this share of the largest one are left out. They fall ever faster, so that what is left out stays far
 * below rounding, even where only counts above the most likely one contribute (it is 0, and contributes nothing).
 */
const negligible = 1e-30;

/** A size and the number of clusters (or classes) that have it. */
type SizeCount = readonly [size: number, times: number];

/**
 * Expected mutual information, in nats.
 *
 * Each pair of different sizes is worked out once. Time O(distinct cluster sizes x distinct class sizes x spread of a
 * count), where the spread is about 20 standard deviations; memory O(largest size).
 */
export function expectedMutualInformation(table: ContingencyTable): number {
  const { clusterSizes, classSizes, total } = table;
  const rows = distinctSizes(clusterSizes);
  const columns = distinctSizes(classSizes);
  const logs = logTable(Math.min(largest(rows), largest(columns)));
  let sum = 0;
  for (const [a, rowTimes] of rows) {
    for (const [b, columnTimes] of columns) sum += rowTimes * columnTimes * expectedTerm(a, b, total, logs);
  }
  return sum / total;
}

/** Mean of n log(N n / (a b)) over the hypergeometric counts n. */
function expectedTerm(a: number, b: number, total: number, logs: Float64Array): number {
  const most = Math.min(a, b);
  const least = Math.max(0, a + b - total);
  const mode = Math.min(most, Math.max(least, Math.floor(((a + 1) * (b + 1)) / (total + 2))));
  const rest = total - a - b;
  const shift = Math.log(total / a / b);

  let weights = 1;
  let sum = mode * (logs[mode] + shift);
  let weight = 1;
  for (let n = mode; n < most; n++) {
    weight *= ((a - n) * (b - n)) / ((n + 1) * (rest + n + 1));
    if (weight < negligible) break;
    weights += weight;
    sum += weight * (n + 1) * (logs[n + 1] + shift);
  }
  weight = 1;
  for (let n = mode; n > least; n--) {
    weight *= (n * (rest + n)) / ((a - n + 1) * (b - n + 1));
    if (weight < negligible) break;
    weights += weight;
    sum += weight * (n - 1) * (logs[n - 1] + shift);
  }
  return sum / weights;
}

/** log(n) for n up to `upTo`; entry 0 is 0, since a count of 0 contributes nothing. */
function logTable(upTo: number): Float64Array {
  const logs = new Float64Array(upTo + 1);
  for (let n = 1; n <= upTo; n++) logs[n] = Math.log(n);
  return logs;
}

/** Sizes above 0 in ascending order, so that the sum does not depend on how clusters are numbered. */
function distinctSizes(sizes: Float64Array): SizeCount[] {
  const times = new Map<number, number>();
  for (const size of sizes) if (size > 0) times.set(size, (times.get(size) ?? 0) + 1);
  return [...times].sort(([first], [second]) => first - second);
}

function largest(sizes: readonly SizeCount[]): number {
  return sizes[sizes.length - 1][0];
}
