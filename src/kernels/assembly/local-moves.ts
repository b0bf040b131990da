/**
 * Moving single nodes of a graph between parts while that raises the modularity; see communities.ts for the gain.
 *
 * Nodes are visited in random order. As in Leiden's fast local moving (Traag et al. 2019, section A.1), a node is looked at
 * again only when a neighbour has left for another part than its own.
 */
import { floatAt, intAt, Level, putFloat, putInt, Tables, weightAt } from "./graph-level";

/** Most passes over the nodes; each but the last moves one node in 2,000 at least. */
const MOST_PASSES: u32 = 100;

/** A pass that moves fewer than one node in so many is the last. */
const FEW: u32 = 2000;

/** Gains that differ by less than this share of a node's degree are equal: what rounding may do must not move it to and fro. */
const ROUNDING: f64 = 1e-12;

/** Random 64 bits from a counter (the finalizer of splitmix64, Steele et al. 2014). */
// @ts-ignore: decorator
@inline
function randomAt(key: u64, counter: u64): u64 {
  let x = key + counter * 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/** Fills `order` with 0..n-1, shuffled (Fisher and Yates); the same for the same key and counter. */
export function shuffle(order: usize, n: u32, key: u64, counter: u64): void {
  for (let i: u32 = 0; i < n; i++) putInt(order, i, i);
  const own = randomAt(key, counter);
  for (let last = n - 1; <i32>last > 0; last--) {
    const other = <u32>(((randomAt(own, last) >> 32) * (<u64>last + 1)) >> 32);
    const value = intAt(order, last);
    putInt(order, last, intAt(order, other));
    putInt(order, other, value);
  }
}

/**
 * Moves nodes between the parts in `tables.part` until a pass moves hardly any.
 *
 * @param rate resolution / 2m
 * @returns whether any node moved
 */
export function moveNodes(graph: Level, tables: Tables, rate: f64, key: u64): bool {
  const n = graph.nodes;
  memory.fill(tables.volumes, 0, <usize>n << 3);
  for (let i: u32 = 0; i < n; i++) {
    const part = intAt(tables.part, i);
    putFloat(tables.volumes, part, floatAt(tables.volumes, part) + floatAt(graph.degrees, i));
    store<u8>(tables.waiting + i, 1);
  }
  let any = false;
  for (let pass: u32 = 0; pass < MOST_PASSES; pass++) {
    shuffle(tables.order, n, key, pass);
    let moved: u32 = 0;
    for (let i: u32 = 0; i < n; i++) {
      const node = intAt(tables.order, i);
      if (load<u8>(tables.waiting + node) === 0) continue;
      store<u8>(tables.waiting + node, 0);
      if (moveNode(graph, tables, rate, node)) moved++;
    }
    if (moved > 0) any = true;
    if (moved === 0 || moved < n / FEW) break;
  }
  return any;
}

/** Moves a node, if that adds anything, and has its neighbours in other parts looked at. */
export function moveNode(graph: Level, tables: Tables, rate: f64, node: u32): bool {
  const own = intAt(tables.part, node);
  const best = moveToBest(graph, tables, rate, node);
  if (best === own) return false;
  for (let e = intAt(graph.starts, node), end = intAt(graph.starts, node + 1); e < end; e++) {
    const other = intAt(graph.columns, e);
    if (intAt(tables.part, other) !== best) store<u8>(tables.waiting + other, 1);
  }
  return true;
}

/** Moves a node to the part of a neighbour where it adds most, or leaves it; gives its part. */
function moveToBest(graph: Level, tables: Tables, rate: f64, node: u32): u32 {
  const own = intAt(tables.part, node);
  const degree = floatAt(graph.degrees, node);
  const nTouched = weigh(graph, tables, node);
  putFloat(tables.volumes, own, floatAt(tables.volumes, own) - degree);
  const pull = rate * degree;
  let best = own;
  let most = floatAt(tables.weights, own) - pull * floatAt(tables.volumes, own) + ROUNDING * degree;
  for (let i: u32 = 0; i < nTouched; i++) {
    const part = intAt(tables.touched, i);
    const gain = floatAt(tables.weights, part) - pull * floatAt(tables.volumes, part);
    if (gain > most) {
      most = gain;
      best = part;
    }
    putFloat(tables.weights, part, 0);
  }
  putFloat(tables.volumes, best, floatAt(tables.volumes, best) + degree);
  putInt(tables.part, node, best);
  return best;
}

/** Writes the weight between a node and each part to `tables.weights`; gives the number of parts in `tables.touched`. */
// @ts-ignore: decorator
@inline
function weigh(graph: Level, tables: Tables, node: u32): u32 {
  let nTouched: u32 = 0;
  for (let e = intAt(graph.starts, node), end = intAt(graph.starts, node + 1); e < end; e++) {
    const other = intAt(graph.columns, e);
    const weight = weightAt(graph, e);
    if (other === node || weight === 0) continue;
    const part = intAt(tables.part, other);
    const sum = floatAt(tables.weights, part);
    if (sum === 0) putInt(tables.touched, nTouched++, part);
    putFloat(tables.weights, part, sum + weight);
  }
  return nTouched;
}

/** Numbers the parts from 0 without gaps, in the order of their first nodes; gives how many there are. */
export function renumber(tables: Tables, n: u32): u32 {
  const numbers = tables.touched;
  memory.fill(numbers, 0, <usize>n << 2);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const part = intAt(tables.part, i);
    if (intAt(numbers, part) === 0) putInt(numbers, part, ++count);
    putInt(tables.part, i, intAt(numbers, part) - 1);
  }
  return count;
}
