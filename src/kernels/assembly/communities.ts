/**
 * Communities of a weighted graph, by modularity.
 *
 * With A the symmetric weights, d_i = sum_j A_ij the degree of node i, and 2m the sum of all weights, a partition has the
 * modularity Q = sum over its parts c of W_c / 2m - g (V_c / 2m)^2, where W_c is the sum of the weights within c, V_c the sum
 * of its degrees, and g the resolution. To move node i into a part c that it is no member of adds twice
 * w_ic - g d_i V_c / 2m (in units of 2m), where w_ic is the weight between them; to join the parts a and b adds twice
 * W_ab - g V_a V_b / 2m.
 *
 * `overCluster` is the method of Louvain (Blondel et al. 2008): nodes move to the neighbouring part where they add most,
 * until hardly any does; then the parts become the nodes of a smaller graph, and so on until nothing moves. This is done in
 * rounds, of which each begins with the single nodes in the parts of the one before: so nodes can leave a part that only grew
 * around them, for which Leiden's method (Traag et al. 2019) refines the parts instead.
 * `joinCommunities` joins those parts down to the wanted number, and then moves single nodes among those that are left.
 *
 * One block is one whole run, sequential inside: its result depends on its own inputs alone.
 */
import { aggregate, intAt, Level, layLevel, layTables, putInt, Tables } from "./graph-level";
import { moveNodes, renumber } from "./local-moves";

@unmanaged
export class CommunityTask {
  rows: u32; // nodes of every graph
  mostEntries: u32; // of any graph

  // graphs, each by its number
  graphStarts: usize; // u32: address of its rows + 1 starts
  graphColumns: usize; // u32: address of its columns
  graphValues: usize; // u32: address of its values, f32, none below 0
  graphDegrees: usize; // u32: address of its rows degrees, f64
  graphTotals: usize; // f64: sum of its degrees, 2m

  // runs, one block of overCluster each
  runGraphs: usize; // u32: number of its graph
  runKeys: usize; // u64: what its random numbers are made of
  resolution: f64; // over-clustering begins with it
  leastCommunities: u32; // and doubles it until there are as many
  runScratch: usize;
  runScratchBytes: usize;
  communities: usize; // runs x rows, i32
  runCounts: usize; // u32: number of communities

  // joins, one block of joinCommunities each: run r with target t is block r x nTargets + t
  nTargets: u32;
  targets: usize; // f64: resolutions
  nClusters: u32; // 0: as many as have the highest modularity
  mostSweeps: u32;
  joinScratch: usize;
  joinScratchBytes: usize;
  pathStride: u32; // most communities of any run
  paths: usize; // blocks x pathStride, f64: entry k - 1 is the modularity of k parts, before single nodes move
  labels: usize; // blocks x rows, i32
  joinCounts: usize; // u32: number of clusters
  modularities: usize; // f64: of the labels, at the target resolution
}

/** Most times that a run doubles its resolution; far fewer set every node apart. */
const MOST_DOUBLINGS: u32 = 100;

/**
 * Rounds of a run. The second moves single nodes that the first could move only with their parts, and what follows from
 * that; from the fourth on, modularity hardly rises.
 */
const ROUNDS: u64 = 3;

/** The graphs of one run, at the start of its scratch: the given one, and in turn those of parts. */
@unmanaged
class Levels {
  given: Level;
  odd: Level;
  even: Level;
  tables: Tables;
}

/** Lays the tables out behind the heads of them all, which stand at `at`. */
function layLevels(levels: Levels, at: usize, rows: u32, entries: u32): void {
  const level = at + offsetof<Levels>();
  levels.given = changetype<Level>(level);
  levels.odd = changetype<Level>(level + offsetof<Level>());
  levels.even = changetype<Level>(level + 2 * offsetof<Level>());
  levels.tables = changetype<Tables>(level + 3 * offsetof<Level>());
  const end = level + 3 * offsetof<Level>() + offsetof<Tables>();
  let behind = layTables(levels.tables, (end + 7) & ~(<usize>7), rows);
  memory.fill(levels.tables.weights, 0, <usize>rows << 3);
  behind = layLevel(levels.odd, behind, rows, entries);
  layLevel(levels.even, behind, rows, entries);
}


/** Makes `graph` the task's graph of that number. */
export function enterGraph(t: CommunityTask, number: u32, graph: Level): void {
  graph.nodes = t.rows;
  graph.single = 1;
  graph.starts = intAt(t.graphStarts, number);
  graph.columns = intAt(t.graphColumns, number);
  graph.values = intAt(t.graphValues, number);
  graph.degrees = intAt(t.graphDegrees, number);
}

export function overCluster(task: usize, block: u32, worker: u32): void {
  const t = changetype<CommunityTask>(task);
  const scratch = t.runScratch + <usize>block * t.runScratchBytes;
  const communities = t.communities + ((<usize>block * t.rows) << 2);
  const graph = intAt(t.runGraphs, block);
  const total = load<f64>(t.graphTotals + (<usize>graph << 3));
  const key = load<u64>(t.runKeys + (<usize>block << 3));
  let resolution = t.resolution;
  let count: u32 = 0;
  for (let doubling: u32 = 0; doubling <= MOST_DOUBLINGS; doubling++) {
    count = runLevels(t, graph, total > 0 ? resolution / total : 0, key, communities, scratch);
    if (count >= t.leastCommunities) break;
    resolution *= 2;
  }
  putInt(t.runCounts, block, count);
}

/** One run, from single nodes until nothing moves; gives the number of communities. */
function runLevels(
  t: CommunityTask,
  number: u32,
  rate: f64,
  key: u64,
  communities: usize,
  scratch: usize,
): u32 {
  const rows = t.rows;
  const levels = changetype<Levels>(scratch);
  layLevels(levels, scratch, rows, t.mostEntries);
  enterGraph(t, number, levels.given);
  for (let i: u32 = 0; i < rows; i++) putInt(communities, i, i);
  let count = rows;
  for (let round: u64 = 0; round < ROUNDS; round++)
    count = climb(levels, communities, rate, key + (round << 48));
  return count;
}

/** One round: moves single nodes, then the parts that they make, and so on; gives the number of communities. */
function climb(levels: Levels, communities: usize, rate: f64, key: u64): u32 {
  const tables = levels.tables;
  const rows = levels.given.nodes;
  let graph = levels.given;
  memory.copy(tables.part, communities, <usize>rows << 2);
  moveNodes(graph, tables, rate, key);
  let count = renumber(tables, rows);
  memory.copy(communities, tables.part, <usize>rows << 2);
  for (let depth: u64 = 1; count < graph.nodes; depth++) {
    const next = depth & 1 ? levels.odd : levels.even;
    aggregate(graph, tables, count, next);
    graph = next;
    for (let i: u32 = 0; i < count; i++) putInt(tables.part, i, i);
    if (!moveNodes(graph, tables, rate, key + (depth << 40))) break;
    count = renumber(tables, graph.nodes);
    for (let i: u32 = 0; i < rows; i++) putInt(communities, i, intAt(tables.part, intAt(communities, i)));
  }
  return count;
}
