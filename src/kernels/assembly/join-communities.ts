/**
 * From the communities of an over-clustering to the wanted number of clusters: parts are joined two by two, first the
 * pair whose joining raises the modularity most or lowers it least; then single nodes move among the clusters that are
 * left while that raises the modularity. See communities.ts for the gains.
 */
import { CommunityTask, enterGraph } from "./communities";
import { floatAt, intAt, Level, layTables, putFloat, putInt, Tables, weightAt } from "./graph-level";
import { moveNode, shuffle } from "./local-moves";

/** The parts that are left, and for each of them the best one behind it to join. */
@unmanaged
class Parts {
  n: u32; // at first
  rate: f64; // resolution / 2m
  weights: usize; // n x n, f64: sums of the weights between two parts
  volumes: usize; // n, f64
  gains: usize; // n, f64: of joining it with its partner, half and in units of 2m
  partner: usize; // n, u32: a part behind it; n for none
  into: usize; // n, u32: the part that it was joined to; itself while it is left
  cluster: usize; // n, u32: number of its cluster
}

/** What makes the random order of this step another one than any of the over-clustering. */
const ORDER_OF_SWEEPS: u64 = 1 << 63;

export function joinCommunities(task: usize, block: u32, worker: u32): void {
  const t = changetype<CommunityTask>(task);
  const run = block / t.nTargets;
  const number = intAt(t.runGraphs, run);
  const total = floatAt(t.graphTotals, number);
  const resolution = floatAt(t.targets, block % t.nTargets);
  const communities = t.communities + ((<usize>run * t.rows) << 2);
  const labels = t.labels + ((<usize>block * t.rows) << 2);

  const scratch = t.joinScratch + <usize>block * t.joinScratchBytes;
  const graph = changetype<Level>(scratch);
  const tables = changetype<Tables>(scratch + offsetof<Level>());
  const parts = changetype<Parts>(scratch + offsetof<Level>() + offsetof<Tables>());
  const at = scratch + offsetof<Level>() + offsetof<Tables>() + offsetof<Parts>();
  enterGraph(t, number, graph);
  parts.n = intAt(t.runCounts, run);
  parts.rate = total > 0 ? resolution / total : 0;
  layParts(parts, layTables(tables, (at + 7) & ~(<usize>7), t.rows));

  const path = t.paths + ((<usize>block * t.pathStride) << 3);
  sumParts(graph, communities, parts);
  const modularity = modularityOf(parts, total);
  const count = joinParts(parts, t.nClusters, path, modularity, total);
  for (let i: u32 = 0; i < t.rows; i++)
    putInt(tables.part, i, intAt(parts.cluster, intAt(communities, i)));
  moveAmongClusters(graph, tables, count, parts.rate, load<u64>(t.runKeys + (<usize>run << 3)), t.mostSweeps);
  memory.copy(labels, tables.part, <usize>t.rows << 2);

  parts.n = count;
  sumParts(graph, labels, parts);
  putFloat(t.modularities, block, modularityOf(parts, total));
  putInt(t.joinCounts, block, count);
}

function layParts(parts: Parts, at: usize): void {
  const n = <usize>parts.n;
  parts.weights = at;
  parts.volumes = parts.weights + ((n * n) << 3);
  parts.gains = parts.volumes + (n << 3);
  parts.partner = parts.gains + (n << 3);
  parts.into = parts.partner + (n << 2);
  parts.cluster = parts.into + (n << 2);
}

/** Sums the weights between the parts that `labels` says, and their degrees. */
function sumParts(graph: Level, labels: usize, parts: Parts): void {
  const n = parts.n;
  memory.fill(parts.weights, 0, (<usize>n * n) << 3);
  memory.fill(parts.volumes, 0, <usize>n << 3);
  for (let i: u32 = 0; i < graph.nodes; i++) {
    const part = intAt(labels, i);
    const row = parts.weights + ((<usize>part * n) << 3);
    for (let e = intAt(graph.starts, i), end = intAt(graph.starts, i + 1); e < end; e++) {
      const other = intAt(labels, intAt(graph.columns, e));
      putFloat(row, other, floatAt(row, other) + weightAt(graph, e));
    }
    putFloat(parts.volumes, part, floatAt(parts.volumes, part) + floatAt(graph.degrees, i));
  }
}

function modularityOf(parts: Parts, total: f64): f64 {
  if (total === 0) return 0;
  let sum: f64 = 0;
  for (let part: u32 = 0; part < parts.n; part++) {
    const volume = floatAt(parts.volumes, part);
    sum += weightBetween(parts, part, part) - parts.rate * volume * volume;
  }
  return sum / total;
}

// @ts-ignore: decorator
@inline
function weightBetween(parts: Parts, a: u32, b: u32): f64 {
  return floatAt(parts.weights + ((<usize>a * parts.n) << 3), b);
}

// @ts-ignore: decorator
@inline
function gainOf(parts: Parts, a: u32, b: u32): f64 {
  return weightBetween(parts, a, b) - parts.rate * floatAt(parts.volumes, a) * floatAt(parts.volumes, b);
}

// @ts-ignore: decorator
@inline
function isLeft(parts: Parts, part: u32): bool {
  return intAt(parts.into, part) === part;
}

