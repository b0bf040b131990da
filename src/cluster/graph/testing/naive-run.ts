/**
 * One run of the graph clusterer on dense matrices with the loops of a textbook: Louvain in three rounds, with the
 * kernel's random order and its waiting list, all pairs tried at each joining, single moves at the end.
 */
import type { SparseMatrix } from "../../../matrix/index.ts";
import type { Random } from "../../../random/index.ts";
import { bySize } from "../index.ts";

const mask = (1n << 64n) - 1n;

function randomAt(key: bigint, counter: bigint): bigint {
  let x = (key + counter * 0x9e3779b97f4a7c15n) & mask;
  x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
  x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & mask;
  return x ^ (x >> 31n);
}

function shuffled(n: number, key: bigint, counter: bigint): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  const own = randomAt(key & mask, counter);
  for (let last = n - 1; last > 0; last--) {
    const other = Number(((randomAt(own, BigInt(last)) >> 32n) * BigInt(last + 1)) >> 32n);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

type Dense = number[][];

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Moves nodes until a pass moves at most `few` of them; at most `mostPasses`. The last node of a part may have to stay. */
function move(
  weights: Dense,
  degrees: readonly number[],
  parts: number[],
  rate: number,
  orderOf: (pass: number) => number[],
  { few, mostPasses, keepLast }: { few: number; mostPasses: number; keepLast: boolean },
): boolean {
  const waiting = new Set(parts.keys());
  let any = false;
  for (let pass = 0; pass < mostPasses; pass++) {
    let moved = 0;
    for (const node of orderOf(pass)) {
      const own = parts[node] as number;
      if (keepLast && parts.filter((part) => part === own).length === 1) continue;
      if (!waiting.delete(node)) continue;
      const row = weights[node] as number[];
      const gain = (part: number): number =>
        sum(row.filter((_, j) => j !== node && parts[j] === part)) -
        rate * (degrees[node] as number) * sum(degrees.filter((_, j) => j !== node && parts[j] === part));
      let best = own;
      let most = gain(own) + 1e-12 * (degrees[node] as number);
      for (const j of row.keys()) {
        if (j === node || row[j] === 0) continue;
        const here = gain(parts[j] as number);
        if (here > most) [best, most] = [parts[j] as number, here];
      }
      if (best === own) continue;
      parts[node] = best;
      moved++;
      for (const j of row.keys()) if (row[j] !== 0 && parts[j] !== best) waiting.add(j);
    }
    if (moved > 0) any = true;
    if (moved <= few) break;
  }
  return any;
}

function joined(weights: Dense, parts: readonly number[], count: number): Dense {
  const result = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  weights.forEach((row, i) => {
    row.forEach((weight, j) => {
      const line = result[parts[i] as number] as number[];
      line[parts[j] as number] = (line[parts[j] as number] as number) + weight;
    });
  });
  return result;
}

/** Labels of one run at start resolution 2 and resolution 1; for graphs of fewer than 2,000 connected nodes. */
export function naiveRun(graph: SparseMatrix, random: Random, nClusters: number | "auto"): Int32Array {
  const n = graph.rows;
  const dense = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++) {
    for (let e = graph.starts[i] as number; e < (graph.starts[i + 1] as number); e++)
      (dense[i] as number[])[graph.columns[e] as number] = graph.values[e] as number;
  }
  const degrees = dense.map(sum);
  const total = sum(degrees);
  const low = BigInt(random.uint32());
  const key = low | (BigInt(random.uint32()) << 32n);

  let weights: Dense = dense;
  let communities = Array.from({ length: n }, (_, i) => i);
  const how = { few: 0, mostPasses: 100, keepLast: false };
  for (let round = 0n; round < 3n; round++) {
    weights = dense;
    let members = Array.from({ length: n }, (_, i) => i); // the node of the present graph that each sample is in
    for (let depth = 0n; ; depth++) {
      const parts = depth === 0n ? communities : Array.from(weights.keys());
      const seed = key + (round << 48n) + (depth << 40n);
      const orderOf = (pass: number): number[] => shuffled(parts.length, seed, BigInt(pass));
      const moved = move(weights, weights.map(sum), parts, 2 / total, orderOf, how);
      if (!moved && depth > 0n) break;
      const names = [...new Set(parts)];
      const numbers = parts.map((part) => names.indexOf(part));
      members = members.map((node) => numbers[node] as number);
      const before = weights.length;
      weights = joined(weights, numbers, names.length);
      if (weights.length === before) break;
    }
    communities = members;
  }

  const volumes = weights.map(sum);
  const rank = [...volumes.keys()].sort(
    (a, b) =>
      (volumes[b] as number) - (volumes[a] as number) || communities.indexOf(a) - communities.indexOf(b),
  );
  let clusters = communities.map((community) => rank.indexOf(community));
  for (let count = rank.length; ; count--) {
    const between = joined(dense, clusters, count);
    const sizes = between.map(sum);
    let best: [gain: number, a: number, b: number] = [Number.NEGATIVE_INFINITY, 0, 0];
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const gain =
          ((between[a] as number[])[b] as number) - ((sizes[a] as number) * (sizes[b] as number)) / total;
        if (gain > best[0]) best = [gain, a, b];
      }
    }
    if (nClusters === "auto" ? best[0] <= 0 : count === nClusters) break;
    const [, a, b] = best;
    clusters = clusters.map((cluster) => (cluster === b ? a : cluster > b ? cluster - 1 : cluster));
  }
  const order = shuffled(n, key, 1n << 63n);
  move(dense, degrees, clusters, 1 / total, () => order, { few: 0, mostPasses: 50, keepLast: true });
  return bySize(Int32Array.from(clusters), Math.max(...clusters) + 1).labels;
}