/**
 * Joins the parts down to one and writes the modularity at each number of them; `parts.cluster` becomes what stood when
 * `wanted` parts were left, or, where `wanted` is 0, when no joining raised the modularity. Of equal pairs the first goes.
 *
 * @returns the number of clusters
 */
function joinParts(parts: Parts, wanted: u32, path: usize, start: f64, total: f64): u32 {
  const n = parts.n;
  for (let part: u32 = 0; part < n; part++) putInt(parts.into, part, part);
  for (let part: u32 = 0; part < n; part++) findPartner(parts, part);
  let modularity = start;
  let clusters: u32 = 0;
  for (let left = n; left > 0; left--) {
    putFloat(path, left - 1, modularity);
    const first = left > 1 ? bestPair(parts) : n;
    const gain = left > 1 ? floatAt(parts.gains, first) : 0;
    if (clusters === 0 && (wanted > 0 ? left === wanted : !(gain > 0))) clusters = numberClusters(parts);
    if (left === 1) break;
    join(parts, first, intAt(parts.partner, first));
    if (total > 0) modularity += (2 * gain) / total;
  }
  return clusters;
}

/** Part whose joining with its partner gains most. */
function bestPair(parts: Parts): u32 {
  let best = parts.n;
  let most = -Infinity;
  for (let part: u32 = 0; part < parts.n; part++) {
    if (!isLeft(parts, part) || intAt(parts.partner, part) === parts.n) continue;
    const gain = floatAt(parts.gains, part);
    if (gain > most) {
      most = gain;
      best = part;
    }
  }
  return best;
}

function findPartner(parts: Parts, part: u32): void {
  let partner = parts.n;
  let most = -Infinity;
  for (let other = part + 1; other < parts.n; other++) {
    if (!isLeft(parts, other)) continue;
    const gain = gainOf(parts, part, other);
    if (gain > most) {
      most = gain;
      partner = other;
    }
  }
  putInt(parts.partner, part, partner);
  putFloat(parts.gains, part, most);
}

/** Joins part b to part a, a < b, and finds new partners for those that had one of them. */
function join(parts: Parts, a: u32, b: u32): void {
  const n = parts.n;
  const rowA = parts.weights + ((<usize>a * n) << 3);
  const rowB = parts.weights + ((<usize>b * n) << 3);
  for (let other: u32 = 0; other < n; other++) putFloat(rowA, other, floatAt(rowA, other) + floatAt(rowB, other));
  for (let other: u32 = 0; other < n; other++) {
    const row = parts.weights + ((<usize>other * n) << 3);
    putFloat(row, a, floatAt(row, a) + floatAt(row, b));
  }
  putFloat(parts.volumes, a, floatAt(parts.volumes, a) + floatAt(parts.volumes, b));
  putInt(parts.into, b, a);
  for (let part: u32 = 0; part < b; part++) {
    if (!isLeft(parts, part)) continue;
    const partner = intAt(parts.partner, part);
    if (part === a || partner === a || partner === b) findPartner(parts, part);
    else if (part < a) {
      const gain = gainOf(parts, part, a);
      const most = floatAt(parts.gains, part);
      if (gain > most || (gain === most && a < partner)) {
        putFloat(parts.gains, part, gain);
        putInt(parts.partner, part, a);
      }
    }
  }
}

/** Numbers the parts that are left from 0 and gives each part the number of the one it was joined to. */
function numberClusters(parts: Parts): u32 {
  let count: u32 = 0;
  // A part is joined only to one before it, whose number is known by then.
  for (let part: u32 = 0; part < parts.n; part++) {
    const into = intAt(parts.into, part);
    putInt(parts.cluster, part, into === part ? count++ : intAt(parts.cluster, into));
  }
  return count;
}

/** Moves single nodes to the cluster where they add most, in sweeps until none moves; the last node of a cluster stays. */
function moveAmongClusters(graph: Level, tables: Tables, k: u32, rate: f64, key: u64, mostSweeps: u32): void {
  const n = graph.nodes;
  const sizes = tables.ends;
  memory.fill(tables.volumes, 0, <usize>k << 3);
  memory.fill(tables.weights, 0, <usize>k << 3);
  memory.fill(sizes, 0, <usize>k << 2);
  for (let i: u32 = 0; i < n; i++) {
    const part = intAt(tables.part, i);
    putFloat(tables.volumes, part, floatAt(tables.volumes, part) + floatAt(graph.degrees, i));
    putInt(sizes, part, intAt(sizes, part) + 1);
  }
  memory.fill(tables.waiting, 1, n);
  shuffle(tables.order, n, key, ORDER_OF_SWEEPS);
  for (let sweep: u32 = 0; sweep < mostSweeps; sweep++) {
    let moved: u32 = 0;
    for (let i: u32 = 0; i < n; i++) {
      const node = intAt(tables.order, i);
      const own = intAt(tables.part, node);
      if (load<u8>(tables.waiting + node) === 0 || intAt(sizes, own) === 1) continue;
      store<u8>(tables.waiting + node, 0);
      if (!moveNode(graph, tables, rate, node)) continue;
      const best = intAt(tables.part, node);
      putInt(sizes, own, intAt(sizes, own) - 1);
      putInt(sizes, best, intAt(sizes, best) + 1);
      moved++;
    }
    if (moved === 0) return;
  }
}
